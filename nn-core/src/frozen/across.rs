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
    (all(most) < than).then_some(Cut { widest: WIDE, pixels: sizes, order: Order::Across })
}

/// The tile of some neighbouring pixels of a line; `tile.input` is where the window of the line's first pixel begins.
///
/// # Safety
/// The machine has the vector's instruction set; windows, weights and outputs of these pixels lie in memory that is valid for them; they are no more than
/// a tile's.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(lines: &Lines, pixels: Range<usize>, window: &Window, tile: &Tile<V::Element>) {
    let mut places = [0; MOST];
    for (place, at) in places.iter_mut().zip(lines.places(pixels.start)) {
        *place = at;
    }
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
        let [planes, rows, columns] = window.counts;
        for plane in 0..planes {
            for row in 0..rows {
                for column in 0..columns {
                    let [deep, high, wide] = window.strides;
                    let entry = tile.input.add(plane * deep + row * high + column * wide);
                    let mut from = [entry; PIXELS];
                    for pixel in 0..PIXELS {
                        from[pixel] = unknown(entry.add(places[pixel]));
                    }
                    (weight, ahead) = products(window.run, &from, (weight, ahead, tile.share), &mut sums);
                }
            }
        }
        end::<V, WIDE, PIXELS>(&sums, tile);
    }
}

/// Adds the products of a run of so many numbers, which lie from each pixel's place on, and gives the places of the weights behind and of those to ask for next.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn products<V: Vector, const PIXELS: usize>(
    run: usize,
    from: &[*const V::Element; PIXELS],
    (mut weight, mut ahead, share): (*const V::Element, *const V::Element, usize),
    sums: &mut [[V; WIDE]; PIXELS],
) -> (*const V::Element, *const V::Element) {
    let mut at = 0;
    // SAFETY: passed on to the caller.
    unsafe {
        while at + STEPS <= run {
            for more in 0..STEPS {
                step::<V, WIDE, PIXELS>(|pixel| from[pixel].add(at + more), weight, sums);
                weight = weight.add(WIDE * V::LANES);
            }
            // Tiles are so many that each asks for no more than a line of the cache.
            V::fetch(ahead);
            ahead = ahead.wrapping_add(STEPS * share);
            at += STEPS;
        }
        for at in at..run {
            step::<V, WIDE, PIXELS>(|pixel| from[pixel].add(at), weight, sums);
            weight = weight.add(WIDE * V::LANES);
        }
    }
    (weight, ahead)
}
