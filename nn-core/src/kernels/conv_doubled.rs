//! The gradient of the input of 3x3 convolutions that move by two places. A tile is some vectors of neighbouring places of the output's gradient for some channels of the input:
//! of each place all four sums that see it, which are stored as two lines of results.

use nn_shape::ConvGeometry;
use nn_shape::doubled::{self, Doubled, ROWS, WINDOW};
use nn_shape::tile::MAX_LANES;

use super::conv::Operands;
use super::gemm::even;
use super::pack::{PackedFrom, aligned, pack_blocks};
use super::tile::TileKernel;
use crate::simd::{Lanes, Vector, accumulators, with_current_vectors};

/// The most vectors of a tile.
const VECTORS: usize = 2;
/// Sums of a place.
const SUMS: usize = 5;

/// The gradient of the input, if it is one of these.
pub(super) fn backward<E: Lanes>(geometry: &ConvGeometry, accumulate: bool) -> Option<Gradient> {
    let suits = |doubled: &Doubled| {
        accumulators::<E>() >= SUMS * ROWS * VECTORS && doubled.suits(TileKernel::<E>::current().lanes)
    };
    let doubled = doubled::backward(geometry).filter(suits)?;
    Some(Gradient { doubled, accumulate })
}

pub(super) struct Gradient {
    doubled: Doubled,
    accumulate: bool,
}

impl Gradient {
    /// The operands' source is the output's gradient, their result the input's.
    pub(super) fn run<E: Lanes>(&self, operands: Operands<'_, E>, scratch: &mut [E]) {
        let Operands { batch, groups, source, weight, result, .. } = operands;
        let Doubled { counts: [height, width], channels, rows: all, together, lines } = self.doubled;
        let [packed, laid] = self.doubled.scratch();
        let (packed, rest) = aligned(scratch).split_at_mut(packed);
        let laid = &mut rest[..laid];
        let plane = height * width;
        for group in 0..groups {
            for rows in even(all / ROWS, together / ROWS).map(|tiles| tiles.start * ROWS..tiles.end * ROWS) {
                let from = PackedFrom {
                    weight: &weight[group * (weight.len() / groups) + rows.start * WINDOW..],
                    strides: [WINDOW, all * WINDOW],
                    counts: [rows.len(), channels, WINDOW],
                    mirrored: true,
                };
                pack_blocks(from, ROWS, packed);
                for sample in 0..batch {
                    let place = sample * groups + group;
                    let source = &source[place * channels * plane..][..channels * plane];
                    let result = &mut result[(place * all + rows.start) * 4 * plane..][..rows.len() * 4 * plane];
                    for lines in even(height, lines) {
                        let copy = (lines.len() + 1) * width;
                        for (source, laid) in source.chunks_exact(plane).zip(laid.chunks_exact_mut(2 * copy)) {
                            lay(&source[lines.start * width..], width, laid);
                        }
                        Tiles {
                            laid,
                            copy,
                            channels,
                            counts: [lines.len(), width],
                            weight: packed,
                            rows: rows.len(),
                            plane: 4 * plane,
                            first: 4 * lines.start * width,
                            result: &mut *result,
                            add: self.accumulate,
                        }
                        .run();
                    }
                }
            }
        }
    }
}

/// Lays out lines of a channel, and, behind them, each number's neighbour on the right: zero at the end of a line, and behind the last line.
fn lay<E: Lanes>(source: &[E], width: usize, laid: &mut [E]) {
    let (own, behind) = laid.split_at_mut(laid.len() / 2);
    let there = source.len().min(own.len());
    own[..there].copy_from_slice(&source[..there]);
    own[there..].fill(E::ZERO);
    behind[..there - 1].copy_from_slice(&source[1..there]);
    behind[there - 1..].fill(E::ZERO);
    for line in behind.chunks_exact_mut(width) {
        line[width - 1] = E::ZERO;
    }
}

/// Some lines of the output's gradient, for some channels of the input.
struct Tiles<'a, E> {
    /// As [`lay`] does it.
    laid: &'a [E],
    /// From a channel's lines to its neighbours on the right, and from there to the next channel.
    copy: usize,
    channels: usize,
    /// Lines and columns of the output's gradient.
    counts: [usize; 2],
    /// Of the rows of a tile side by side, channel by channel and, from the last to the first, entry by entry.
    weight: &'a [E],
    rows: usize,
    /// From one channel of the input to the next, and from the first number of it to that of the lines.
    plane: usize,
    first: usize,
    result: &'a mut [E],
    /// Whether results are added to what is there.
    add: bool,
}

