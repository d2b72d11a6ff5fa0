//! The register tile of convolutions over planes whose windows are squares and overlap, where registers are [`FEW`]: two vectors of channels for four to six
//! pixels.
//!
//! A number of the source is spread over a vector once, for all the windows that see it. Sums take most registers; those that are left hold weights, and the
//! other weights are read by the products themselves. Of a 3x3 convolution, five pixels take for a line of the window 7 numbers, 4 vectors of weights
//! and 30 products: 41 instructions, where number by number it would be 55.

use super::blocks::{Operands, Windows};
use super::tile::{FEW, registers};
use crate::simd::{Vector, apart, unknown};

/// Vectors of a block of channels.
pub(super) const WIDE: usize = 2;

/// The fewest and the most pixels of a tile.
const PIXELS: [usize; 2] = [4, 6];

/// Whether there are such tiles for windows and channels: a whole number of blocks.
pub(super) fn fits<V: Vector>(windows: &Windows, channels: usize) -> bool {
    let [height, width] = windows.window;
    let overlaps = height == width && matches!((width, windows.strides[1]), (3, 1 | 2) | (5, 1));
    let blocks = channels.next_multiple_of(V::LANES).is_multiple_of(WIDE * V::LANES);
    registers::<V>() == FEW && overlaps && blocks && windows.counts[1] >= PIXELS[0]
}

/// # Safety
/// The machine has the vector's instruction set; there are tiles for the windows, and the channels are one block, with a bias and weights for each.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(windows: &Windows, operands: Operands<'_, V::Element>, output: &mut [V::Element]) {
    let Windows { planes, plane, window, pitch, counts, strides } = *windows;
    assert!(planes > 0 && window[0] == window[1] && counts[0] > 0 && counts[1] >= PIXELS[0], "there are windows");
    let furthest = (planes - 1) * plane + ((counts[0] - 1) * strides[0] + window[0] - 1) * pitch;
    let furthest = furthest + (counts[1] - 1) * strides[1] + window[1];
    assert!(furthest <= operands.source.len(), "the windows lie in the source");
    assert!(counts[0] * counts[1] * WIDE * V::LANES <= output.len(), "the outputs are no more than there is room for");
    // SAFETY: the windows lie in the source and the outputs in their room, as just asserted; the rest is passed on to the caller.
    unsafe {
        match (window[1], strides[1]) {
            _ if const { registers::<V>() != FEW } => unreachable!("no such tiles"),
            (3, 1) => lines::<V, 3, 1>(windows, operands, output),
            (3, 2) => lines::<V, 3, 2>(windows, operands, output),
            (5, 1) => lines::<V, 5, 1>(windows, operands, output),
            _ => unreachable!("no such tiles"),
        }
    }
}

apart! {
    /// All lines of windows.
    ///
    /// # Safety
    /// As for [`run`]; the windows lie in the source, and the outputs have room.
    unsafe fn lines<'a, V, const TAPS: usize, const STRIDE: usize>(
        windows: &'a Windows, operands: Operands<'a, V::Element>, output: &'a mut [V::Element],
    ) = lines_body;
}

