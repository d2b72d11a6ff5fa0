//! The passes of recurrent layers through all layers and directions.

use nn_shape::{Recurrent, Sequence};
use rand_core::Rng;

use super::recurrent::Stack;
use crate::kernels::recurrent_gates::{Direction, through};
use crate::kernels::{Passage, Record, StepRoom};
use crate::{Backward, Element, Forward, Gradient, Random};

/// The memory of all layers for a batch.
struct Room<'a, E> {
    batch: usize,
    config: &'a Recurrent,
    records: &'a mut [E],
    outputs: &'a mut [E],
    factors: &'a mut [E],
    step: StepRoom<'a, E>,
    /// Sequences between layers.
    between: [&'a mut [E]; 2],
}

impl<'a, E: Element> Room<'a, E> {
    fn cut(config: &'a Recurrent, batch: usize, memory: &'a mut [E]) -> Room<'a, E> {
        let one = config.sequence(0, 0);
        let sizes = config.records();
        let mut rest = memory;
        let mut next = |len: usize| {
            let (own, behind) = core::mem::take(&mut rest).split_at_mut(batch * len);
            rest = behind;
            own
        };
        let [records, outputs, factors] = sizes.map(&mut next);
        let step = StepRoom {
            gates: next(one.rows()),
            h: next(one.output),
            c: next(one.hidden),
            before: [next(one.output), next(one.hidden)],
            earlier: [next(one.output), next(one.hidden)],
            raw: [next(one.hidden), next(one.hidden)],
        };
        let between = [next(one.steps * one.width), next(one.steps * one.width)];
        Room { batch, config, records, outputs, factors, step, between }
    }
}

/// The record of one direction of one layer.
fn record<'r, E>(
    config: &Recurrent,
    batch: usize,
    records: &'r mut [E],
    layer: usize,
    direction: usize,
) -> Record<'r, E> {
    let one = config.sequence(layer, direction);
    let (len, all) = (batch * one.record(), batch * one.steps);
    let own = &mut records[(layer * config.directions + direction) * len..][..len];
    let (gates, own) = own.split_at_mut(all * one.rows());
    let (extra, raw) = own.split_at_mut(all * one.extra());
    Record { gates, extra, raw }
}

/// What a state holds for one direction of one layer: copied from, or to, `[batch, layers · directions, size]`.
fn rows<E>(values: &[E], batch: usize, all: usize, place: usize, sample: usize) -> core::ops::Range<usize> {
    let size = values.len() / (batch * all);
    let start = (sample * all + place) * size;
    start..start + size
}

/// All layers over a batch. `states` are the given ones, `finals` receives those behind the last step.
fn run<E: Element>(
    stack: &dyn Stack<E>,
    room: &mut Room<'_, E>,
    input: &[E],
    states: &[&[E]],
    finals: &mut [&mut [E]],
    random: &mut Random,
    scratch: &mut [E],
) {
    let (config, batch) = (room.config, room.batch);
    let (all, len) = (config.layers * config.directions, batch * config.steps * config.width());
    for layer in 0..config.layers {
        if layer > 0 {
            let from = &room.outputs[(layer - 1) * len..][..len];
            if config.dropout > 0.0 {
                let factors = &mut room.factors[(layer - 1) * len..][..len];
                draw(config.dropout, factors, random);
                for ((to, from), factor) in room.between[0].iter_mut().zip(from).zip(&*factors) {
                    *to = *from * *factor;
                }
            } else {
                room.between[0].copy_from_slice(from);
            }
        }
        for direction in 0..config.directions {
            let place = layer * config.directions + direction;
            for (index, to) in [&mut *room.step.h, &mut *room.step.c].into_iter().enumerate() {
                let size = to.len() / batch;
                match states.get(index) {
                    Some(state) => {
                        for sample in 0..batch {
                            let from = &state[rows(state, batch, all, place, sample)];
                            to[sample * size..][..size].copy_from_slice(from);
                        }
                    }
                    None => to.fill(E::ZERO),
                }
            }
            let input = if layer == 0 { input } else { &*room.between[0] };
            let output = &mut room.outputs[layer * len..][..len];
            let mut record = record(config, batch, room.records, layer, direction);
            let sequence = config.sequence(layer, direction);
            let weights = stack.weights(layer, direction);
            E::recurrent_forward(&sequence, batch, input, &weights, &mut record, &mut room.step, output, scratch);
            for (index, to) in finals.iter_mut().enumerate() {
                let from = if index == 0 { &*room.step.h } else { &*room.step.c };
                let size = from.len() / batch;
                for sample in 0..batch {
                    let range = rows(to, batch, all, place, sample);
                    to[range].copy_from_slice(&from[sample * size..][..size]);
                }
            }
        }
    }
}

