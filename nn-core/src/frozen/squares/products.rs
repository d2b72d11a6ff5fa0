//! The products of one place of transformed squares: squares by channels times channels by channels.
//!
//! The tile of [`super::super::tile`] without all that a window needs: operands lie as the transformations write them, in whole vectors.

use super::super::cut::{Cut, costs, index, widest};
use super::super::places::Places;
use super::super::tile::{FETCHING, FEW, STEPS, WIDTHS, registers, step};
use crate::simd::{Vector, apart};

/// Bytes of weights that stay in the first cache from one tile to the next.
const NEAR: usize = 24576;

/// Products of a step from which on a tile asks for weights ahead, with [`FEW`] registers, beside which the second cache is small.
const FETCHING_FEW: usize = 8;

/// Widths of blocks of outputs.
const WIDE: [usize; 3] = [4, 2, 1];

/// Whether a tile of so many squares is compiled.
const fn exists(registers: usize, wide: usize, squares: usize) -> bool {
    let listed = match wide {
        1 => matches!(squares, 1 | 2 | 4 | 8 | 16),
        2 => matches!(squares, 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 10 | 12 | 13 | 14),
        4 => matches!(squares, 1..=6),
        _ => false,
    };
    listed && squares * wide + wide < registers
}

/// The fastest cut of `squares` squares with `vectors` vectors of outputs, summed over `steps`, by counting half cycles: a product in each, three quarters
/// of a load, five for a line of weights that comes from the second cache, four for half of one, a vector of [`FEW`] registers.
pub(super) fn cut<V: Vector>(squares: usize, vectors: usize, steps: usize) -> Cut {
    let costs = costs!(|wide, count| {
        let weights = wide * steps * V::LANES * size_of::<V::Element>();
        let fits = count <= squares && exists(registers::<V>(), wide, count);
        let tiles = squares.div_ceil(count);
        let far = if weights > NEAR || tiles == 1 { wide * if registers::<V>() == FEW { 4 } else { 5 } } else { 0 };
        fits.then_some(tiles * ((count * wide).max((count + wide) * 4 / 3).max(8).max(far) + 1))
    });
    Cut::cheapest(vectors, &WIDE, &costs).0
}

/// The squares of the fastest tile of a block so many vectors wide.
pub(super) fn tile<V: Vector>(squares: usize, wide: usize, steps: usize) -> usize {
    cut::<V>(squares, wide, steps).pixels[index(wide)]
}

/// The vectors of the next block of a place's outputs.
pub(super) fn width(rest: usize, most: usize) -> usize {
    widest(&WIDE, rest.min(most))
}

/// The operands of a block of outputs at one place.
pub(super) struct Products<E> {
    pub(super) squares: usize,
    /// The squares of a tile.
    pub(super) tile: usize,
    /// Channels, and how far apart squares have them.
    pub(super) steps: usize,
    pub(super) apart: usize,
    pub(super) seen: *const E,
    pub(super) weight: *const E,
    /// What the sums begin with.
    pub(super) bias: *const E,
    pub(super) made: *mut E,
    /// How far apart squares have their outputs.
    pub(super) next: usize,
    /// Whether weights are read ahead: they do not lie in the second cache.
    pub(super) ahead: bool,
}

apart! {
    /// A block of outputs so many vectors wide.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; all squares, weights and outputs lie in memory that is valid for them; a tile is no more than all squares.
    pub(super) unsafe fn multiply<'a, V, const WIDE: usize>(products: &'a Products<V::Element>) = multiply_body;
}

/// # Safety
/// As for [`multiply`].
#[inline(always)]
unsafe fn multiply_body<V: Vector, const WIDE: usize>(products: &Products<V::Element>) {
    macro_rules! sizes {
        ($($squares:literal)*) => {
            match products.tile {
                $($squares if const { exists(registers::<V>(), WIDE, $squares) } => {
                    // SAFETY: passed on to the caller.
                    unsafe { tiles::<V, WIDE, $squares>(products) }
                })*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes!(1 2 3 4 5 6 7 8 10 12 13 14 16)
}

/// # Safety
/// As for [`multiply`].
#[inline(always)]
unsafe fn tiles<V: Vector, const WIDE: usize, const SQUARES: usize>(products: &Products<V::Element>) {
    let &Products { squares, steps, apart, next, .. } = products;
    let block = WIDE * V::LANES;
    // All tiles together ask for the next block.
    let (mut ahead, share) = if products.ahead {
        (products.weight.wrapping_add(block * steps), block.div_ceil(squares.div_ceil(SQUARES)))
    } else {
        (products.weight, 0)
    };
    let mut first = 0;
    while first < squares {
        // The last tile may overlap the one before: it computes the same again.
        let start = first.min(squares - SQUARES);
        // SAFETY: the tile's squares are among all of them; the rest is passed on to the caller.
        unsafe {
            let (seen, made) = (products.seen.add(start * apart), products.made.add(start * next));
            let mut sums = [[V::splat(V::Element::default()); WIDE]; SQUARES];
            for v in 0..WIDE {
                let bias = V::load(products.bias.add(v * V::LANES));
                for square in 0..SQUARES {
                    sums[square][v] = bias;
                }
            }
            let mut from = Places::new(seen, apart, SQUARES);
            let mut weight = products.weight;
            let mut left = steps;
            if const { registers::<V>() == FEW } {
                while left >= STEPS {
                    for at in 0..STEPS {
                        step::<V, WIDE, SQUARES>(|square| from.at(square).wrapping_add(at), weight, &mut sums);
                        weight = weight.add(block);
                        if const { WIDE > 1 && WIDE * SQUARES >= FETCHING_FEW } && (at == 0 || share > block / STEPS) {
                            V::fetch(ahead.wrapping_add(at * share));
                        }
                    }
                    from.go_on(STEPS);
                    ahead = ahead.wrapping_add(STEPS * share);
                    left -= STEPS;
                }
            }
            for _ in 0..left {
                step::<V, WIDE, SQUARES>(|square| from.at(square), weight, &mut sums);
                weight = weight.add(block);
                from.go_on(1);
                if const { WIDE > 1 && WIDE * SQUARES >= FETCHING } {
                    V::fetch(ahead);
                    ahead = ahead.wrapping_add(share);
                }
            }
            for square in 0..SQUARES {
                for v in 0..WIDE {
                    sums[square][v].store(made.add(square * next + v * V::LANES));
                }
            }
        }
        first += SQUARES;
    }
}
