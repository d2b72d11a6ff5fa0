//! The register tile of frozen convolutions and linear layers: a few neighbouring pixels times a few vectors of output channels.
//!
//! Every number of a pixel's window is spread over a vector and multiplied with packed weights. Windows lie in the input as they are: with channels
//! last, a line of a window is one run of numbers.

use core::mem::MaybeUninit;

use nn_shape::tile::MAX_LANES;

use super::places::Places;
use crate::simd::{Vector, apart};

/// Vectors of output channels that a tile may be wide, from the widest on.
pub(super) const WIDTHS: [usize; 5] = [8, 4, 3, 2, 1];

/// The most accumulators of a tile.
const SUMS: usize = 28;

/// Products of a step from which on a tile asks for weights ahead.
pub(super) const FETCHING: usize = 14;

/// The same where tiles take [`STEPS`] at a time and have [`FEW`] registers; of one vector the weights are few, and a tile asks for none.
const FETCHING_FEW: usize = 8;

/// Steps that a tile takes at a time, if it is one vector wide or has [`FEW`] registers: to count places takes as many instructions as a third of the products of a small tile.
pub(super) const STEPS: usize = 4;

/// So few registers that those beside sums count.
pub(super) const FEW: usize = 16;

/// Registers for sums and operands.
pub(super) const fn registers<V: Vector>() -> usize {
    match V::ACCUMULATORS {
        24 => 32,
        12 => 16,
        // Without one instruction for product and sum, the product takes a register too.
        other => other + 5,
    }
}

/// Whether a tile of that size is compiled: its sums, the vectors of a step's weights and a pixel's number fit in the registers, or, where [`pixels_first`], the pixels' numbers
/// and a vector of weights; of [`FEW`] one is left else, without which the compiler keeps a sum in memory; few enough to be built fast, enough that no line of pixels wastes much.
pub(super) const fn exists(registers: usize, width: usize, pixels: usize) -> bool {
    let listed = match width {
        // Of the portable vector few sizes will do.
        _ if registers < 16 => matches!((width, pixels), (_, 1) | (..=4, 2) | (..=2, 4) | (1, 8)),
        1 => matches!(pixels, 1 | 2 | 4 | 8 | 10 | 14 | 16) || registers == FEW && pixels == 12,
        2 => matches!(pixels, 1 | 2 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 12 | 14) || registers == FEW && pixels == 3,
        3 => matches!(pixels, 1 | 2 | 4 | 6 | 7 | 8),
        4 => matches!(pixels, 1..=6),
        _ => matches!(pixels, 1 | 2),
    };
    let operands = match registers {
        FEW if pixels_first(registers, width, pixels) => pixels,
        FEW => width + 1,
        _ => width,
    };
    listed && (pixels * width + operands < registers || pixels == 1)
}

/// Whether a step loads the numbers of its pixels before its weights: of [`FEW`] registers, three pixels times four vectors take 7 loads for 12 products, where six times two
/// take 8.
pub(super) const fn pixels_first(registers: usize, width: usize, pixels: usize) -> bool {
    registers == FEW && width == 4 && pixels == 3
}

/// Where the windows lie: lines of `run` numbers, `counts` of them, `strides` apart.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) counts: [usize; 3],
    pub(super) strides: [usize; 3],
    pub(super) run: usize,
    /// From one pixel's window to the next one's.
    pub(super) pixel: usize,
}

/// Where a tile's operands lie and where it goes.
#[derive(Clone, Copy)]
pub(super) struct Tile<E> {
    pub(super) input: *const E,
    pub(super) weight: *const E,
    /// What the sums begin with; null where they go on from what the output holds: the tile is full then.
    pub(super) bias: *const E,
    /// What is added beside, laid out as the output; null for nothing. Of a full tile's sums those that go on have it already.
    pub(super) beside: *const E,
    pub(super) output: *mut E,
    /// From one pixel's outputs to the next one's.
    pub(super) step: usize,
    /// Outputs of each pixel.
    pub(super) count: usize,
    pub(super) bounds: [E; 2],
    /// Weights that are read later and asked for now, so many numbers on at each step; a hint, which need not be valid.
    pub(super) ahead: *const E,
    pub(super) share: usize,
}

