//! Frozen recurrent layers: all gates of a vector of hidden numbers at once, with their sums in registers.
//!
//! A step costs the same alone and in a sequence, and gives the same bits.

use nn_shape::{Cell, Recurrence, Sequence};

use super::run::LayerOperands;
use crate::Float;
use crate::kernels::Passage;
use crate::kernels::recurrent_gates::{Direction, States, advance, through};
use crate::simd::{Vector, apart};

/// Where the sum of each gate goes: of the input's part, and of the hidden numbers', which stays by itself in the GRU's new gate.
const fn place(gates: usize, gate: usize, is_hidden: bool) -> usize {
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

/// Lanes of the vectors that a direction runs on.
fn lanes<V: Vector>(sequence: &Sequence) -> usize {
    if sequence.is_narrow() { V::Narrow::LANES } else { V::LANES }
}

/// Packs the weights of all directions: for each group of vectors of hidden numbers the biases, then, number by number of the input and of the hidden
/// numbers, the weights of all gates.
#[inline(never)]
pub(super) fn pack<V: Vector>(recurrence: &Recurrence, sources: &[&[V::Element]], packed: &mut [V::Element]) {
    let mut rest = packed;
    for layer in 0..recurrence.layers {
        for direction in 0..recurrence.directions {
            let sequence = recurrence.sequence(layer, direction);
            let first = 4 * (layer * recurrence.directions + direction);
            let (own, behind) = core::mem::take(&mut rest).split_at_mut(sequence.packed());
            let mut writer = own.chunks_exact_mut(lanes::<V>(&sequence));
            pack_direction(&sequence, &sources[first..first + 4], lanes::<V>(&sequence), &mut writer);
            rest = behind;
        }
    }
}

fn pack_direction<'a, E: Float>(
    sequence: &Sequence,
    sources: &[&[E]],
    lanes: usize,
    vectors: &mut impl Iterator<Item = &'a mut [E]>,
) {
    let &Sequence { cell, hidden, input, .. } = sequence;
    let [weight_input, weight_hidden, bias_input, bias_hidden] = [sources[0], sources[1], sources[2], sources[3]];
    let mut first = 0;
    while first < hidden {
        let group = || (first..hidden).step_by(lanes).take(together((hidden - first).div_ceil(lanes)));
        let mut next = |first: usize, value: &dyn Fn(usize) -> E| {
            let Some(to) = vectors.next() else { return };
            for (lane, to) in to.iter_mut().enumerate().take(hidden - first) {
                *to = value(first + lane);
            }
        };
        for first in group() {
            for sum in 0..sequence.sums() {
                next(first, &|number| {
                    let mut bias = E::ZERO;
                    for gate in 0..cell.gates() {
                        for (biases, is_hidden) in [(bias_input, false), (bias_hidden, true)] {
                            if place(cell.gates(), gate, is_hidden) == sum && !biases.is_empty() {
                                bias += biases[gate * hidden + number];
                            }
                        }
                    }
                    bias
                });
            }
        }
        for (weight, len) in [(weight_input, input), (weight_hidden, hidden)] {
            for column in 0..len {
                for first in group() {
                    for gate in 0..cell.gates() {
                        next(first, &|number| weight[(gate * hidden + number) * len + column]);
                    }
                }
            }
        }
        first += group().count() * lanes;
    }
}

/// One sample through all layers and directions.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    recurrence: &Recurrence,
    reads: usize,
    writes: usize,
    mut operands: LayerOperands<'_, V::Element, 3>,
    packed: &[V::Element],
) {
    let (inputs, outputs) = (&operands.reads[..reads], &mut operands.writes[..writes]);
    if const { V::Narrow::LANES < V::LANES } && recurrence.first.is_narrow() {
        through(recurrence, inputs, outputs, operands.scratch, &mut Packed::<V::Narrow> { rest: packed });
    } else {
        through(recurrence, inputs, outputs, operands.scratch, &mut Packed::<V> { rest: packed });
    }
}

/// Runs directions with packed weights, one behind the other. The machine has the vector's instruction set.
struct Packed<'a, V: Vector> {
    rest: &'a [V::Element],
}

impl<V: Vector> Direction<V::Element> for Packed<'_, V> {
    #[inline(always)]
    fn run(&mut self, _layer: usize, _direction: usize, sequence: &Sequence, passage: Passage<'_, V::Element>) {
        let (own, rest) = self.rest.split_at(sequence.packed());
        self.rest = rest;
        passage.check(sequence);
        // SAFETY: `run` vouches for the instruction set; the passage fits the sequence, and the weights are as many as it says.
        unsafe {
            match sequence.cell {
                Cell::Lstm => steps::<V, 4, 2, 1>(sequence, own, passage),
                Cell::Gru => steps::<V, 3, 2, 1>(sequence, own, passage),
                Cell::Rnn { .. } => steps::<V, 1, 4, 4>(sequence, own, passage),
            }
        }
    }
}

apart! {
    /// A single vector has each sum in `ALONE` parts, so that they wait less for each other; several at the same time have it in `PARTS`.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the passage fits the sequence, whose packed weights they are.
    unsafe fn steps<'a, V, const GATES: usize, const ALONE: usize, const PARTS: usize>(
        sequence: &'a Sequence, packed: &'a [V::Element], passage: Passage<'a, V::Element>,
    ) = steps_body;
}

