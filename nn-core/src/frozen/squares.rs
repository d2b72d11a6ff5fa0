//! Frozen 3x3 convolutions done in squares, Winograd's way ([`nn_shape::winograd`]).
//!
//! A square of `SIDE x SIDE` outputs is `Aᵀ ((G w Gᵀ) · (Bᵀ d B)) A`, d being the `SQUARE x SQUARE` inputs that it sees, `SQUARE = SIDE + 2`, and `·` the
//! product number by number, summed over channels: for each of its `SQUARE²` places a product of matrices, squares by channels, which is the
//! tile of 1x1 convolutions. `G w Gᵀ` is computed when weights are packed, in `f64`.

use nn_shape::ConvGeometry;
use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;
use nn_shape::winograd;

use super::conv::{Job, SIDE, Tiles};
use super::cut::{Cut, width};
use super::lines::Lines;
use super::pack::Parameters;
use super::part::{Part, Target};
use super::run::Operands;
use crate::Float;
use crate::simd::{Vector, apart};

/// G for sides of 2.
const TWO: [[f64; 3]; 4] = [[1.0, 0.0, 0.0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.0, 0.0, 1.0]];

/// G for sides of 4.
const FOUR: [[f64; 3]; 6] = [
    [1.0 / 4.0, 0.0, 0.0],
    [-1.0 / 6.0, -1.0 / 6.0, -1.0 / 6.0],
    [-1.0 / 6.0, 1.0 / 6.0, -1.0 / 6.0],
    [1.0 / 24.0, 1.0 / 12.0, 1.0 / 6.0],
    [1.0 / 24.0, -1.0 / 12.0, 1.0 / 6.0],
    [0.0, 0.0, 1.0],
];

/// Packs biases, as many zeros, and for each place of a square the transformed weights in the order of tiles.
#[inline(never)]
pub(super) fn pack<V: Vector>(
    geometry: &ConvGeometry,
    side: usize,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
) {
    let (inputs, outputs) = (geometry.in_channels, geometry.out_channels);
    let whole = outputs.next_multiple_of(MAX_LANES);
    let cut = Cut::best::<V>(winograd::round(geometry, side), outputs.div_ceil(V::LANES), inputs);
    cut.write(&mut packed[..HEADER]);
    packed[SIDE] = V::Element::from_usize(side);
    let (bias, rest) = packed[HEADER..].split_at_mut(whole);
    let weight = &mut rest[whole..];
    let transform: &[[f64; 3]] = if side == 4 { &FOUR } else { &TWO };
    let vectors = outputs.div_ceil(V::LANES);
    let mut vector = 0;
    while vector < vectors {
        let lanes = width((vectors - vector).min(cut.widest)) * V::LANES;
        let first = vector * V::LANES;
        for lane in 0..lanes.min(outputs - first) {
            let (factor, addend) = parameters.output(first + lane);
            bias[first + lane] = V::Element::from_f64(addend);
            for input in 0..inputs {
                let from = &parameters.weight[((first + lane) * inputs + input) * 9..][..9];
                let w: [f64; 9] = core::array::from_fn(|entry| from[entry].to_f64() * factor);
                for (row, g) in transform.iter().enumerate() {
                    // A row of G w.
                    let line: [f64; 3] = core::array::from_fn(|x| (0..3).map(|y| g[y] * w[3 * y + x]).sum());
                    for (column, g) in transform.iter().enumerate() {
                        let place = row * transform.len() + column;
                        let value: f64 = (0..3).map(|x| line[x] * g[x]).sum();
                        weight[(place * whole + first) * inputs + input * lanes + lane] = V::Element::from_f64(value);
                    }
                }
            }
        }
        vector += lanes / V::LANES;
    }
}

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    side: usize,
    operands: &mut Operands<'_, V::Element>,
    tiles: Tiles<V::Element>,
    bounds: [V::Element; 2],
) {
    assert!(V::MANY_SIZES, "convolutions in squares are for vectors of the machine's own");
    let Operands { inputs, packed, .. } = *operands;
    let operands = Operands { inputs, output: &mut *operands.output, scratch: &mut *operands.scratch, packed };
    // SAFETY: passed on to the caller.
    unsafe {
        match side {
            _ if const { !V::MANY_SIZES } => {}
            4 => rounds::<V, 6, 4>(geometry, operands, tiles, bounds),
            _ => rounds::<V, 4, 2>(geometry, operands, tiles, bounds),
        }
    }
}