impl<E> Tile<E> {
    /// The tile of as many pixels behind this one.
    #[inline(always)]
    pub(super) fn go_on(&mut self, pixels: usize, window: &Window) {
        let step = pixels * self.step;
        self.input = self.input.wrapping_add(pixels * window.pixel);
        self.output = self.output.wrapping_add(step);
        if !self.beside.is_null() {
            self.beside = self.beside.wrapping_add(step);
        }
    }
}

/// So many `tiles` of as many pixels, one behind the other, of which `tile` is the first.
///
/// # Safety
/// The machine has the vector's instruction set; `WIDE` and `pixels` are a tile that [`exists`]; all of the tiles' windows, weights and outputs
/// lie in memory that is valid for it.
#[inline(always)]
pub(super) unsafe fn run<V: Vector, const WIDE: usize>(
    tiles: usize,
    pixels: usize,
    window: &Window,
    tile: Tile<V::Element>,
) {
    macro_rules! sizes {
        ($($width:literal: $($pixels:literal)*;)*) => {
            match pixels {
                $($($pixels if const { WIDE == $width && exists(registers::<V>(), $width, $pixels) } => {
                    // SAFETY: passed on to the caller.
                    unsafe {
                        if $width == 1 && window.pixel == 1 {
                            fixed::<V, $width, $pixels, true>(tiles, window, tile)
                        } else {
                            fixed::<V, $width, $pixels, false>(tiles, window, tile)
                        }
                    }
                })*)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes! {
        1: 1 2 4 8 10 12 14 16;
        2: 1 2 3 4 5 6 7 8 9 10 12 14;
        3: 1 2 4 6 7 8;
        4: 1 2 3 4 5 6;
        8: 1 2;
    }
}

/// Pixels are `NEXT` to each other or anywhere: the former need no places of their own.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn fixed<V: Vector, const WIDTH: usize, const PIXELS: usize, const NEXT: bool>(
    tiles: usize,
    window: &Window,
    mut tile: Tile<V::Element>,
) {
    for _ in 0..tiles {
        // SAFETY: passed on to the caller.
        unsafe {
            let mut sums = begin::<V, WIDTH, PIXELS>(&tile);
            tile.ahead = products::<V, WIDTH, PIXELS, NEXT>(window, &tile, &mut sums);
            end::<V, WIDTH, PIXELS>(&sums, &tile);
        }
        tile.go_on(PIXELS, window);
    }
}

/// Adds the products of a tile, and gives the place of the weights that the next one asks for.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn products<V: Vector, const WIDTH: usize, const PIXELS: usize, const NEXT: bool>(
    window: &Window,
    tile: &Tile<V::Element>,
    sums: &mut [[V; WIDTH]; PIXELS],
) -> *const V::Element {
    let distance = if NEXT { 1 } else { window.pixel };
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut ahead = tile.ahead;
        let mut weight = tile.weight;
        // Places are counted on: a tile's first loads would wait for products.
        let mut plane = tile.input;
        for _ in 0..window.counts[0] {
            let mut row = plane;
            for _ in 0..window.counts[1] {
                let mut entry = row;
                for _ in 0..window.counts[2] {
                    // Tiles one vector wide take several steps for each place.
                    let mut from = Places::hidden(entry, distance, PIXELS, WIDTH > 1);
                    let mut left = window.run;
                    if const { WIDTH == 1 && FEW < registers::<V>() && PIXELS + STEPS < registers::<V>() } {
                        while left >= STEPS {
                            several::<V, WIDTH, PIXELS, STEPS>(from.at(0), distance, weight, sums);
                            weight = weight.add(STEPS * V::LANES);
                            from.go_on(STEPS);
                            V::fetch(ahead);
                            ahead = ahead.wrapping_add(STEPS * tile.share);
                            left -= STEPS;
                        }
                        if left == 3 {
                            several::<V, WIDTH, PIXELS, 3>(from.at(0), distance, weight, sums);
                            weight = weight.add(3 * V::LANES);
                            left = 0;
                        }
                    }
                    if const { registers::<V>() == FEW } {
                        while left >= STEPS {
                            for at in 0..STEPS {
                                step::<V, WIDTH, PIXELS>(|pixel| from.at(pixel).wrapping_add(at), weight, sums);
                                weight = weight.add(WIDTH * V::LANES);
                            }
                            from.go_on(STEPS);
                            if const { WIDTH > 1 && WIDTH * PIXELS >= FETCHING_FEW } {
                                V::fetch(ahead);
                                ahead = ahead.wrapping_add(STEPS * tile.share);
                            }
                            left -= STEPS;
                        }
                    }
                    for _ in 0..left {
                        step::<V, WIDTH, PIXELS>(|pixel| from.at(pixel), weight, sums);
                        weight = weight.add(WIDTH * V::LANES);
                        from.go_on(1);
                        // Where there is little to do for a step, one load more would be felt.
                        if const { WIDTH * PIXELS >= FETCHING } {
                            V::fetch(ahead);
                            ahead = ahead.wrapping_add(tile.share);
                        }
                    }
                    entry = entry.wrapping_add(window.strides[2]);
                }
                row = row.wrapping_add(window.strides[1]);
            }
            plane = plane.wrapping_add(window.strides[0]);
        }
        ahead
    }
}