/// What each number is multiplied by: 0, or 1 / (1 - p).
fn draw<E: Element>(p: f64, factors: &mut [E], random: &mut Random) {
    let stays = E::from_f64(if p < 1.0 { 1.0 / (1.0 - p) } else { 0.0 });
    let zeros = (p * 4_294_967_296.0) as u64;
    for factor in factors {
        *factor = if u64::from(random.next_u32()) >= zeros { stays } else { E::ZERO };
    }
}

/// Sample by sample.
pub(super) fn evaluate<E: Element>(stack: &dyn Stack<E>, config: &Recurrent, pass: Forward<'_, E>) {
    let Forward { batch, inputs, outputs, scratch, .. } = pass;
    let recurrence = config.recurrence();
    let (between, room) = scratch.split_at_mut(recurrence.between());
    let (gates, raw) = room.split_at_mut(room.len() - recurrence.first.raw());
    let (gates, own) = gates.split_at_mut(gates.len() / 2);
    let mut directions = Directions { stack, room: [gates, own, raw] };
    let (read, written) = (inputs.len(), outputs.len());
    for sample in 0..batch {
        let mut own: [&[E]; 3] = [&[]; 3];
        for (own, all) in own.iter_mut().zip(inputs) {
            let size = all.len() / batch;
            *own = &all[sample * size..][..size];
        }
        let mut results: [&mut [E]; 3] = Default::default();
        for (own, all) in results.iter_mut().zip(outputs.iter_mut()) {
            let size = all.len() / batch;
            *own = &mut all[sample * size..][..size];
        }
        through(&recurrence, &own[..read], &mut results[..written], between, &mut directions);
    }
}

/// Runs directions with the weights as they are.
struct Directions<'a, E: Element> {
    stack: &'a dyn Stack<E>,
    room: [&'a mut [E]; 3],
}

impl<E: Element> Direction<E> for Directions<'_, E> {
    fn run(&mut self, layer: usize, direction: usize, sequence: &Sequence, passage: Passage<'_, E>) {
        let weights = self.stack.weights(layer, direction);
        let [gates, own, raw] = &mut self.room;
        E::recurrent_evaluate(sequence, &weights, passage, [gates, own, raw]);
    }
}

pub(super) fn train<E: Element>(stack: &dyn Stack<E>, config: &Recurrent, first: usize, pass: Forward<'_, E>) {
    let Forward { batch, inputs, outputs, scratch, saved, random, .. } = pass;
    let mut room = Room::cut(config, batch, saved.sample);
    let (sequence, finals) = outputs.split_at_mut(first);
    run(stack, &mut room, inputs[0], &inputs[1..], finals, random, scratch);
    if let [output] = sequence {
        let len = output.len();
        output.copy_from_slice(&room.outputs[(config.layers - 1) * len..][..len]);
    }
}