apart! {
    /// Some squares at a time: their inputs are transformed, multiplied, and transformed back.
    ///
    /// # Safety
    /// As for [`run`].
    unsafe fn rounds<'a, V, const SQUARE: usize, const SIDE: usize>(
        geometry: &'a ConvGeometry, operands: Operands<'a, V::Element>, tiles: Tiles<V::Element>, bounds: [V::Element; 2],
    ) = rounds_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn rounds_body<V: Vector, const SQUARE: usize, const SIDE: usize>(
    geometry: &ConvGeometry,
    operands: Operands<'_, V::Element>,
    tiles: Tiles<V::Element>,
    bounds: [V::Element; 2],
) {
    let (inputs, outputs) = (geometry.in_channels, geometry.out_channels);
    let whole = outputs.next_multiple_of(MAX_LANES);
    let (all, round) = (winograd::squares(geometry, SIDE), winograd::round(geometry, SIDE));
    let [input, beside] = operands.inputs;
    let [seen_apart, made_apart] = [inputs, outputs].map(|channels| winograd::apart(round, channels));
    let (seen, made) = operands.scratch.split_at_mut(SQUARE * SQUARE * seen_apart);
    let made = &mut made[..SQUARE * SQUARE * made_apart];
    let packed = &operands.packed[HEADER..][..2 * whole + SQUARE * SQUARE * whole * inputs];
    let (bias, rest) = packed.split_at(whole);
    let (zeros, weight) = rest.split_at(whole);
    let cut = Cut::read(operands.packed);
    let lines = Lines::linear(round, inputs, outputs);
    let unbounded = [V::Element::NEG_INFINITY, V::Element::ZERO - V::Element::NEG_INFINITY];
    assert!(winograd::is_possible(geometry), "a window that squares can be made of");
    assert!(input.len() == geometry.input_len() && operands.output.len() == geometry.output_len(), "the operands");
    assert!(beside.is_empty() || beside.len() == operands.output.len(), "what is added is as long as the output");
    let mut first = 0;
    while first < all {
        // The last round may overlap the one before: it computes the same again.
        let start = first.min(all - round);
        for square in 0..round {
            // SAFETY: `seen` has room for `round` squares of all channels, the input has its length; the rest is the caller's.
            unsafe { see::<V, SQUARE, SIDE>(geometry, start + square, input, &mut seen[square * inputs..], seen_apart) }
        }
        for place in 0..SQUARE * SQUARE {
            let source = &seen[place * seen_apart..][..round * inputs];
            let to = &mut made[place * made_apart..][..round * outputs];
            let weight = &weight[place * whole * inputs..][..whole * inputs];
            let (lines, cut, bias, bounds, output) = (&lines, &cut, zeros, unbounded, Target::new(to));
            let part = Part::ALL;
            // SAFETY: passed on to the caller.
            unsafe { tiles(Job { lines, part, cut, group: 0, source, beside: &[], bias, weight, bounds, output }) }
        }
        for square in 0..round {
            let made = Made { from: &made[square * outputs..], distance: made_apart, bias, beside, bounds };
            // SAFETY: `made` holds `round` squares of all channels, the output has its length; the rest is the caller's.
            unsafe { make::<V, SQUARE, SIDE>(geometry, start + square, &made, operands.output) }
        }
        first += round;
    }
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

/// Transforms the inputs of a square; its places lie `distance` apart in `to`.
///
/// # Safety
/// The machine has the vector's instruction set; `to` holds all channels of the square at each of its places; the input has its length.
#[inline(always)]
unsafe fn see<V: Vector, const SQUARE: usize, const SIDE: usize>(
    geometry: &ConvGeometry,
    square: usize,
    input: &[V::Element],
    to: &mut [V::Element],
    distance: usize,
) {
    let [_, height, width] = &geometry.axes;
    let channels = geometry.in_channels;
    let columns = width.output.div_ceil(SIDE);
    // Rows and columns in front of the input are at the other end of the numbers.
    let top = (square / columns * SIDE).wrapping_sub(height.before);
    let left = (square % columns * SIDE).wrapping_sub(width.before);
    let lies = |first: usize, len: usize| first < len && len - first >= SQUARE;
    let inside = lies(top, height.input) && lies(left, width.input);
    for channel in (0..channels).step_by(V::LANES) {
        let count = V::LANES.min(channels - channel);
        // SAFETY: places outside of the input are not read, and no more channels than there are; the rest is passed on to the caller.
        unsafe {
            let zero = V::splat(V::Element::default());
            let mut d = [[zero; SQUARE]; SQUARE];
            if inside && count == V::LANES {
                let from = input.as_ptr().add((top * width.input + left) * channels + channel);
                for y in 0..SQUARE {
                    for x in 0..SQUARE {
                        d[x][y] = V::load(from.add((y * width.input + x) * channels));
                    }
                }
            } else {
                for y in 0..SQUARE {
                    for x in 0..SQUARE {
                        let (row, column) = (top.wrapping_add(y), left.wrapping_add(x));
                        if row < height.input && column < width.input {
                            let from = input.as_ptr().add((row * width.input + column) * channels + channel);
                            d[x][y] = if count == V::LANES { V::load(from) } else { V::load_part(from, count) };
                        }
                    }
                }
            }
            let mut rows = [[zero; SQUARE]; SQUARE];
            for x in 0..SQUARE {
                let column = forth::<V, SQUARE>(d[x]);
                for y in 0..SQUARE {
                    rows[y][x] = column[y];
                }
            }
            for y in 0..SQUARE {
                let row = forth::<V, SQUARE>(rows[y]);
                for x in 0..SQUARE {
                    let to = to.as_mut_ptr().add((y * SQUARE + x) * distance + channel);
                    if count == V::LANES { row[x].store(to) } else { row[x].store_part(to, count) }
                }
            }
        }
    }
}

/// The products of a square, and what becomes of them.
struct Made<'a, E> {
    from: &'a [E],
    /// From one of its places to the next.
    distance: usize,
    bias: &'a [E],
    beside: &'a [E],
    bounds: [E; 2],
}