/// # Safety
/// As for [`steps`].
#[inline(always)]
unsafe fn steps_body<V: Vector, const GATES: usize, const ALONE: usize, const PARTS: usize>(
    sequence: &Sequence,
    packed: &[V::Element],
    mut passage: Passage<'_, V::Element>,
) {
    let hidden = sequence.hidden;
    // As a constant where it is known.
    let cell = match GATES {
        4 => Cell::Lstm,
        3 => Cell::Gru,
        _ => sequence.cell,
    };
    // SAFETY: the caller vouches for the instruction set and for the sizes: for each group of vectors of hidden numbers there are its biases, and the
    // weights of all gates for each number of the input and of the hidden numbers.
    unsafe {
        for step in 0..sequence.steps {
            let (time, states) = passage.states(sequence, step);
            let input = passage.input.as_ptr().add(time * sequence.input);
            let mut weight = packed.as_ptr();
            let mut at = 0;
            while at < hidden {
                let group = Group { cell, states, input, inputs: sequence.input, at, hidden, weight };
                let vectors = together((hidden - at).div_ceil(V::LANES));
                match vectors {
                    1 => advance_group::<V, GATES, 1, ALONE>(&group),
                    2 => advance_group::<V, GATES, 2, ALONE>(&group),
                    _ => advance_group::<V, GATES, 3, PARTS>(&group),
                }
                let biases = if GATES == 1 { 1 } else { 4 };
                weight = weight.add(vectors * V::LANES * (biases + GATES * (sequence.input + hidden)));
                at += vectors * V::LANES;
            }
        }
    }
}

/// Vectors of hidden numbers that a step advances at the same time.
struct Group<E> {
    cell: Cell,
    states: States<E>,
    /// The step's input, and how many numbers that is.
    input: *const E,
    inputs: usize,
    /// The first of the hidden numbers.
    at: usize,
    hidden: usize,
    /// Biases and weights.
    weight: *const E,
}

/// # Safety
/// The machine has the vector's instruction set; the group has `VECTORS` vectors, and the memory that it tells of is there.
#[inline(always)]
unsafe fn advance_group<V: Vector, const GATES: usize, const VECTORS: usize, const PARTS: usize>(
    group: &Group<V::Element>,
) {
    let biases = if GATES == 1 { 1 } else { 4 };
    // SAFETY: passed on to the caller.
    unsafe {
        let mut sums = [[[V::splat(V::Element::ZERO); 4]; VECTORS]; PARTS];
        let mut weight = group.weight;
        for vector in 0..VECTORS {
            for sum in 0..biases {
                sums[0][vector][sum] = V::load(weight.add((vector * biases + sum) * V::LANES));
            }
        }
        weight = weight.add(VECTORS * biases * V::LANES);
        weight = add_products::<V, GATES, VECTORS, PARTS>(&mut sums, false, weight, group.input, group.inputs);
        // Zeros in front of the first step.
        if !group.states.h.is_null() {
            add_products::<V, GATES, VECTORS, PARTS>(&mut sums, true, weight, group.states.h, group.hidden);
        }
        let mut parts = PARTS;
        while parts > 1 {
            parts /= 2;
            for part in 0..parts {
                for vector in 0..VECTORS {
                    for sum in 0..4 {
                        sums[part][vector][sum] = sums[part][vector][sum].add(sums[part + parts][vector][sum]);
                    }
                }
            }
        }
        for vector in 0..VECTORS {
            advance(group.cell, sums[0][vector], &group.states, group.at + vector * V::LANES, group.hidden);
        }
    }
}

/// Adds the products of `len` numbers; gives where the weights end.
///
/// # Safety
/// The machine has the vector's instruction set; there are `len` numbers, and weights of all gates for each.
#[inline(always)]
unsafe fn add_products<V: Vector, const GATES: usize, const VECTORS: usize, const PARTS: usize>(
    sums: &mut [[[V; 4]; VECTORS]; PARTS],
    is_hidden: bool,
    mut weight: *const V::Element,
    mut numbers: *const V::Element,
    len: usize,
) -> *const V::Element {
    // SAFETY: passed on to the caller.
    unsafe {
        for _ in 0..len / PARTS {
            for part in 0..PARTS {
                let number = V::splat(*numbers.add(part));
                for vector in 0..VECTORS {
                    for gate in 0..GATES {
                        let factor = V::load(weight.add(((part * VECTORS + vector) * GATES + gate) * V::LANES));
                        let sum = &mut sums[part][vector][place(GATES, gate, is_hidden)];
                        *sum = sum.add_product(number, factor);
                    }
                }
            }
            weight = weight.add(PARTS * VECTORS * GATES * V::LANES);
            numbers = numbers.add(PARTS);
        }
        for _ in 0..len % PARTS {
            let number = V::splat(*numbers);
            for vector in 0..VECTORS {
                for gate in 0..GATES {
                    let sum = &mut sums[0][vector][place(GATES, gate, is_hidden)];
                    *sum = sum.add_product(number, V::load(weight.add((vector * GATES + gate) * V::LANES)));
                }
            }
            weight = weight.add(VECTORS * GATES * V::LANES);
            numbers = numbers.add(1);
        }
        weight
    }
}