impl<E: Lanes> Tiles<'_, E> {
    fn run(mut self) {
        let [lines, columns] = self.counts;
        let cells = lines * columns;
        assert!(self.copy == cells + columns, "a line more than the cells");
        assert!(2 * self.channels * self.copy + MAX_LANES <= self.laid.len(), "room for a vector that hangs over");
        let weights = self.rows * self.channels * WINDOW;
        assert!(self.rows.is_multiple_of(ROWS) && weights <= self.weight.len(), "weights of whole tiles");
        assert!(
            self.first + 4 * cells <= self.plane && self.rows * self.plane <= self.result.len(),
            "planes of results"
        );
        // SAFETY: as just asserted.
        unsafe { run(&mut self) }
    }
}

with_current_vectors! {
    /// # Safety
    /// As [`Tiles::run`] asserts.
    unsafe fn run<E: Lanes>(tiles: &mut Tiles<'_, E>) = body;
}

/// # Safety
/// As for [`run`]; the machine has the vector's instruction set, whose vectors fill two lines of results for a line of the output's gradient.
#[inline(always)]
unsafe fn body<V: Vector>(tiles: &mut Tiles<'_, V::Element>) {
    if const { V::ACCUMULATORS < SUMS * ROWS * VECTORS } {
        unreachable!("a tile of that size does not exist");
    }
    let [lines, columns] = tiles.counts;
    assert!((2 * columns).is_multiple_of(V::LANES), "vectors fill lines");
    for row in (0..tiles.rows).step_by(ROWS) {
        // Where the upper line of results of each half of a vector goes: lines of cells end behind a half.
        let (mut line, mut column) = (0, 0);
        let mut next = || {
            let place = (line < lines).then_some(4 * line * columns + 2 * column);
            column += V::LANES / 2;
            if column == columns {
                (line, column) = (line + 1, 0);
            }
            place
        };
        for vectors in even((lines * columns).div_ceil(V::LANES), VECTORS) {
            // SAFETY: passed on to the caller.
            unsafe {
                match vectors.len() {
                    1 => tile::<V, 1>(tiles, row, vectors.start * V::LANES, [[next(), next()]]),
                    _ => tile::<V, 2>(tiles, row, vectors.start * V::LANES, [[next(), next()], [next(), next()]]),
                }
            }
        }
    }
}

/// # Safety
/// As for [`body`]; the tile begins inside of the lines, and ends there but for its last vector.
#[inline(always)]
unsafe fn tile<V: Vector, const VECTORS: usize>(
    tiles: &mut Tiles<'_, V::Element>,
    row: usize,
    cell: usize,
    places_of_results: [[Option<usize>; 2]; VECTORS],
) {
    let Tiles { copy, channels, counts: [_, columns], plane, add, .. } = *tiles;
    // SAFETY: vectors from each place on are there, for each channel, and weights for the rows; results are lines of the planes, two for each line of cells. The instruction set is the
    // caller's to vouch for.
    unsafe {
        let mut from = tiles.laid.as_ptr().add(cell);
        let mut weight = tiles.weight.as_ptr().add(row * channels * WINDOW);
        let zero = V::splat(V::Element::default());
        // Of each place that above on the left, and on the right, and those below; the last one, of most products, in two.
        let mut sums = [[[zero; SUMS]; VECTORS]; ROWS];
        let seen = [0, copy, columns, columns + copy];
        for _ in 0..channels {
            let mut places = [[zero; 4]; VECTORS];
            for vector in 0..VECTORS {
                for each in 0..4 {
                    places[vector][each] = V::load(from.add(seen[each] + vector * V::LANES));
                }
            }
            // An input sees an output through one entry of the window, mirrored: the sum, the place and the entry.
            for [sum, place, entry] in
                [[3, 0, 0], [2, 0, 1], [1, 0, 3], [0, 0, 4], [4, 1, 2], [3, 2, 6], [1, 1, 5], [2, 2, 7], [4, 3, 8]]
            {
                for row in 0..ROWS {
                    let value = V::splat(*weight.add(entry * ROWS + row));
                    for vector in 0..VECTORS {
                        let old = &mut sums[row][vector][sum];
                        *old = old.add_product(value, places[vector][place]);
                    }
                }
            }
            from = from.wrapping_add(2 * copy);
            weight = weight.wrapping_add(WINDOW * ROWS);
        }
        for row_in in 0..ROWS {
            let to = tiles.result.as_mut_ptr().add((row + row_in) * plane + tiles.first);
            for vector in 0..VECTORS {
                let [above, right, below, last, rest] = sums[row_in][vector];
                for (below, [left, right]) in [[above, right], [below, last.add(rest)]].into_iter().enumerate() {
                    for (results, place) in left.zip(right).into_iter().zip(places_of_results[vector]) {
                        let Some(place) = place else { continue };
                        let to = to.add(place + 2 * below * columns);
                        if add { results.add(V::load(to)).store(to) } else { results.store(to) }
                    }
                }
            }
        }
    }
}
