//! Squares of inputs and of products, transformed there and back: a vector of channels at a time, of half of the rows at a time, which fit in the registers.

use core::ops::Range;

use nn_shape::ConvGeometry;

use super::super::part::Target;
use crate::Float;
use crate::simd::{Vector, unknown};

/// The same number, of which the optimiser learns nothing: of many places at equal distances it would count each by itself.
#[inline(always)]
fn hidden(number: usize) -> usize {
    unknown(core::ptr::without_provenance::<u8>(number)).addr()
}

/// `x - y`
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn minus<V: Vector>(x: V, y: V) -> V {
    // SAFETY: passed on to the caller.
    unsafe { plus(x, -1.0, y) }
}

/// `x + factor y`
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn plus<V: Vector>(x: V, factor: f64, y: V) -> V {
    // SAFETY: passed on to the caller.
    unsafe { x.add_product(V::splat(V::Element::from_f64(factor)), y) }
}

/// `Bᵀ d`
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn forth<V: Vector, const SQUARE: usize>(d: [V; SQUARE]) -> [V; SQUARE] {
    let mut result = d;
    // SAFETY: passed on to the caller.
    unsafe {
        if SQUARE == 4 {
            result[0] = minus(d[0], d[2]);
            result[1] = d[1].add(d[2]);
            result[2] = minus(d[2], d[1]);
            result[3] = minus(d[1], d[3]);
        } else {
            let (even, odd) = (plus(d[4], -4.0, d[2]), plus(d[3], -4.0, d[1]));
            let (far, near) = (minus(d[4], d[2]), minus(d[3], d[1]));
            result[0] = plus(plus(d[4], 4.0, d[0]), -5.0, d[2]);
            result[1] = even.add(odd);
            result[2] = minus(even, odd);
            result[3] = plus(far, 2.0, near);
            result[4] = plus(far, -2.0, near);
            result[5] = plus(plus(d[5], 4.0, d[1]), -5.0, d[3]);
        }
    }
    result
}

/// `Aᵀ m`
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn back<V: Vector, const SQUARE: usize, const SIDE: usize>(m: [V; SQUARE]) -> [V; SIDE] {
    let mut result = [m[0]; SIDE];
    // SAFETY: passed on to the caller.
    unsafe {
        let (sum, difference) = (m[1].add(m[2]), minus(m[1], m[2]));
        if SQUARE == 4 {
            result[0] = m[0].add(sum);
            result[1] = minus(difference, m[3]);
        } else {
            let (sums, differences) = (m[3].add(m[4]), minus(m[3], m[4]));
            result[0] = m[0].add(sum).add(sums);
            result[1] = plus(difference, 2.0, differences);
            result[2] = plus(sum, 4.0, sums);
            result[3] = plus(difference, 8.0, differences).add(m[5]);
        }
    }
    result
}

/// One of the squares of a convolution.
#[derive(Clone, Copy)]
pub(super) struct Square<'a> {
    pub(super) geometry: &'a ConvGeometry,
    pub(super) number: usize,
}

impl Square<'_> {
    /// Its first row and column.
    #[inline(always)]
    fn corner(self, side: usize) -> [usize; 2] {
        let columns = self.geometry.axes[2].output.div_ceil(side);
        [self.number / columns * side, self.number % columns * side]
    }
}

/// What a square sees of the input.
struct Seen<E, const SQUARE: usize> {
    /// Where each of its rows begins, or would, beside the input; zeros where there is no such row.
    rows: [*const E; SQUARE],
    /// Its columns that lie in the input: the first, and the first behind them.
    inside: [usize; 2],
    channels: usize,
}