/// Transforms the products of a square back, and finishes its outputs.
///
/// # Safety
/// The machine has the vector's instruction set; `made` holds all channels of the square at each of its places; the output has its length.
#[inline(always)]
unsafe fn make<V: Vector, const SQUARE: usize, const SIDE: usize>(
    geometry: &ConvGeometry,
    square: usize,
    made: &Made<'_, V::Element>,
    output: &mut [V::Element],
) {
    let [_, height, width] = &geometry.axes;
    let channels = geometry.out_channels;
    let columns = width.output.div_ceil(SIDE);
    let (top, left) = (square / columns * SIDE, square % columns * SIDE);
    for channel in (0..channels).step_by(V::LANES) {
        let count = V::LANES.min(channels - channel);
        // SAFETY: places outside of the output are not touched, and no more channels than there are; biases are padded to whole vectors; the
        // rest is passed on to the caller.
        unsafe {
            let (low, high) = (V::splat(made.bounds[0]), V::splat(made.bounds[1]));
            let bias = V::load(made.bias.as_ptr().add(channel));
            let mut lines = [[bias; SQUARE]; SIDE];
            for x in 0..SQUARE {
                let mut column = [bias; SQUARE];
                for y in 0..SQUARE {
                    let from = made.from.as_ptr().add((y * SQUARE + x) * made.distance + channel);
                    column[y] = if count == V::LANES { V::load(from) } else { V::load_part(from, count) };
                }
                let column = back::<V, SQUARE, SIDE>(column);
                for y in 0..SIDE {
                    lines[y][x] = column[y];
                }
            }
            for y in 0..SIDE {
                let line = back::<V, SQUARE, SIDE>(lines[y]);
                for x in 0..SIDE {
                    if top + y >= height.output || left + x >= width.output {
                        continue;
                    }
                    let at = ((top + y) * width.output + left + x) * channels + channel;
                    let mut value = line[x].add(bias);
                    if count == V::LANES {
                        if !made.beside.is_empty() {
                            value = value.add(V::load(made.beside.as_ptr().add(at)));
                        }
                        value.at_least(low).at_most(high).store(output.as_mut_ptr().add(at));
                    } else {
                        if !made.beside.is_empty() {
                            value = value.add(V::load_part(made.beside.as_ptr().add(at), count));
                        }
                        value.at_least(low).at_most(high).store_part(output.as_mut_ptr().add(at), count);
                    }
                }
            }
        }
    }
}