/// The products of a step: a number of each pixel, which lies at its `place`, with the step's weights.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
pub(super) unsafe fn step<V: Vector, const WIDTH: usize, const PIXELS: usize>(
    place: impl Fn(usize) -> *const V::Element,
    weight: *const V::Element,
    sums: &mut [[V; WIDTH]; PIXELS],
) {
    // SAFETY: passed on to the caller.
    unsafe {
        if const { pixels_first(registers::<V>(), WIDTH, PIXELS) } {
            let mut x = [V::splat(V::Element::default()); PIXELS];
            for pixel in 0..PIXELS {
                x[pixel] = V::splat(*place(pixel));
            }
            for v in 0..WIDTH {
                let factor = V::load(weight.add(v * V::LANES));
                for pixel in 0..PIXELS {
                    sums[pixel][v] = sums[pixel][v].add_product(x[pixel], factor);
                }
            }
            return;
        }
        let mut factors = [V::splat(V::Element::default()); WIDTH];
        for v in 0..WIDTH {
            factors[v] = V::load(weight.add(v * V::LANES));
        }
        for pixel in 0..PIXELS {
            let x = V::splat(*place(pixel));
            for v in 0..WIDTH {
                sums[pixel][v] = sums[pixel][v].add_product(x, factors[v]);
            }
        }
    }
}

/// What the sums of a tile begin with. That is where a full tile takes what is added beside: in the end it would wait for it.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
pub(super) unsafe fn begin<V: Vector, const WIDTH: usize, const PIXELS: usize>(
    tile: &Tile<V::Element>,
) -> [[V; WIDTH]; PIXELS] {
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); WIDTH]; PIXELS];
        if tile.bias.is_null() {
            for pixel in 0..PIXELS {
                for v in 0..WIDTH {
                    sums[pixel][v] = V::load(tile.output.add(pixel * tile.step + v * V::LANES));
                }
            }
            return sums;
        }
        for v in 0..WIDTH {
            let bias = V::load(tile.bias.add(v * V::LANES));
            for pixel in 0..PIXELS {
                sums[pixel][v] = bias;
            }
        }
        if !tile.beside.is_null() && tile.count == WIDTH * V::LANES {
            for pixel in 0..PIXELS {
                for v in 0..WIDTH {
                    sums[pixel][v] = sums[pixel][v].add(V::load(tile.beside.add(pixel * tile.step + v * V::LANES)));
                }
            }
        }
        sums
    }
}

/// Bounds and stores the sums of a tile; adds what is beside, unless the tile is full.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
pub(super) unsafe fn end<V: Vector, const WIDTH: usize, const PIXELS: usize>(
    sums: &[[V; WIDTH]; PIXELS],
    tile: &Tile<V::Element>,
) {
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        if tile.count == WIDTH * V::LANES {
            let (low, high) = (V::splat(tile.bounds[0]), V::splat(tile.bounds[1]));
            for pixel in 0..PIXELS {
                let to = tile.output.add(pixel * tile.step);
                for v in 0..WIDTH {
                    sums[pixel][v].at_least(low).at_most(high).store(to.add(v * V::LANES));
                }
            }
            return;
        }
        // A loop that is not unrolled would keep all sums in memory, from the first step on: they go there now.
        let mut kept = [const { MaybeUninit::<V::Element>::uninit() }; SUMS * MAX_LANES];
        let kept = kept.as_mut_ptr().cast::<V::Element>();
        for pixel in 0..PIXELS {
            for v in 0..WIDTH {
                sums[pixel][v].store(kept.add((pixel * WIDTH + v) * V::LANES));
            }
        }
        // Known sizes would be unrolled, for each of them.
        put::<V>(core::hint::black_box([PIXELS, WIDTH]), kept, *tile);
    }
}

