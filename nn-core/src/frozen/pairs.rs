//! The register tile of frozen convolutions whose output channels fill no more than half of a vector: two steps of the window at a time, one in the even
//! lanes and one in the odd ones, which are added in the end.

use super::places::Places;
use super::tile::{Tile, Window, exists, registers};
use crate::Float;
use crate::simd::Vector;

/// Whether a convolution whose windows have such runs of numbers is done so.
pub(super) fn fits<V: Vector>(outputs: usize, run: usize) -> bool {
    V::SPREADS && 2 * outputs <= V::LANES && run > 1
}

/// Packs biases and weights, whose numbers for an output are `weight(output, step)`.
pub(super) fn pack<V: Vector>(
    [outputs, steps, run]: [usize; 3],
    weight: impl Fn(usize, usize) -> f64,
    bias: impl Fn(usize) -> f64,
    [biases, weights]: [&mut [V::Element]; 2],
) {
    for output in 0..outputs {
        biases[2 * output] = V::Element::from_f64(bias(output));
        let mut vectors = weights.chunks_exact_mut(V::LANES);
        for first in (0..steps).step_by(run) {
            for (step, vector) in (0..run).step_by(2).zip(&mut vectors) {
                let here = weight(output, first + step);
                // The last step of an odd run has both lanes: a half in each is exact.
                let pair = if step + 1 < run { [here, weight(output, first + step + 1)] } else { [here / 2.0; 2] };
                vector[2 * output..][..2].copy_from_slice(&pair.map(V::Element::from_f64));
            }
        }
    }
}

/// # Safety
/// As for the wider tiles' [`run`](super::tile::run); the weights were packed by [`pack`].
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(tiles: usize, pixels: usize, window: &Window, mut tile: Tile<V::Element>) {
    macro_rules! sizes {
        ($($pixels:literal)*) => {
            match pixels {
                $($pixels if const { V::SPREADS && exists(registers::<V>(), 1, $pixels) } => {
                    for _ in 0..tiles {
                        // SAFETY: passed on to the caller.
                        unsafe { fixed::<V, $pixels>(window, &tile) };
                        tile.go_on($pixels, window);
                    }
                })*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes!(1 2 4 8 10 12 14 16);
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn fixed<V: Vector, const PIXELS: usize>(window: &Window, tile: &Tile<V::Element>) {
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = [V::load(tile.bias); PIXELS];
        let mut weight = tile.weight;
        // Places are counted on: a tile's first loads would wait for products.
        let mut plane = tile.input;
        for _ in 0..window.counts[0] {
            let mut row = plane;
            for _ in 0..window.counts[1] {
                let mut entry = row;
                for _ in 0..window.counts[2] {
                    let mut from = Places::new(entry, window.pixel, PIXELS);
                    for _ in 0..window.run / 2 {
                        let factors = V::load(weight);
                        for pixel in 0..PIXELS {
                            let pair = V::spread(from.at(pixel));
                            sums[pixel] = sums[pixel].add_product(pair, factors);
                        }
                        from.go_on(2);
                        weight = weight.add(V::LANES);
                    }
                    if window.run % 2 == 1 {
                        let factors = V::load(weight);
                        for pixel in 0..PIXELS {
                            let x = V::splat(*from.at(pixel));
                            sums[pixel] = sums[pixel].add_product(x, factors);
                        }
                        weight = weight.add(V::LANES);
                    }
                    entry = entry.wrapping_add(window.strides[2]);
                }
                row = row.wrapping_add(window.strides[1]);
            }
            plane = plane.wrapping_add(window.strides[0]);
        }
        let (low, high) = (V::splat(tile.bounds[0]), V::splat(tile.bounds[1]));
        let half = V::LANES / 2;
        let is_dense = tile.beside.is_null() && tile.count == half && tile.step == half;
        for pixel in (0..PIXELS).step_by(2) {
            let next = if PIXELS > 1 { sums[pixel + 1] } else { sums[pixel] };
            let both = sums[pixel].evens(next).add(sums[pixel].odds(next));
            let to = pixel * tile.step;
            if is_dense && PIXELS > 1 {
                both.at_least(low).at_most(high).store(tile.output.add(to));
                continue;
            }
            let mut second = both;
            if PIXELS > 1 {
                second = next.evens(next).add(next.odds(next));
            }
            for (at, mut sum) in [(to, both), (to + tile.step, second)].into_iter().take(PIXELS) {
                if !tile.beside.is_null() {
                    sum = sum.add(V::load_part(tile.beside.add(at), tile.count));
                }
                sum.at_least(low).at_most(high).store_part(tile.output.add(at), tile.count);
            }
        }
    }
}