/// Transforms the inputs of a square, the halves that are asked for; its places lie `distance` apart in `to`. Whole vectors of channels are written,
/// zeros behind the last one.
///
/// # Safety
/// The machine has the vector's instruction set; `to` is valid for all channels of the square, in whole vectors, at each of its places; the input
/// has its length; there are zeros for a row of the square, in whole vectors.
#[inline(always)]
pub(super) unsafe fn see<V: Vector, const SQUARE: usize, const SIDE: usize>(
    square: Square<'_>,
    halves: Range<usize>,
    input: &[V::Element],
    zeros: &[V::Element],
    to: *mut V::Element,
    distance: usize,
) {
    let [_, height, width] = &square.geometry.axes;
    let channels = square.geometry.in_channels;
    let [top, left] = square.corner(SIDE);
    let mut rows = [zeros.as_ptr(); SQUARE];
    for y in 0..SQUARE {
        // A row in front of the input is at the other end of the numbers.
        let row = (top + y).wrapping_sub(height.before);
        if row < height.input {
            let place = (row * width.input + left) * channels;
            rows[y] = input.as_ptr().wrapping_add(place).wrapping_sub(width.before * channels);
        }
    }
    let end = (width.input + width.before).saturating_sub(left);
    let seen = Seen { rows, inside: [width.before.saturating_sub(left), end], channels };
    let mut channel = 0;
    // SAFETY: columns inside lie in the input, or are zeros; no more channels than there are; the rest is passed on to the caller.
    unsafe {
        while channel + V::LANES <= channels {
            if halves.start == 0 {
                see_half::<V, SQUARE, 0, true>(&seen, channel, to.add(channel), distance);
            }
            if halves.end == 2 {
                see_half::<V, SQUARE, 1, true>(&seen, channel, to.add(channel), distance);
            }
            channel += V::LANES;
        }
        if channel < channels {
            if halves.start == 0 {
                see_half::<V, SQUARE, 0, false>(&seen, channel, to.add(channel), distance);
            }
            if halves.end == 2 {
                see_half::<V, SQUARE, 1, false>(&seen, channel, to.add(channel), distance);
            }
        }
    }
}

/// The upper or the lower half of a transformed square, of a vector of channels, all of which there are if it is `WHOLE`.
///
/// # Safety
/// As for [`see`].
#[inline(always)]
unsafe fn see_half<V: Vector, const SQUARE: usize, const HALF: usize, const WHOLE: bool>(
    seen: &Seen<V::Element, SQUARE>,
    channel: usize,
    to: *mut V::Element,
    distance: usize,
) {
    let half = SQUARE / 2;
    // SAFETY: as the caller vouches.
    unsafe {
        let zero = V::splat(V::Element::default());
        let mut lines = [[zero; SQUARE]; 3];
        for x in 0..SQUARE {
            if x < seen.inside[0] || x >= seen.inside[1] {
                continue;
            }
            let at = hidden(x * seen.channels + channel);
            let mut d = [zero; SQUARE];
            for y in 0..SQUARE {
                let from = seen.rows[y].wrapping_add(at);
                d[y] = if WHOLE { V::load(from) } else { V::load_part(from, seen.channels - channel) };
            }
            let column = forth::<V, SQUARE>(d);
            for y in 0..half {
                lines[y][x] = column[HALF * half + y];
            }
        }
        let mut to = to.add(HALF * half * SQUARE * distance);
        for y in 0..half {
            let line = forth::<V, SQUARE>(lines[y]);
            for x in 0..SQUARE {
                line[x].store(to.add(x * distance));
            }
            to = unknown(to.wrapping_add(SQUARE * distance)).cast_mut();
        }
    }
}

/// The products of squares, and what becomes of them.
pub(super) struct Made<'a, E> {
    /// From one place of a square to the next.
    pub(super) distance: usize,
    /// What is added, if anything.
    pub(super) beside: &'a [E],
    pub(super) bounds: [E; 2],
    pub(super) output: Target<'a, E>,
}

/// Where the outputs of a square go.
struct Outputs<E> {
    beside: *const E,
    to: *mut E,
    /// Rows and columns that there are.
    rows: usize,
    columns: usize,
    /// From one row to the next, and from one pixel to the next.
    row: usize,
    pixel: usize,
}

