//! Some squares at a time: their inputs are transformed, multiplied, and transformed back.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;
use nn_shape::winograd;

use super::super::cut::{Cut, index};
use super::super::lines::blocks_by;
use super::super::part::Target;
use super::super::run::Operands;
use super::products::{self, Products, multiply, width};
use super::transform::{Made, Square, make, see};
use crate::Float;
use crate::simd::{Vector, apart};

/// A convolution in squares: its operands, its weights, and the room for the transformed squares of a round, each of which has a slot.
pub(super) struct Rounds<'a, E> {
    geometry: &'a ConvGeometry,
    input: &'a [E],
    cut: &'a Cut,
    bias: &'a [E],
    zeros: &'a [E],
    weight: &'a [E],
    /// What a row beside the input has.
    none: &'a [E],
    /// The squares that the tiles were chosen for.
    round: usize,
    slots: usize,
    /// Transformed inputs and products: from a place to the next, and from a slot to the next.
    seen: Target<'a, E>,
    made: Target<'a, E>,
    apart: [usize; 2],
    wide: [usize; 2],
    finish: Made<'a, E>,
}

/// Neighbouring squares in neighbouring slots.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    pub(super) first: usize,
    pub(super) slot: usize,
    pub(super) count: usize,
}

impl Batch {
    /// Some of them.
    pub(super) fn some(self, own: Range<usize>) -> Batch {
        Batch { first: self.first + own.start, slot: self.slot + own.start, count: own.len() }
    }
}

impl<'a, E: Float> Rounds<'a, E> {
    pub(super) fn new<const SQUARE: usize, const SIDE: usize>(
        geometry: &'a ConvGeometry,
        operands: Operands<'a, E>,
        cut: &'a Cut,
        bounds: [E; 2],
    ) -> Self {
        let Operands { inputs: [input, beside], output, scratch, packed } = operands;
        let (inputs, outputs) = (geometry.in_channels, geometry.out_channels);
        let (round, slots) = (winograd::round(geometry, SIDE), winograd::slots(geometry, SIDE));
        let wide = [inputs, outputs].map(|channels| channels.next_multiple_of(MAX_LANES));
        let apart = [inputs, outputs].map(|channels| winograd::apart(slots, channels));
        assert!(winograd::is_possible(geometry), "a window that squares can be made of");
        assert!(input.len() == geometry.input_len() && output.len() == geometry.output_len(), "the operands");
        assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
        assert!(slots * wide[0] <= apart[0] && slots * wide[1] <= apart[1], "the slots are apart");
        assert!((1..=4).contains(&cut.widest), "the weights were packed for this");
        let (none, rest) = scratch.split_at_mut(SQUARE * wide[0]);
        none.fill(E::ZERO);
        let (seen, rest) = rest.split_at_mut(SQUARE * SQUARE * apart[0]);
        let made = &mut rest[..SQUARE * SQUARE * apart[1]];
        let packed = &packed[HEADER..][..2 * wide[1] + SQUARE * SQUARE * wide[1] * inputs];
        let (bias, rest) = packed.split_at(wide[1]);
        let (zeros, weight) = rest.split_at(wide[1]);
        let finish = Made { distance: apart[1], beside, bounds, output: Target::new(output) };
        let (seen, made) = (Target::new(seen), Target::new(made));
        Rounds { geometry, input, cut, bias, zeros, weight, none, round, slots, seen, made, apart, wide, finish }
    }

    /// Whether the weights do not stay in the second cache.
    pub(super) fn is_far(&self) -> bool {
        winograd::is_far(self.weight.len())
    }

    /// Products of so many squares.
    pub(super) fn macs(&self, squares: usize) -> usize {
        self.weight.len() * squares
    }

    /// Blocks of output channels.
    pub(super) fn blocks<V: Vector>(&self) -> usize {
        blocks_by(self.geometry.out_channels.div_ceil(V::LANES), |rest| width(rest, self.cut.widest))
    }

    fn check(&self, batch: Batch, side: usize) {
        let Batch { first, slot, count } = batch;
        assert!(first + count <= winograd::squares(self.geometry, side), "the squares are some of all");
        assert!(slot + count <= self.slots, "there is a slot for each square");
    }
}

apart! {
    /// Transforms the inputs of some squares: the upper half of each transformed square, the lower, or both.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody else uses those halves of the slots.
    pub(super) unsafe fn see_some<'a, V, const SQUARE: usize, const SIDE: usize>(
        rounds: &'a Rounds<'a, V::Element>, batch: Batch, halves: Range<usize>,
    ) = see_body;
}

