//! The register tile of frozen convolutions whose neighbouring windows overlap: a number of the input is spread over a vector once, for all the
//! windows of the tile that see it.
//!
//! Of a 3x3 convolution, eight pixels and two vectors of channels, a line of the window takes for each input channel 10 numbers of the input and 6
//! vectors of weights for its 48 products; step by step it would take 30 loads. What is saved is more than time at the load units: the processor
//! keeps a higher clock.

use super::places::Places;
use super::tile::{FEW, Tile, Window, begin, end, registers};
use crate::simd::Vector;

/// How the windows of neighbouring pixels overlap: each line of a window has so many entries, and the next pixel's begins so many entries on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Overlap {
    pub(super) taps: usize,
    pub(super) stride: usize,
}

/// Those that there are tiles for.
const OVERLAPS: [Overlap; 5] = [
    Overlap { taps: 3, stride: 1 },
    Overlap { taps: 5, stride: 1 },
    Overlap { taps: 3, stride: 2 },
    // A window of 4 that moves by 2 too, whose every second number begins a pair; and the phases of transposed convolutions.
    Overlap { taps: 2, stride: 1 },
    Overlap { taps: 4, stride: 1 },
];

impl Overlap {
    /// That of windows, if there are tiles for it.
    pub(super) fn of(window: &Window) -> Option<Overlap> {
        let is = |overlap: &Overlap| {
            let &Overlap { taps, stride } = overlap;
            window.counts[2] == 1 && window.pixel.is_multiple_of(stride) && window.run == window.pixel / stride * taps
        };
        OVERLAPS.into_iter().find(is)
    }

    /// The step of the window whose weights lie in a place: of each line of the window, entry by entry for each number of a pixel.
    pub(super) fn step(self, place: usize, run: usize) -> usize {
        let (line, at) = (place / run, place % run);
        line * run + at % self.taps * (run / self.taps) + at / self.taps
    }

    /// Half cycles of a tile for `taps` steps: one product or one load in each, a product's result eight later.
    pub(super) const fn cycles(self, wide: usize, pixels: usize) -> usize {
        let (loads, products) = ((pixels - 1) * self.stride + self.taps * (1 + wide), pixels * wide * self.taps);
        let most = if loads > products { loads } else { products };
        if most > 8 * self.taps { most } else { 8 * self.taps }
    }

    /// Whether a tile of that size is compiled: sums, the weights of all entries and a number of a pixel fit in the registers.
    pub(super) const fn exists<V: Vector>(self, wide: usize, pixels: usize) -> bool {
        let listed = match wide {
            1 => matches!(pixels, 8 | 10 | 12 | 14 | 16) || registers::<V>() == FEW && pixels == 7,
            2 => matches!(pixels, 4..=10),
            _ => false,
        };
        let seen = (pixels - 1) * self.stride + self.taps;
        listed && seen <= MOST && pixels * wide + self.taps * wide < registers::<V>() && registers::<V>() >= 16
    }
}

/// Bytes of a block's weights up to which all of its window is done at once: they come from the second cache in time, since few other loads are made.
pub(super) const NEAR: usize = 300_000;

/// The most numbers of a line that the windows of a tile see.
const MOST: usize = 20;

