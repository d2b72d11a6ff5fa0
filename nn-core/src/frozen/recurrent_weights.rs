//! How hidden numbers are cut into vectors, and the order of their packed weights.

use nn_shape::{Recurrence, Sequence};

use crate::Float;
use crate::kernels::recurrent_gates::scale;
use crate::simd::Vector;

/// Where the sum of each gate goes: of the input's part, and of the hidden numbers', which stays by itself in the GRU's new gate.
pub(super) const fn place(gates: usize, gate: usize, is_hidden: bool) -> usize {
    if gates == 3 && gate == 2 && is_hidden { 3 } else { gate }
}

/// Of so many vectors of hidden numbers, how many are done at the same time: each number of the input is loaded once for them, and their sums stay in
/// registers.
const fn together(vectors: usize) -> usize {
    match vectors {
        4 => 2,
        0..=3 => vectors,
        _ => 3,
    }
}

/// How the hidden numbers from some number on lie: vectors that have one for each gate, then vectors that the gates of the last numbers share.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) vectors: usize,
    pub(super) shared: usize,
}

impl Cut {
    /// Those that are done next, of so many hidden numbers, in vectors of so many lanes.
    pub(super) const fn next(gates: usize, left: usize, lanes: usize, shares: bool) -> Cut {
        let rest = left % lanes;
        let shared = match rest {
            0 => 0,
            _ if gates == 1 || !shares || 2 * rest > lanes => 0,
            _ if 4 * rest > lanes => 2,
            _ => 1,
        };
        let whole = if shared > 0 { left / lanes } else { left.div_ceil(lanes) };
        // The last numbers go with no more vectors than there are registers for.
        if whole > 2 { Cut { vectors: together(whole), shared: 0 } } else { Cut { vectors: whole, shared } }
    }

    /// Lanes that a gate has in a shared vector.
    const fn share(self, lanes: usize) -> usize {
        lanes * self.shared / 4
    }

    /// Hidden numbers.
    pub(super) const fn numbers(self, lanes: usize) -> usize {
        self.vectors * lanes + self.share(lanes)
    }
}

/// Lanes of a shared vector to which a number's products are added: the parts of the GRU's new gate have sums of their own.
pub(super) const fn lanes_of(gates: usize, shared: usize, vector: usize, is_hidden: bool, lanes: usize) -> u16 {
    let all = ((1_u32 << lanes) - 1) as u16;
    let share = lanes * shared / 4;
    // The part that the other number's products go to.
    let other = if is_hidden { 2 } else { 3 };
    if gates != 3 || other * share / lanes != vector {
        return all;
    }
    all & !((((1_u32 << share) - 1) << (other * share % lanes)) as u16)
}

/// Lanes of the vectors that a direction runs on.
fn lanes<V: Vector>(sequence: &Sequence) -> usize {
    if is_narrow::<V>(sequence) { V::Narrow::LANES } else { V::LANES }
}

/// Whether a direction runs on vectors of half as many lanes: not where all gates share one.
#[inline(always)]
pub(super) const fn is_narrow<V: Vector>(sequence: &Sequence) -> bool {
    sequence.is_narrow() && (!V::SHARES || sequence.cell.gates() == 1)
}

/// Packs the weights of all directions: for each group of vectors of hidden numbers the biases, then, number by number of the input and of the hidden
/// numbers, the weights of all gates, each times the [`scale`] of its sum.
#[inline(never)]
pub(super) fn pack<V: Vector>(recurrence: &Recurrence, sources: &[&[V::Element]], packed: &mut [V::Element]) {
    let mut rest = packed;
    for layer in 0..recurrence.layers {
        for direction in 0..recurrence.directions {
            let sequence = recurrence.sequence(layer, direction);
            let first = 4 * (layer * recurrence.directions + direction);
            let (own, behind) = core::mem::take(&mut rest).split_at_mut(sequence.packed());
            pack_direction::<V>(&sequence, &sources[first..first + 4], own);
            rest = behind;
        }
    }
}

fn pack_direction<V: Vector>(sequence: &Sequence, sources: &[&[V::Element]], packed: &mut [V::Element]) {
    let &Sequence { cell, hidden, input, .. } = sequence;
    let (gates, lanes) = (cell.gates(), lanes::<V>(sequence));
    let [weight_input, weight_hidden, bias_input, bias_hidden] = [sources[0], sources[1], sources[2], sources[3]];
    let scaled = |value: f64, sum: usize| V::Element::from_f64(value * scale::<V>(cell, sum));
    let bias = |sum: usize, number: usize| {
        let mut bias = V::Element::ZERO;
        for gate in 0..gates {
            for (biases, is_hidden) in [(bias_input, false), (bias_hidden, true)] {
                if place(gates, gate, is_hidden) == sum && !biases.is_empty() {
                    bias += biases[gate * hidden + number];
                }
            }
        }
        scaled(bias.to_f64(), sum)
    };
    let mut vectors = packed.chunks_exact_mut(lanes);
    let mut first = 0;
    while first < hidden {
        let cut = Cut::next(gates, hidden - first, lanes, V::SHARES);
        // A row of numbers for each of so many sums: vectors one by one, then what shares some, where rows of all sums lie side by side.
        let mut next = |rows: usize, is_hidden: bool, value: &dyn Fn(usize, usize) -> V::Element| {
            for vector in 0..cut.vectors {
                for row in 0..rows {
                    let Some(to) = vectors.next() else { return };
                    let from = first + vector * lanes;
                    for (lane, to) in to.iter_mut().enumerate().take(hidden - from) {
                        *to = value(place(gates, row, is_hidden), from + lane);
                    }
                }
            }
            let from = first + cut.vectors * lanes;
            for vector in 0..cut.shared {
                let Some(to) = vectors.next() else { return };
                for (lane, to) in to.iter_mut().enumerate() {
                    let (sum, number) = ((vector * lanes + lane) / cut.share(lanes), lane % cut.share(lanes));
                    if from + number < hidden {
                        *to = value(sum, from + number);
                    }
                }
            }
        };
        next(sequence.sums(), false, &bias);
        for (weight, len, is_hidden) in [(weight_input, input, false), (weight_hidden, hidden, true)] {
            for column in 0..len {
                next(gates, is_hidden, &|sum, number| {
                    let gate = (0..gates).find(|gate| place(gates, *gate, is_hidden) == sum);
                    let weight = gate.map_or(0.0, |gate| weight[(gate * hidden + number) * len + column].to_f64());
                    scaled(weight, sum)
                });
            }
        }
        first += cut.numbers(lanes);
    }
}