/// # Safety
/// As for [`see_some`].
#[inline(always)]
unsafe fn see_body<V: Vector, const SQUARE: usize, const SIDE: usize>(
    rounds: &Rounds<'_, V::Element>,
    batch: Batch,
    halves: Range<usize>,
) {
    let &Rounds { geometry, input, none, .. } = rounds;
    rounds.check(batch, SIDE);
    for at in 0..batch.count {
        // SAFETY: `seen` has a slot for the square, the input has its length, as asserted; the rest is the caller's.
        unsafe {
            let to = rounds.seen.pointer().add((batch.slot + at) * rounds.wide[0]);
            let square = Square { geometry, number: batch.first + at };
            see::<V, SQUARE, SIDE>(square, halves.clone(), input, none, to, rounds.apart[0]);
        }
    }
}

apart! {
    /// Multiplies some squares that were seen, at each place by each block of output channels; `own` are those that the part does. Weights are asked for
    /// ahead if they do not lie in the second cache.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody writes what was seen, or uses those products.
    pub(super) unsafe fn multiply_some<'a, V, const SQUARE: usize, const SIDE: usize>(
        rounds: &'a Rounds<'a, V::Element>, batch: Batch, own: Range<usize>, ahead: bool,
    ) = multiply_body;
}

/// # Safety
/// As for [`multiply_some`].
#[inline(always)]
unsafe fn multiply_body<V: Vector, const SQUARE: usize, const SIDE: usize>(
    rounds: &Rounds<'_, V::Element>,
    batch: Batch,
    own: Range<usize>,
    ahead: bool,
) {
    let &Rounds { geometry, cut, bias, zeros, weight, .. } = rounds;
    let inputs = geometry.in_channels;
    let vectors = geometry.out_channels.div_ceil(V::LANES);
    rounds.check(batch, SIDE);
    let tiles = [1, 2, 4].map(|wide: usize| match cut.pixels[index(wide)] {
        tile if batch.count == rounds.round => tile,
        _ => products::tile::<V>(batch.count, wide, inputs),
    });
    assert!(tiles.iter().all(|tile| (1..=batch.count).contains(tile)), "a tile is no more than all squares");
    let blocks = rounds.blocks::<V>();
    assert!(own.end <= SQUARE * SQUARE * blocks, "as many products as there are");
    let mut place = own.start / blocks;
    let mut vector = (0..own.start % blocks).fold(0, |vector, _| vector + width(vectors - vector, cut.widest));
    for _ in own {
        let wide = width(vectors - vector, cut.widest);
        let channel = vector * V::LANES;
        let weight = &weight[(place * rounds.wide[1] + channel) * inputs..][..wide * V::LANES * inputs];
        // The second row of the second transformation is all ones.
        let bias = if place == SQUARE + 1 { bias } else { zeros };
        let [seen, made] = [(rounds.seen, 0), (rounds.made, 1)].map(|(room, side)| {
            room.pointer().wrapping_add(place * rounds.apart[side] + batch.slot * rounds.wide[side])
        });
        let products = Products {
            squares: batch.count,
            tile: tiles[wide / 2],
            steps: inputs,
            apart: rounds.wide[0],
            seen,
            weight: weight.as_ptr(),
            bias: bias[channel..].as_ptr(),
            made: made.wrapping_add(channel),
            next: rounds.wide[1],
            ahead,
        };
        // SAFETY: `seen` and `made` have the squares' slots in whole vectors at each place, weights and biases are padded to whole vectors, tiles are
        // no more than the squares, as asserted; the rest is the caller's.
        unsafe {
            match wide {
                1 => multiply::<V, 1>(&products),
                2 => multiply::<V, 2>(&products),
                _ => multiply::<V, 4>(&products),
            }
        }
        vector += wide;
        if vector == vectors {
            (place, vector) = (place + 1, 0);
        }
    }
}

apart! {
    /// Transforms the products of some squares back.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody writes the products, or uses the squares' outputs.
    pub(super) unsafe fn make_some<'a, V, const SQUARE: usize, const SIDE: usize>(
        rounds: &'a Rounds<'a, V::Element>, batch: Batch,
    ) = make_body;
}

/// # Safety
/// As for [`make_some`].
#[inline(always)]
unsafe fn make_body<V: Vector, const SQUARE: usize, const SIDE: usize>(rounds: &Rounds<'_, V::Element>, batch: Batch) {
    rounds.check(batch, SIDE);
    for at in 0..batch.count {
        // SAFETY: `made` has the square's products, the output has its length; the rest is the caller's.
        unsafe {
            let from = rounds.made.pointer().add((batch.slot + at) * rounds.wide[1]);
            let square = Square { geometry: rounds.geometry, number: batch.first + at };
            make::<V, SQUARE, SIDE>(square, from, &rounds.finish);
        }
    }
}