/// # Safety
/// As for [`lines`].
#[inline(always)]
unsafe fn lines_body<V: Vector, const TAPS: usize, const STRIDE: usize>(
    windows: &Windows,
    operands: Operands<'_, V::Element>,
    output: &mut [V::Element],
) {
    let [lines, len] = windows.counts;
    let Operands { source, next: (mut ahead, needed), .. } = operands;
    let tiles = len.div_ceil(PIXELS[1]);
    let (few, longer) = (len / tiles, len % tiles);
    // A tile asks once for each plane.
    let times = lines * tiles * windows.planes;
    let share = if times > 4 * needed { 0 } else { needed.div_ceil(times) };
    for line in 0..lines {
        let mut pixel = 0;
        for tile in 0..tiles {
            let count = few + usize::from(tile < longer);
            // A short tile overlaps the one before: it computes the same again.
            let pixels = count.max(PIXELS[0]);
            let first = pixel.min(len - pixels);
            // SAFETY: passed on to the caller; the tile's pixels are some of the line's.
            unsafe {
                let from = source.as_ptr().add(line * windows.strides[0] * windows.pitch + first * STRIDE);
                let to = output.as_mut_ptr().add((line * len + first) * WIDE * V::LANES);
                match pixels {
                    4 => tile_of::<V, 4, TAPS, STRIDE>(windows, &operands, from, to, (ahead, share)),
                    5 => tile_of::<V, 5, TAPS, STRIDE>(windows, &operands, from, to, (ahead, share)),
                    _ => tile_of::<V, 6, TAPS, STRIDE>(windows, &operands, from, to, (ahead, share)),
                }
            }
            ahead = ahead.wrapping_add(windows.planes * share);
            pixel += count;
        }
    }
}

/// Vectors of weights that stay in registers beside the sums and a number of the source; one register is left free, without which the compiler keeps a sum in
/// memory.
const fn kept(pixels: usize, taps: usize) -> usize {
    let left = FEW - 2 - WIDE * pixels;
    if left < WIDE * taps { left } else { WIDE * taps }
}

/// # Safety
/// The machine has the vector's instruction set; the windows of the pixels lie in memory from `from` on, and `to` has room for their sums.
#[inline(always)]
unsafe fn tile_of<V: Vector, const COUNT: usize, const TAPS: usize, const STRIDE: usize>(
    windows: &Windows,
    operands: &Operands<'_, V::Element>,
    from: *const V::Element,
    to: *mut V::Element,
    (mut ahead, share): (*const V::Element, usize),
) {
    // SAFETY: the caller vouches for the memory and for the instruction set; there are weights for each line of the window over each plane.
    unsafe {
        let bias = operands.bias.as_ptr();
        let mut sums = [[V::load(bias), V::load(bias.add(V::LANES))]; COUNT];
        let (mut plane, mut weight) = (from, operands.weight.as_ptr());
        for _ in 0..windows.planes {
            // Lines of windows that move by one are unrolled; others would need more registers for that.
            for line in 0..if const { STRIDE == 1 } { TAPS } else { windows.window[0] } {
                let line = plane.wrapping_add(line * windows.pitch);
                let mut held = [[V::splat(V::Element::default()); WIDE]; TAPS];
                for at in 0..kept(COUNT, TAPS) {
                    held[at / WIDE][at % WIDE] = V::load(weight.add(at * V::LANES));
                }
                // A loop over all numbers would be too long for the compiler to unroll.
                macro_rules! seen {
                    ($($at:literal)*) => {$(
                        if const { $at < (COUNT - 1) * STRIDE + TAPS } {
                            let x = V::splat(*line.add($at));
                            // Without this, the compiler would load weights once and keep them in memory again.
                            let near = unknown(weight);
                            for tap in 0..TAPS {
                                if tap <= $at && ($at - tap) % STRIDE == 0 && ($at - tap) / STRIDE < COUNT {
                                    let sum = &mut sums[($at - tap) / STRIDE];
                                    for v in 0..WIDE {
                                        let at = tap * WIDE + v;
                                        let factor = if at < kept(COUNT, TAPS) { held[tap][v] } else { V::load(near.add(at * V::LANES)) };
                                        sum[v] = sum[v].add_product(x, factor);
                                    }
                                }
                            }
                            weight = near;
                        }
                    )*};
                }
                seen!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14);
                weight = weight.add(TAPS * WIDE * V::LANES);
            }
            plane = plane.wrapping_add(windows.plane);
            V::fetch(ahead);
            ahead = ahead.wrapping_add(share);
        }
        for pixel in 0..COUNT {
            for v in 0..WIDE {
                sums[pixel][v].store(to.add((pixel * WIDE + v) * V::LANES));
            }
        }
    }
}
