//! One direction of one recurrent layer over a batch: forward step by step, and backwards through time.
//!
//! The inputs of all steps are multiplied at once; what remains in the loop is the product with the hidden numbers and the gates. Sequences lie
//! sample by sample, states and one step's gates side by side for the whole batch, so that each product takes the batch as a whole.

use nn_shape::{Cell, Sequence};

use super::recurrent_batch::Gates;
use super::{bias, linear};
use crate::simd::Lanes;

/// The weights of one direction of one layer, gates by gates: `[gates · hidden, input]`, `[gates · hidden, output]`.
#[derive(Clone, Copy)]
pub struct RecurrentWeights<'a, E> {
    /// For the input.
    pub input: &'a [E],
    /// For the hidden numbers.
    pub hidden: &'a [E],
    /// What is added to both products.
    pub biases: Option<[&'a [E]; 2]>,
    /// The projection `[output, hidden]`.
    pub projection: Option<&'a [E]>,
}

/// The gradients of those weights.
pub struct RecurrentGradients<'a, E> {
    /// For the input.
    pub input: &'a mut [E],
    /// For the hidden numbers.
    pub hidden: &'a mut [E],
    /// What is added to both products.
    pub biases: Option<[&'a mut [E]; 2]>,
    /// The projection.
    pub projection: Option<&'a mut [E]>,
}

/// What is kept of every step, `[batch, steps, ..]`.
pub struct Record<'a, E> {
    /// The gates; the backward pass leaves their gradients here.
    pub gates: &'a mut [E],
    /// The LSTM's cell; the hidden part of the GRU's new gate.
    pub extra: &'a mut [E],
    /// What is projected.
    pub raw: &'a mut [E],
}

