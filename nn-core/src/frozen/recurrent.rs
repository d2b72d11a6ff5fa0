//! Frozen recurrent layers: all gates of a vector of hidden numbers at once, with their sums in registers.
//!
//! The last hidden numbers, fewer than a vector, have their gates side by side in one vector or two: a step waits for its products and loads.
//!
//! A step costs the same alone and in a sequence, and gives the same bits.

use core::marker::PhantomData;

use nn_shape::{Cell, Recurrence, Sequence};

use super::recurrent_weights::{Cut, is_narrow, lanes_of, place};
use super::run::LayerOperands;
use crate::Float;
use crate::kernels::Passage;
use crate::kernels::recurrent_gates::{Direction, Places, advance, advance_shared, through};
use crate::simd::{Vector, apart};

/// What the code of a recurrent layer is compiled for.
pub(super) trait Known {
    /// Gates of its cell.
    const GATES: usize;
    /// One layer; or all that there are, each cut as a function of its own.
    const LAYER: Option<Recurrence>;
}

/// All layers whose cells have so many gates.
pub(super) struct Every<const GATES: usize>;

impl<const GATES: usize> Known for Every<GATES> {
    const GATES: usize = GATES;
    const LAYER: Option<Recurrence> = None;
}

/// Whether there is a layer whose directions run on half as many lanes, if `narrow`, or on all.
const fn has_width<K: Known, V: Vector>(narrow: bool) -> bool {
    match K::LAYER {
        Some(layer) => is_narrow::<V>(&layer.first) == narrow,
        None => !narrow || V::Narrow::LANES < V::LANES,
    }
}

/// Whether there is a layer of which a part is cut like that.
const fn has_cut<K: Known, V: Vector>(gates: usize, vectors: usize, shared: usize) -> bool {
    let Some(layer) = K::LAYER else { return V::SHARES || shared == 0 };
    let mut at = 0;
    while at < layer.first.hidden {
        let cut = Cut::next(gates, layer.first.hidden - at, V::LANES, V::SHARES);
        if cut.vectors == vectors && cut.shared == shared {
            return true;
        }
        at += cut.numbers(V::LANES);
    }
    false
}

/// One sample through all layers and directions.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn run<V: Vector, K: Known>(
    recurrence: &Recurrence,
    operands: LayerOperands<'_, V::Element, 3>,
    packed: &[V::Element],
) {
    if const { has_width::<K, V>(true) } && is_narrow::<V>(&recurrence.first) {
        run_on::<V::Narrow, K>(recurrence, operands, packed);
    } else if const { has_width::<K, V>(false) } {
        run_on::<V, K>(recurrence, operands, packed);
    }
}

#[inline(always)]
fn run_on<V: Vector, K: Known>(
    recurrence: &Recurrence,
    mut operands: LayerOperands<'_, V::Element, 3>,
    packed: &[V::Element],
) {
    let [reads, writes] = operands.counts;
    if recurrence.layers * recurrence.directions > 1 {
        let mut packed = Packed::<V, K> { rest: packed, known: PhantomData };
        let (inputs, outputs) = (&operands.reads[..reads], &mut operands.writes[..writes]);
        return through(recurrence, inputs, outputs, operands.scratch, &mut packed);
    }
    // One direction reads and writes where the caller says.
    let [output, second, third] = operands.writes;
    let (h, c): (&mut [V::Element], &mut [V::Element]) = match recurrence.first.cell {
        Cell::Lstm if writes == 2 => (&mut [], second),
        _ => (second, third),
    };
    let before = [operands.reads[1], operands.reads[2]];
    run_direction::<V, K>(&recurrence.first, packed, Passage { input: operands.reads[0], before, output, h, c });
}

/// The machine has the vector's instruction set.
#[inline(always)]
fn run_direction<V: Vector, K: Known>(sequence: &Sequence, packed: &[V::Element], passage: Passage<'_, V::Element>) {
    passage.check(sequence);
    assert!(packed.len() >= sequence.packed(), "the weights of a recurrent layer");
    // SAFETY: `run` vouches for the instruction set; the passage fits the sequence, and the weights are as many as it says.
    unsafe {
        match sequence.cell {
            Cell::Lstm if const { K::GATES == 4 } => steps::<V, 4, K>(sequence, packed, passage),
            Cell::Gru if const { K::GATES == 3 } => steps::<V, 3, K>(sequence, packed, passage),
            Cell::Rnn { .. } if const { K::GATES == 1 } => steps::<V, 1, K>(sequence, packed, passage),
            _ => unreachable!("the code is that of another cell"),
        }
    }
}

/// Runs directions with packed weights, one behind the other. The machine has the vector's instruction set.
struct Packed<'a, V: Vector, K> {
    rest: &'a [V::Element],
    known: PhantomData<K>,
}