/// Some steps at a time of a tile one vector wide: places of pixels are counted once for all of them, which would otherwise take longer than the products.
///
/// # Safety
/// As for [`run`]; there are as many steps left in the run.
#[inline(always)]
unsafe fn several<V: Vector, const WIDTH: usize, const PIXELS: usize, const COUNT: usize>(
    mut from: *const V::Element,
    distance: usize,
    weight: *const V::Element,
    sums: &mut [[V; WIDTH]; PIXELS],
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let mut factors = [V::splat(V::Element::default()); COUNT];
        for step in 0..COUNT {
            factors[step] = V::load(weight.add(step * V::LANES));
        }
        for pixel in 0..PIXELS {
            for step in 0..COUNT {
                sums[pixel][0] = sums[pixel][0].add_product(V::splat(*from.add(step)), factors[step]);
            }
            from = from.wrapping_add(distance);
        }
    }
}

apart! {
    /// Adds what is beside, bounds and stores the outputs of a tile of so many pixels and vectors, the last of which is not full: one function for all tiles.
    ///
    /// # Safety
    /// As for [`run`]; `sums` is valid for reading the tile.
    unsafe fn put<'a, V>(size: [usize; 2], sums: *const V::Element, tile: Tile<V::Element>) = put_body;
}

/// # Safety
/// As for [`put`].
#[inline(always)]
unsafe fn put_body<V: Vector>([pixels, width]: [usize; 2], sums: *const V::Element, tile: Tile<V::Element>) {
    // SAFETY: the caller vouches for the memory and for the instruction set; no more than `count` numbers of a pixel are read and written.
    unsafe {
        let (low, high) = (V::splat(tile.bounds[0]), V::splat(tile.bounds[1]));
        for pixel in 0..pixels {
            for v in 0..width {
                let mut sum = V::load(sums.add((pixel * width + v) * V::LANES));
                let at = pixel * tile.step + v * V::LANES;
                let count = tile.count - v * V::LANES;
                if count >= V::LANES {
                    if !tile.beside.is_null() {
                        sum = sum.add(V::load(tile.beside.add(at)));
                    }
                    sum.at_least(low).at_most(high).store(tile.output.add(at));
                } else {
                    if !tile.beside.is_null() {
                        sum = sum.add(V::load_part(tile.beside.add(at), count));
                    }
                    sum.at_least(low).at_most(high).store_part(tile.output.add(at), count);
                }
            }
        }
    }
}

/// Adds what is beside, bounds and stores the outputs of one pixel, `at` numbers from the first.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
pub(super) unsafe fn finish<V: Vector, const WIDTH: usize>(sums: &[V; WIDTH], at: usize, tile: &Tile<V::Element>) {
    // SAFETY: the caller vouches for the memory and for the instruction set; no more than `count` numbers are read and written.
    unsafe {
        let (low, high) = (V::splat(tile.bounds[0]), V::splat(tile.bounds[1]));
        for v in 0..WIDTH {
            let (at, mut sum) = (at + v * V::LANES, sums[v]);
            if v + 1 < WIDTH || tile.count >= WIDTH * V::LANES {
                if !tile.beside.is_null() {
                    sum = sum.add(V::load(tile.beside.add(at)));
                }
                sum.at_least(low).at_most(high).store(tile.output.add(at));
            } else {
                let count = tile.count - v * V::LANES;
                if !tile.beside.is_null() {
                    sum = sum.add(V::load_part(tile.beside.add(at), count));
                }
                // A store with a mask takes some machines ten times as long, and whoever reads a number of it at once waits.
                sum.at_least(low).at_most(high).store_pieces(tile.output.add(at), count);
            }
        }
    }
}