/// One step of the whole batch.
pub struct StepRoom<'a, E> {
    /// `[batch, gates · hidden]`
    pub gates: &'a mut [E],
    /// The state h, or its gradient: `[batch, output]`.
    pub h: &'a mut [E],
    /// The state c, or its gradient: `[batch, hidden]`.
    pub c: &'a mut [E],
    /// The states in front of the first step: h and c.
    pub before: [&'a mut [E]; 2],
    /// Those in front of another step.
    pub earlier: [&'a mut [E]; 2],
    /// What is projected, and its gradient: `[batch, hidden]`.
    pub raw: [&'a mut [E]; 2],
}

/// Runs a direction. The room holds the states in front of the first step, and in the end those behind the last.
#[allow(clippy::too_many_arguments)]
pub(super) fn forward<E: Lanes>(
    sequence: &Sequence,
    batch: usize,
    input: &[E],
    weights: &RecurrentWeights<'_, E>,
    record: &mut Record<'_, E>,
    room: &mut StepRoom<'_, E>,
    output: &mut [E],
    scratch: &mut [E],
) {
    let Sequence { steps, hidden, output: out, .. } = *sequence;
    let (rows, biases) = (sequence.rows(), weights.biases);
    let [first, second] = [biases.map(|both| both[0]), biases.map(|both| both[1])];
    linear::forward(batch * steps, sequence.input, rows, input, weights.input, first, record.gates, scratch);
    for step in 0..steps {
        let time = if sequence.reverse { steps - 1 - step } else { step };
        linear::forward(batch, out, rows, room.h, weights.hidden, second, room.gates, scratch);
        let to = if sequence.projects { &mut *room.raw[0] } else { &mut *room.h };
        Gates { sequence, batch, time, gates: record.gates, own: room.gates, extra: record.extra, h: to, c: room.c }
            .advance();
        if let Some(projection) = weights.projection {
            put(record.raw, room.raw[0], (batch, steps, time), (hidden, 0, hidden));
            linear::forward(batch, hidden, out, room.raw[0], projection, None, room.h, scratch);
        }
        put(output, room.h, (batch, steps, time), (sequence.width, sequence.first, out));
    }
}

/// Writes one step of each sample: `to[sample, time, first..first + len] = from[sample]`.
fn put<E: Copy>(
    to: &mut [E],
    from: &[E],
    (batch, steps, time): (usize, usize, usize),
    (width, first, len): (usize, usize, usize),
) {
    for sample in 0..batch {
        to[(sample * steps + time) * width + first..][..len].copy_from_slice(&from[sample * len..][..len]);
    }
}

/// Reads one step of each sample.
fn take<E: Copy>(
    from: &[E],
    to: &mut [E],
    (batch, steps, time): (usize, usize, usize),
    (width, first, len): (usize, usize, usize),
) {
    for sample in 0..batch {
        to[sample * len..][..len].copy_from_slice(&from[(sample * steps + time) * width + first..][..len]);
    }
}

/// Runs a direction backwards, but for the gradient of its input, for which `record.gates` holds those of the gates in the end. The room holds the
/// gradients of the states behind the last step, and in the end those of the states in front of the first; `before` the states in front of the first
/// step. `outputs` are what the forward pass gave, and its gradient.
#[allow(clippy::too_many_arguments)]
pub(super) fn backward<E: Lanes>(
    sequence: &Sequence,
    batch: usize,
    input: &[E],
    weights: &RecurrentWeights<'_, E>,
    record: &mut Record<'_, E>,
    room: &mut StepRoom<'_, E>,
    outputs: (&[E], &[E]),
    gradients: Option<RecurrentGradients<'_, E>>,
    scratch: &mut [E],
) {
    let Sequence { steps, hidden, output: out, width, first, .. } = *sequence;
    let rows = sequence.rows();
    let (output, output_gradient) = outputs;
    let mut gradients = gradients;
    for step in (0..steps).rev() {
        let at = |step: usize| if sequence.reverse { steps - 1 - step } else { step };
        let time = at(step);
        for sample in 0..batch {
            let from = &output_gradient[(sample * steps + time) * width + first..][..out];
            for (to, from) in room.h[sample * out..][..out].iter_mut().zip(from) {
                *to += *from;
            }
        }
        if let Some(step) = step.checked_sub(1) {
            let [h, c] = &mut room.earlier;
            take(output, h, (batch, steps, at(step)), (width, first, out));
            if sequence.cell == Cell::Lstm {
                take(record.extra, c, (batch, steps, at(step)), (hidden, 0, hidden));
            }
        }
        if let Some(projection) = weights.projection {
            let [raw, raw_gradient] = &mut room.raw;
            take(record.raw, raw, (batch, steps, time), (hidden, 0, hidden));
            if let Some(to) = gradients.as_mut().and_then(|gradients| gradients.projection.as_deref_mut()) {
                linear::backward_weight(batch, hidden, out, raw, room.h, to, true, scratch);
            }
            linear::backward_input(batch, hidden, out, room.h, projection, raw_gradient, false, scratch);
        }
        let inner = if sequence.projects { &mut *room.raw[1] } else { &mut *room.h };
        let [h_before, c_before] = if step == 0 { &room.before } else { &room.earlier };
        let (gates, extra) = (&mut *record.gates, &mut *record.extra);
        Gates { sequence, batch, time, gates, own: room.gates, extra, h: inner, c: room.c }
            .retreat([h_before, c_before]);
        if let Some(gradients) = &mut gradients {
            linear::backward_weight(batch, out, rows, h_before, room.gates, gradients.hidden, true, scratch);
            if let Some([_, second]) = &mut gradients.biases {
                bias::backward(rows, 1, batch, room.gates, second);
            }
        }
        let adds = sequence.cell == Cell::Gru;
        linear::backward_input(batch, out, rows, room.gates, weights.hidden, room.h, adds, scratch);
    }
    let all = batch * steps;
    if let Some(gradients) = gradients {
        linear::backward_weight(all, sequence.input, rows, input, record.gates, gradients.input, true, scratch);
        if let Some([own, _]) = gradients.biases {
            bias::backward(rows, 1, all, record.gates, own);
        }
    }
}