/// # Safety
/// As for the other tiles' [`run`](super::tile::run), and the tile [`exists`](Overlap::exists); the weights were packed in the order of [`Overlap::step`].
#[inline(always)]
pub(super) unsafe fn run<V: Vector, const WIDE: usize, const TAPS: usize, const STRIDE: usize>(
    tiles: usize,
    pixels: usize,
    window: &Window,
    tile: Tile<V::Element>,
) {
    macro_rules! sizes {
        ($($pixels:literal)*) => {
            match pixels {
                $($pixels if const { Overlap { taps: TAPS, stride: STRIDE }.exists::<V>(WIDE, $pixels) } => {
                    // SAFETY: passed on to the caller.
                    unsafe {
                        if window.run == TAPS && window.pixel == STRIDE {
                            fixed::<V, WIDE, $pixels, TAPS, STRIDE, true>(tiles, window, tile)
                        } else {
                            fixed::<V, WIDE, $pixels, TAPS, STRIDE, false>(tiles, window, tile)
                        }
                    }
                })*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes!(4 5 6 7 8 9 10 12 14 16)
}

/// Numbers of a pixel that a tile of [`FEW`] registers takes at a time, since to count places takes as many instructions as a fifth of the products.
const TWO: usize = 2;

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn fixed<
    V: Vector,
    const WIDE: usize,
    const PIXELS: usize,
    const TAPS: usize,
    const STRIDE: usize,
    const NEXT: bool,
>(
    tiles: usize,
    window: &Window,
    mut tile: Tile<V::Element>,
) {
    for _ in 0..tiles {
        // SAFETY: passed on to the caller.
        unsafe {
            let mut sums = begin::<V, WIDE, PIXELS>(&tile);
            tile.ahead = products::<V, WIDE, PIXELS, TAPS, STRIDE, NEXT>(window, &tile, &mut sums);
            end::<V, WIDE, PIXELS>(&sums, &tile);
        }
        tile.go_on(PIXELS, window);
    }
}

/// Adds the products of a tile, and gives the place of the weights that the next one asks for. In planes the numbers of a line are `NEXT` to each other: their
/// places are known beforehand, and counting them would take the units of products.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn products<
    V: Vector,
    const WIDE: usize,
    const PIXELS: usize,
    const TAPS: usize,
    const STRIDE: usize,
    const NEXT: bool,
>(
    window: &Window,
    tile: &Tile<V::Element>,
    sums: &mut [[V; WIDE]; PIXELS],
) -> *const V::Element {
    let distance = if NEXT { 1 } else { window.pixel / STRIDE };
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let (mut weight, mut ahead) = (tile.weight, tile.ahead);
        let mut plane = tile.input;
        for _ in 0..window.counts[0] {
            let mut line = plane;
            for _ in 0..window.counts[1] {
                let seen = if NEXT { 1 } else { (PIXELS - 1) * STRIDE + TAPS };
                let mut from = Places::new(line, distance, seen);
                let mut left = if NEXT { 1 } else { window.run / TAPS };
                macro_rules! take {
                    ($count:expr) => {
                        for at in 0..$count {
                            let place = |number: usize| {
                                if NEXT { line.add(number) } else { from.at(number).wrapping_add(at) }
                            };
                            entry::<V, WIDE, PIXELS, TAPS, STRIDE>(place, weight, sums);
                            weight = weight.add(TAPS * WIDE * V::LANES);
                        }
                        from.go_on($count);
                        V::fetch(ahead);
                        ahead = ahead.wrapping_add($count * TAPS * tile.share);
                        left -= $count;
                    };
                }
                if const { !NEXT && registers::<V>() == FEW } {
                    while left >= TWO {
                        take!(TWO);
                    }
                }
                while left > 0 {
                    take!(1);
                }
                line = line.wrapping_add(window.strides[1]);
            }
            plane = plane.wrapping_add(window.strides[0]);
        }
        ahead
    }
}

/// The products of a number of each pixel that a tile sees, which lies at its `place`, with the weights of all entries of a line of the window.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn entry<V: Vector, const WIDE: usize, const PIXELS: usize, const TAPS: usize, const STRIDE: usize>(
    place: impl Fn(usize) -> *const V::Element,
    weight: *const V::Element,
    sums: &mut [[V; WIDE]; PIXELS],
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let mut factors = [[V::splat(V::Element::default()); WIDE]; TAPS];
        for tap in 0..TAPS {
            for v in 0..WIDE {
                factors[tap][v] = V::load(weight.add((tap * WIDE + v) * V::LANES));
            }
        }
        // A loop over all numbers would be too long for the compiler to unroll.
        macro_rules! seen {
            ($($at:literal)*) => {$(
                if const { $at < (PIXELS - 1) * STRIDE + TAPS } {
                    let x = V::splat(*place($at));
                    for tap in 0..TAPS {
                        if tap <= $at && ($at - tap) % STRIDE == 0 && ($at - tap) / STRIDE < PIXELS {
                            let sum = &mut sums[($at - tap) / STRIDE];
                            for v in 0..WIDE {
                                sum[v] = sum[v].add_product(x, factors[tap][v]);
                            }
                        }
                    }
                }
            )*};
        }
        seen!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19);
    }
}