/// Transforms the products of a square back, and finishes its outputs.
///
/// # Safety
/// The machine has the vector's instruction set; `from` is valid for all channels of the square, in whole vectors, at each of its places; the output
/// has its length, and so has what is beside; nobody else touches the square's outputs.
#[inline(always)]
pub(super) unsafe fn make<V: Vector, const SQUARE: usize, const SIDE: usize>(
    square: Square<'_>,
    from: *const V::Element,
    made: &Made<'_, V::Element>,
) {
    let [_, height, width] = &square.geometry.axes;
    let channels = square.geometry.out_channels;
    let [top, left] = square.corner(SIDE);
    let first = (top * width.output + left) * channels;
    let outputs = Outputs {
        beside: if made.beside.is_empty() { core::ptr::null() } else { made.beside.as_ptr().wrapping_add(first) },
        to: made.output.pointer().wrapping_add(first),
        rows: SIDE.min(height.output - top),
        columns: SIDE.min(width.output - left),
        row: width.output * channels,
        pixel: channels,
    };
    let mut channel = 0;
    // SAFETY: no more rows, columns and channels than there are; the rest is passed on to the caller.
    unsafe {
        while channel + V::LANES <= channels {
            make_half::<V, SQUARE, SIDE, 0, true>(from.add(channel), made, &outputs, channel);
            make_half::<V, SQUARE, SIDE, 1, true>(from.add(channel), made, &outputs, channel);
            channel += V::LANES;
        }
        if channel < channels {
            make_half::<V, SQUARE, SIDE, 0, false>(from.add(channel), made, &outputs, channel);
            make_half::<V, SQUARE, SIDE, 1, false>(from.add(channel), made, &outputs, channel);
        }
    }
}

/// Every second row of the outputs of a square, of a vector of channels, all of which there are if it is `WHOLE`: the same sums lead to all of them.
///
/// # Safety
/// As for [`make`].
#[inline(always)]
unsafe fn make_half<V: Vector, const SQUARE: usize, const SIDE: usize, const HALF: usize, const WHOLE: bool>(
    mut from: *const V::Element,
    made: &Made<'_, V::Element>,
    outputs: &Outputs<V::Element>,
    channel: usize,
) {
    let count = outputs.pixel - channel;
    // SAFETY: as the caller vouches.
    unsafe {
        let (zero, low, high) = (V::splat(V::Element::default()), V::splat(made.bounds[0]), V::splat(made.bounds[1]));
        let mut lines = [[zero; SQUARE]; 2];
        for x in 0..SQUARE {
            let mut m = [zero; SQUARE];
            for y in 0..SQUARE {
                m[y] = V::load(from.add(y * SQUARE * made.distance));
            }
            let column = back::<V, SQUARE, SIDE>(m);
            for y in 0..SIDE / 2 {
                lines[y][x] = column[HALF + 2 * y];
            }
            from = unknown(from.wrapping_add(made.distance));
        }
        for y in 0..SIDE / 2 {
            if HALF + 2 * y >= outputs.rows {
                break;
            }
            let mut line = back::<V, SQUARE, SIDE>(lines[y]);
            let at = (HALF + 2 * y) * outputs.row + channel;
            if !outputs.beside.is_null() {
                let from = unknown(outputs.beside.wrapping_add(at));
                for x in 0..SIDE {
                    if x < outputs.columns {
                        let from = from.add(x * outputs.pixel);
                        line[x] = line[x].add(if WHOLE { V::load(from) } else { V::load_part(from, count) });
                    }
                }
            }
            for x in 0..SIDE {
                line[x] = line[x].at_least(low);
            }
            if made.bounds[1] < V::Element::ZERO - V::Element::NEG_INFINITY {
                for x in 0..SIDE {
                    line[x] = line[x].at_most(high);
                }
            }
            let to = unknown(outputs.to.wrapping_add(at)).cast_mut();
            for x in 0..SIDE {
                if x < outputs.columns {
                    let to = to.add(x * outputs.pixel);
                    if WHOLE { line[x].store(to) } else { line[x].store_part(to, count) }
                }
            }
        }
    }
}