impl<V: Vector, K: Known> Direction<V::Element> for Packed<'_, V, K> {
    #[inline(always)]
    fn run(&mut self, _layer: usize, _direction: usize, sequence: &Sequence, passage: Passage<'_, V::Element>) {
        let (own, rest) = self.rest.split_at(sequence.packed());
        self.rest = rest;
        run_direction::<V, K>(sequence, own, passage);
    }
}

/// # Safety
/// The machine has the vector's instruction set; the passage fits the sequence, whose packed weights they are.
#[inline(always)]
unsafe fn steps<V: Vector, const GATES: usize, K: Known>(
    sequence: &Sequence,
    packed: &[V::Element],
    mut passage: Passage<'_, V::Element>,
) {
    let &Sequence { cell, hidden, input: inputs, steps, .. } = sequence;
    let (sums, columns) = (if GATES == 1 { 1 } else { 4 }, inputs + hidden);
    // SAFETY: the caller vouches for the instruction set and for the sizes: for each group of vectors of hidden numbers there are its biases, and the
    // weights of all gates for each number of the input and of the hidden numbers.
    unsafe {
        let (places, input) = (passage.places(sequence), passage.input.as_ptr());
        let weight = packed.as_ptr();
        let mut group = Group { cell, places, input, inputs, at: 0, hidden, weight, first: 0, steps };
        let mut cut = Cut::next(GATES, hidden, V::LANES, V::SHARES);
        if cut.numbers(V::LANES) >= hidden {
            return run_group::<V, GATES, K>(cut, &group);
        }
        for step in 0..steps {
            group = Group { at: 0, weight, first: step, steps: 1, ..group };
            while group.at < hidden {
                cut = Cut::next(GATES, hidden - group.at, V::LANES, V::SHARES);
                run_group::<V, GATES, K>(cut, &group);
                let rows = cut.vectors * (sums + GATES * columns) + cut.shared * (1 + columns);
                group.weight = group.weight.add(rows * V::LANES);
                group.at += cut.numbers(V::LANES);
            }
        }
    }
}

/// Few sums are taken in parts, so that they wait less for each other.
///
/// # Safety
/// The machine has the vector's instruction set; the group is of that cut, and the memory that it tells of is there.
#[inline(always)]
unsafe fn run_group<V: Vector, const GATES: usize, K: Known>(cut: Cut, group: &Group<V::Element>) {
    macro_rules! cuts {
        ($sums:literal: $($vectors:literal $shared:literal $parts:literal),*) => {
            match (cut.vectors, cut.shared) {
                $(($vectors, $shared) if const { has_cut::<K, V>(GATES, $vectors, $shared) } => {
                    // SAFETY: passed on to the caller.
                    unsafe {
                        if const { K::LAYER.is_none() } {
                            advance_group::<V, GATES, $sums, $vectors, $shared, $parts>(group)
                        } else {
                            advance_group_body::<V, GATES, $sums, $vectors, $shared, $parts>(group)
                        }
                    }
                })*
                _ => unreachable!("hidden numbers are not cut like that"),
            }
        };
    }
    if const { GATES == 1 } {
        cuts!(1: 1 0 4, 2 0 4, 3 0 4);
    } else {
        cuts!(4: 1 0 2, 2 0 1, 3 0 1, 0 1 4, 0 2 4, 1 1 2, 1 2 2, 2 1 1, 2 2 1);
    }
}

/// Vectors of hidden numbers that a step advances at the same time.
#[derive(Clone, Copy)]
struct Group<E> {
    cell: Cell,
    places: Places<E>,
    /// The input, and how many numbers that is at each step.
    input: *const E,
    inputs: usize,
    /// The first of the hidden numbers.
    at: usize,
    hidden: usize,
    /// Biases and weights.
    weight: *const E,
    /// The first step, and how many.
    first: usize,
    steps: usize,
}

apart! {
    /// # Safety
    /// The machine has the vector's instruction set; the group has `VECTORS` vectors of its own and `SHARED` shared ones, and the memory that it tells of
    /// is there.
    unsafe fn advance_group<'a, V, const GATES: usize, const SUMS: usize, const VECTORS: usize, const SHARED: usize, const PARTS: usize>(
        group: &'a Group<V::Element>,
    ) = advance_group_body;
}

/// # Safety
/// As for [`advance_group`].
#[inline(always)]
unsafe fn advance_group_body<
    V: Vector,
    const GATES: usize,
    const SUMS: usize,
    const VECTORS: usize,
    const SHARED: usize,
    const PARTS: usize,
