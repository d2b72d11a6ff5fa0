//! 1x1 convolutions of eight channels, and rows of eight numbers, a vector of outputs at a time: its weights stay in registers for a whole line of pixels, and a
//! tile is over before it would pay to set up the general one.

use super::tile::{Tile, Window, finish, registers};
use crate::simd::{Vector, apart};

/// Numbers of a window.
const STEPS: usize = 8;

/// Pixels that are done side by side, so that their sums do not wait for each other.
pub(super) const PIXELS: usize = 8;

/// Whether windows are like this, and a vector's registers hold the weights beside the sums.
pub(super) fn fits<V: Vector>(window: &Window) -> bool {
    let held = const { registers::<V>() >= 32 };
    held && window.counts == [1; 3] && window.run == STEPS && window.pixel == STEPS
}

apart! {
    /// The outputs of neighbouring pixels, so many that there are [`PIXELS`] at least; the tile is that of the first.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the windows, weights and outputs of all pixels lie in memory that is valid for them.
    pub(super) unsafe fn line<'a, V>(pixels: usize, tile: &'a Tile<V::Element>) = line_body;
}

/// # Safety
/// As for [`line`].
#[inline(always)]
unsafe fn line_body<V: Vector>(pixels: usize, tile: &Tile<V::Element>) {
    // A copy: what lies in memory would be read again after each store.
    let tile = *tile;
    // SAFETY: passed on to the caller; the last tile ends where the pixels do.
    unsafe {
        let bias = V::load(tile.bias);
        let mut factors = [bias; STEPS];
        for step in 0..STEPS {
            factors[step] = V::load(tile.weight.add(step * V::LANES));
        }
        let mut pixel = 0;
        while pixel < pixels {
            // The last tile may overlap the one before: it computes the same again.
            let first = pixel.min(pixels - PIXELS);
            let from = tile.input.add(first * STEPS);
            let mut sums = [bias; PIXELS];
            for step in 0..STEPS {
                for pixel in 0..PIXELS {
                    let x = V::splat(*from.add(pixel * STEPS + step));
                    sums[pixel] = sums[pixel].add_product(x, factors[step]);
                }
            }
            for pixel in 0..PIXELS {
                finish::<V, 1>(&[sums[pixel]], (first + pixel) * tile.step, &tile);
            }
            pixel += PIXELS;
        }
    }
}
