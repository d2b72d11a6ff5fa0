//! The tile of frozen linear layers and convolutions of one pixel: a matrix times a vector.

use super::tile::{Tile, finish};
use crate::simd::Vector;

/// One pixel whose sums are split, so that they do not wait for each other: a matrix times a vector, which lies in two pieces of so many numbers.
///
/// # Safety
/// As for [`run`]; the window is the tile's input, then `behind`.
#[inline(always)]
pub(super) unsafe fn single<V: Vector>(
    width: usize,
    pieces: [usize; 2],
    behind: *const V::Element,
    tile: &Tile<V::Element>,
) {
    // SAFETY: passed on to the caller.
    unsafe {
        match width {
            1 if pieces[0] + pieces[1] < 8 => split::<V, 1, 4>(pieces, behind, tile),
            1 => split::<V, 1, 8>(pieces, behind, tile),
            2 => split::<V, 2, 4>(pieces, behind, tile),
            3 => split::<V, 3, 3>(pieces, behind, tile),
            4 => split::<V, 4, 2>(pieces, behind, tile),
            _ => split::<V, 8, 1>(pieces, behind, tile),
        }
    }
}

/// # Safety
/// As for [`single`].
#[inline(always)]
unsafe fn split<V: Vector, const WIDTH: usize, const PARTS: usize>(
    pieces: [usize; 2],
    behind: *const V::Element,
    tile: &Tile<V::Element>,
) {
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); WIDTH]; PARTS];
        for v in 0..WIDTH {
            sums[0][v] = V::load(tile.bias.add(v * V::LANES));
        }
        sum::<V, WIDTH, PARTS>(pieces[0], tile.input, tile.weight, &mut sums);
        if pieces[1] > 0 {
            let weight = tile.weight.add(pieces[0] * WIDTH * V::LANES);
            sum::<V, WIDTH, PARTS>(pieces[1], behind, weight, &mut sums);
        }
        let mut len = PARTS;
        while len > 1 {
            let half = len.div_ceil(2);
            for part in half..len {
                for v in 0..WIDTH {
                    sums[part - half][v] = sums[part - half][v].add(sums[part][v]);
                }
            }
            len = half;
        }
        finish::<V, WIDTH>(&sums[0], 0, tile);
    }
}

/// Adds the products of a run of numbers to the parts of sums.
///
/// # Safety
/// The machine has the vector's instruction set; `from` is valid for reading `run` numbers, `weight` for as many times `WIDTH` vectors.
#[inline(always)]
unsafe fn sum<V: Vector, const WIDTH: usize, const PARTS: usize>(
    run: usize,
    mut from: *const V::Element,
    mut weight: *const V::Element,
    sums: &mut [[V; WIDTH]; PARTS],
) {
    // The weights arrive as fast as the second cache gives them if a turn has some thirty products; with eight it takes 7 percent longer.
    let turns = const { usize::div_ceil(32, WIDTH * PARTS) };
    // SAFETY: passed on to the caller.
    unsafe {
        for _ in 0..run / (PARTS * turns) {
            for turn in 0..turns {
                let (from, weight) = (from.add(turn * PARTS), weight.add(turn * PARTS * WIDTH * V::LANES));
                products::<V, WIDTH, PARTS>(PARTS, from, weight, sums);
            }
            weight = weight.add(turns * PARTS * WIDTH * V::LANES);
            from = from.add(turns * PARTS);
        }
        for _ in 0..run / PARTS % turns {
            products::<V, WIDTH, PARTS>(PARTS, from, weight, sums);
            weight = weight.add(PARTS * WIDTH * V::LANES);
            from = from.add(PARTS);
        }
        // What is left goes to parts of its own as well.
        products::<V, WIDTH, PARTS>(run % PARTS, from, weight, sums);
    }
}

/// Adds the products of up to as many numbers as there are parts of sums, each to its part.
///
/// # Safety
/// As for [`sum`], of `count` numbers.
#[inline(always)]
unsafe fn products<V: Vector, const WIDTH: usize, const PARTS: usize>(
    count: usize,
    from: *const V::Element,
    weight: *const V::Element,
    sums: &mut [[V; WIDTH]; PARTS],
) {
    for part in 0..PARTS {
        if part < count {
            // SAFETY: passed on to the caller.
            unsafe {
                let x = V::splat(*from.add(part));
                for v in 0..WIDTH {
                    let factor = V::load(weight.add((part * WIDTH + v) * V::LANES));
                    sums[part][v] = sums[part][v].add_product(x, factor);
                }
            }
        }
    }
}