>(
    group: &Group<V::Element>,
) {
    let &Group { cell, places, input, inputs, at, hidden, .. } = group;
    // As a constant where it is known.
    let cell = match GATES {
        4 => Cell::Lstm,
        3 => Cell::Gru,
        _ => cell,
    };
    // SAFETY: passed on to the caller.
    unsafe {
        for step in group.first..group.first + group.steps {
            let (time, states) = places.states(step);
            let zero = V::splat(V::Element::ZERO);
            let mut sums = Sums { own: [[[zero; SUMS]; VECTORS]; PARTS], shared: [[zero; SHARED]; PARTS] };
            let mut weight = group.weight;
            for vector in 0..VECTORS {
                for sum in 0..SUMS {
                    sums.own[0][vector][sum] = V::load(weight.add((vector * SUMS + sum) * V::LANES));
                }
            }
            weight = weight.add(VECTORS * SUMS * V::LANES);
            for vector in 0..SHARED {
                sums.shared[0][vector] = V::load(weight.add(vector * V::LANES));
            }
            weight = weight.add(SHARED * V::LANES);
            weight = sums.add_products::<GATES>(false, weight, input.add(time * inputs), inputs);
            // Zeros in front of the first step.
            if !states.h.is_null() {
                sums.add_products::<GATES>(true, weight, states.h, hidden);
            }
            sums.join();
            for vector in 0..VECTORS {
                let at = at + vector * V::LANES;
                // In front of shared ones all are full.
                let count = if SHARED > 0 { V::LANES } else { (hidden - at).min(V::LANES) };
                let own = sums.own[0][vector];
                advance(cell, core::array::from_fn(|sum| own[sum % SUMS]), &states, at, count);
            }
            if const { SHARED > 0 } {
                let at = at + VECTORS * V::LANES;
                advance_shared(cell, sums.shared[0], &states, at, (hidden - at).min(V::LANES * SHARED / 4));
            }
        }
    }
}

/// What a group of vectors adds up, in parts.
struct Sums<V, const SUMS: usize, const VECTORS: usize, const SHARED: usize, const PARTS: usize> {
    own: [[[V; SUMS]; VECTORS]; PARTS],
    shared: [[V; SHARED]; PARTS],
}

impl<V: Vector, const SUMS: usize, const VECTORS: usize, const SHARED: usize, const PARTS: usize>
    Sums<V, SUMS, VECTORS, SHARED, PARTS>
{
    /// Adds the products of `len` numbers; gives where the weights end.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; there are `len` numbers, and weights of all gates for each.
    #[inline(always)]
    unsafe fn add_products<const GATES: usize>(
        &mut self,
        is_hidden: bool,
        mut weight: *const V::Element,
        numbers: *const V::Element,
        len: usize,
    ) -> *const V::Element {
        let (row, whole) = ((VECTORS * GATES + SHARED) * V::LANES, len / PARTS * PARTS);
        // SAFETY: passed on to the caller.
        unsafe {
            for first in (0..whole).step_by(PARTS) {
                for part in 0..PARTS {
                    self.add_row::<GATES>(part, is_hidden, weight.add(part * row), *numbers.add(first + part));
                }
                weight = weight.add(PARTS * row);
            }
            for place in whole..len {
                self.add_row::<GATES>(0, is_hidden, weight, *numbers.add(place));
                weight = weight.add(row);
            }
        }
        weight
    }

    /// Adds the products of one number.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; there are weights of all gates.
    #[inline(always)]
    unsafe fn add_row<const GATES: usize>(
        &mut self,
        part: usize,
        is_hidden: bool,
        weight: *const V::Element,
        number: V::Element,
    ) {
        // SAFETY: passed on to the caller.
        unsafe {
            let number = V::splat(number);
            for vector in 0..VECTORS {
                for gate in 0..GATES {
                    let sum = &mut self.own[part][vector][place(GATES, gate, is_hidden)];
                    *sum = sum.add_product(number, V::load(weight.add((vector * GATES + gate) * V::LANES)));
                }
            }
            for vector in 0..SHARED {
                let factor = V::load(weight.add((VECTORS * GATES + vector) * V::LANES));
                let sum = &mut self.shared[part][vector];
                let lanes = lanes_of(GATES, SHARED, vector, is_hidden, V::LANES);
                *sum = if lanes == lanes_of(4, SHARED, vector, is_hidden, V::LANES) {
                    sum.add_product(number, factor)
                } else {
                    sum.add_product_in(number, factor, lanes)
                };
            }
        }
    }

    /// Adds all parts to the first.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn join(&mut self) {
        let mut parts = PARTS;
        while parts > 1 {
            parts /= 2;
            for part in 0..parts {
                // SAFETY: passed on to the caller.
                unsafe {
                    for vector in 0..VECTORS {
                        for sum in 0..SUMS {
                            self.own[part][vector][sum] =
                                self.own[part][vector][sum].add(self.own[part + parts][vector][sum]);
                        }
                    }
                    for vector in 0..SHARED {
                        self.shared[part][vector] = self.shared[part][vector].add(self.shared[part + parts][vector]);
                    }
                }
            }
        }
    }
}