pub(super) fn backward<E: Element>(
    stack: &dyn Stack<E>,
    config: &Recurrent,
    first: usize,
    pass: Backward<'_, E>,
    mut gradients: Option<&mut dyn Stack<E>>,
) {
    let Backward { batch, inputs, output_gradients, input_gradients, saved, scratch, .. } = pass;
    let mut room = Room::cut(config, batch, saved.sample);
    let (all, len) = (config.layers * config.directions, batch * config.steps * config.width());
    let (own, states) = input_gradients.split_at_mut(1);
    // The gradient of the last layer's output.
    match output_gradients[..first] {
        [output] => room.between[1].copy_from_slice(output),
        _ => room.between[1].fill(E::ZERO),
    }
    for layer in (0..config.layers).rev() {
        let [below, gradient] = &mut room.between;
        // What came in, as dropout left it.
        let (before, output) = room.outputs.split_at(layer * len);
        let output = &output[..len];
        let inner = before.len().checked_sub(len).map(|start| &before[start..]);
        let factors = (config.dropout > 0.0 && layer > 0).then(|| &room.factors[(layer - 1) * len..][..len]);
        if let Some(inner) = inner {
            match factors {
                Some(factors) => {
                    for ((to, from), factor) in below.iter_mut().zip(inner).zip(factors) {
                        *to = *from * *factor;
                    }
                }
                None => below.copy_from_slice(inner),
            }
        }
        for direction in 0..config.directions {
            let place = layer * config.directions + direction;
            let sequence = config.sequence(layer, direction);
            let finals = &output_gradients[first..];
            for (index, to) in [&mut *room.step.h, &mut *room.step.c].into_iter().enumerate() {
                gather(to, finals.get(index).copied(), batch, all, place);
            }
            let [h_before, c_before] = &mut room.step.before;
            gather(h_before, inputs.get(1).copied(), batch, all, place);
            gather(c_before, inputs.get(2).copied(), batch, all, place);
            let input = if layer == 0 { inputs[0] } else { &**below };
            let mut record = record(config, batch, room.records, layer, direction);
            let weights = stack.weights(layer, direction);
            let own_gradients = gradients.as_mut().map(|gradients| gradients.gradients(layer, direction));
            E::recurrent_backward(
                &sequence,
                batch,
                input,
                &weights,
                &mut record,
                &mut room.step,
                (output, gradient),
                own_gradients,
                scratch,
            );
            for (index, to) in states.iter_mut().enumerate() {
                let from = if index == 0 { &*room.step.h } else { &*room.step.c };
                scatter(to, from, batch, all, place);
            }
        }
        // All directions add to what came in.
        for direction in 0..config.directions {
            let sequence = config.sequence(layer, direction);
            let record = record(config, batch, room.records, layer, direction);
            let target = if layer == 0 { own[0].target() } else { Some((&mut **gradient, direction > 0)) };
            let Some((to, accumulate)) = target else { continue };
            let (steps, weight) = (batch * config.steps, stack.weights(layer, direction).input);
            E::linear_backward_input(
                steps,
                sequence.input,
                sequence.rows(),
                record.gates,
                weight,
                to,
                accumulate,
                scratch,
            );
        }
        if let (Some(factors), true) = (factors, layer > 0) {
            for (to, factor) in gradient.iter_mut().zip(factors) {
                *to *= *factor;
            }
        }
    }
}

/// `to[sample] = from[sample, place]`, or 0.
fn gather<E: Element>(to: &mut [E], from: Option<&[E]>, batch: usize, all: usize, place: usize) {
    let size = to.len() / batch;
    match from {
        Some(from) => {
            for sample in 0..batch {
                to[sample * size..][..size].copy_from_slice(&from[rows(from, batch, all, place, sample)]);
            }
        }
        None => to.fill(E::ZERO),
    }
}

/// The gradient of a given state.
fn scatter<E: Element>(to: &mut Gradient<'_, E>, from: &[E], batch: usize, all: usize, place: usize) {
    let size = from.len() / batch;
    let Some(to) = to.accumulator() else { return };
    for sample in 0..batch {
        let range = rows(to, batch, all, place, sample);
        for (to, from) in to[range].iter_mut().zip(&from[sample * size..][..size]) {
            *to += *from;
        }
    }
}
