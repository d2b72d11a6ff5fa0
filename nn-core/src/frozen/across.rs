//! The register tile of frozen convolutions with short lines: it goes on across their ends, with a place for each pixel.
//!
//! With [`FEW`] registers a line of 7 pixels is two tiles of 4 and 3, whose few sums wait for each other; 49 pixels are nine tiles of 5 and 6.

use core::ops::Range;

use super::cut::{Cut, Order, Tiling, index};
use super::lines::Lines;
use super::tile::{FEW, STEPS, Tile, WIDTHS, Window, begin, end, registers, step};
use crate::simd::{Vector, unknown};

/// Vectors of a block of output channels.
pub(super) const WIDE: usize = 2;

/// The most pixels of a tile, each of which has a place in a register.
const MOST: usize = 6;

/// Numbers of a run of the window from which on it pays to look for each pixel's place.
const LONG: usize = 32;

/// Whether there are such tiles at all.
pub(super) const fn exists<V: Vector>() -> bool {
    registers::<V>() == FEW
}

/// Whether lines can be taken as one, in such tiles.
pub(super) fn fits<V: Vector>(lines: &Lines) -> bool {
    let whole = lines.groups == 1 && lines.outputs.is_multiple_of(WIDE * V::LANES);
    exists::<V>() && whole && lines.window.run >= LONG && lines.counts[1] > 1 && lines.joined().is_some()
}

/// The cut of so many pixels with so many vectors of channels, if it costs less than that; counted as in [`Cut::best`].
pub(super) fn cheaper<V: Vector>(pixels: usize, vectors: usize, than: usize) -> Option<Cut> {
    let all = |most: usize| vectors / WIDE * Tiling::new::<V>(pixels, WIDE, most, Order::Across).cost::<V>(WIDE, false);
    let most = (1..=MOST.min(pixels)).min_by_key(|most| all(*most))?;
    let mut sizes = [1; WIDTHS.len()];
    sizes[index(WIDE)] = most;
    // By so much that it makes up for looking for places.
    (10 * all(most) < 9 * than).then_some(Cut { widest: WIDE, pixels: sizes, order: Order::Across })
}

/// The tile of some neighbouring pixels of a line; `tile.input` is where the window of the line's first pixel begins.
///
/// # Safety
/// The machine has the vector's instruction set; windows, weights and outputs of these pixels lie in memory that is valid for them; they are no more than
/// a tile's.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(lines: &Lines, pixels: Range<usize>, window: &Window, tile: &Tile<V::Element>) {
    let places = core::array::from_fn(|pixel| lines.place(pixels.start + pixel));
    // SAFETY: passed on to the caller.
    unsafe {
        match pixels.len() {
            _ if const { !exists::<V>() } => unreachable!("no such tiles"),
            1 => fixed::<V, 1>(&places, window, tile),
            2 => fixed::<V, 2>(&places, window, tile),
            3 => fixed::<V, 3>(&places, window, tile),
            4 => fixed::<V, 4>(&places, window, tile),
            5 => fixed::<V, 5>(&places, window, tile),
            6 => fixed::<V, 6>(&places, window, tile),
            _ => unreachable!("a tile of that size does not exist"),
        }
    }
}

/// # Safety
/// As for [`run`]; the window of a pixel begins at its place, for each of them.
#[inline(always)]
unsafe fn fixed<V: Vector, const PIXELS: usize>(places: &[usize; MOST], window: &Window, tile: &Tile<V::Element>) {
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = begin::<V, WIDE, PIXELS>(tile);
        let (mut weight, mut ahead) = (tile.weight, tile.ahead);
        for line in 0..window.counts.iter().product() {
            let [_, rows, columns] = window.counts;
            let at = [line / columns / rows, line / columns % rows, line % columns];
            let at: usize = (0..3).map(|axis| at[axis] * window.strides[axis]).sum();
            let mut from = [tile.input; PIXELS];
            for pixel in 0..PIXELS {
                from[pixel] = unknown(tile.input.add(at + places[pixel]));
            }
            let mut at = 0;
            while at + STEPS <= window.run {
                for more in 0..STEPS {
                    step::<V, WIDE, PIXELS>(|pixel| from[pixel].add(at + more), weight, &mut sums);
                    weight = weight.add(WIDE * V::LANES);
                }
                // Tiles are so many that each asks for no more than a line of the cache.
                V::fetch(ahead);
                ahead = ahead.wrapping_add(STEPS * tile.share);
                at += STEPS;
            }
            for at in at..window.run {
                step::<V, WIDE, PIXELS>(|pixel| from[pixel].add(at), weight, &mut sums);
                weight = weight.add(WIDE * V::LANES);
            }
        }
        end::<V, WIDE, PIXELS>(&sums, tile);
    }
}
