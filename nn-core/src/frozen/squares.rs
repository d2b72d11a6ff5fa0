//! Frozen 3x3 convolutions done in squares, Winograd's way ([`nn_shape::winograd`]).
//!
//! A square of `SIDE x SIDE` outputs is `Aᵀ ((G w Gᵀ) · (Bᵀ d B)) A`, d being the `SQUARE x SQUARE` inputs that it sees, `SQUARE = SIDE + 2`, and `·` the
//! product number by number, summed over channels: for each of its `SQUARE²` places a product of matrices, squares by channels ([`products`]). `G w Gᵀ` is
//! computed when weights are packed, in `f64`. The bias is added to the one place that all outputs of a square take as it is.

mod products;
mod transform;

use nn_shape::ConvGeometry;
use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;
use nn_shape::winograd;

use super::conv::SIDE;
use super::cut::{Cut, index};
use super::pack::Parameters;
use super::run::Operands;
use crate::Float;
use crate::simd::{Vector, apart};
use products::{Products, multiply, width};
use transform::{Made, make, see};

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
    let cut = products::cut::<V>(winograd::round(geometry, side), outputs.div_ceil(V::LANES), inputs);
    cut.write(&mut packed[..HEADER]);
    packed[SIDE] = V::Element::from_usize(side);
    let (bias, rest) = packed[HEADER..].split_at_mut(whole);
    let weight = &mut rest[whole..];
    let transform: &[[f64; 3]] = if side == 4 { &FOUR } else { &TWO };
    let vectors = outputs.div_ceil(V::LANES);
    let mut vector = 0;
    while vector < vectors {
        let lanes = width(vectors - vector, cut.widest) * V::LANES;
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
    bounds: [V::Element; 2],
) {
    assert!(V::MANY_SIZES, "convolutions in squares are for vectors of the machine's own");
    let Operands { inputs, packed, .. } = *operands;
    let operands = Operands { inputs, output: &mut *operands.output, scratch: &mut *operands.scratch, packed };
    // SAFETY: passed on to the caller.
    unsafe {
        match side {
            _ if const { !V::MANY_SIZES } => {}
            4 => rounds::<V, 6, 4>(geometry, operands, bounds),
            _ => rounds::<V, 4, 2>(geometry, operands, bounds),
        }
    }
}

apart! {
    /// Some squares at a time: their inputs are transformed, multiplied, and transformed back.
    ///
    /// # Safety
    /// As for [`run`].
    unsafe fn rounds<'a, V, const SQUARE: usize, const SIDE: usize>(
        geometry: &'a ConvGeometry, operands: Operands<'a, V::Element>, bounds: [V::Element; 2],
    ) = rounds_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn rounds_body<V: Vector, const SQUARE: usize, const SIDE: usize>(
    geometry: &ConvGeometry,
    operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
) {
    let (inputs, outputs) = (geometry.in_channels, geometry.out_channels);
    let (all, round) = (winograd::squares(geometry, SIDE), winograd::round(geometry, SIDE));
    let [input, beside] = operands.inputs;
    let [wide_in, wide_out] = [inputs, outputs].map(|channels| channels.next_multiple_of(MAX_LANES));
    let [seen_apart, made_apart] = [inputs, outputs].map(|channels| winograd::apart(round, channels));
    assert!(winograd::is_possible(geometry), "a window that squares can be made of");
    assert!(input.len() == geometry.input_len() && operands.output.len() == geometry.output_len(), "the operands");
    assert!(beside.is_empty() || beside.len() == operands.output.len(), "what is added is as long as the output");
    let (none, rest) = operands.scratch.split_at_mut(SQUARE * wide_in);
    let (seen, rest) = rest.split_at_mut(SQUARE * SQUARE * seen_apart);
    let made = rest[..SQUARE * SQUARE * made_apart].as_mut_ptr();
    none.fill(V::Element::ZERO);
    let packed = &operands.packed[HEADER..][..2 * wide_out + SQUARE * SQUARE * wide_out * inputs];
    let (bias, rest) = packed.split_at(wide_out);
    let (zeros, weight) = rest.split_at(wide_out);
    let cut = Cut::read(operands.packed);
    let vectors = outputs.div_ceil(V::LANES);
    let tile = |wide: usize| cut.pixels[index(wide)];
    assert!((1..=4).contains(&cut.widest), "the weights were packed for this");
    assert!([1, 2, 4].iter().all(|wide| (1..=round).contains(&tile(*wide))), "the weights were packed for this");
    let far = winograd::is_far(weight.len());
    let finish = Made { distance: made_apart, beside, bounds };
    let mut first = 0;
    while first < all {
        // The last round may overlap the one before: it computes the same again.
        let start = first.min(all - round);
        for square in 0..round {
            let to = seen[square * wide_in..].as_mut_ptr();
            // SAFETY: `seen` has room for `round` squares of all channels, the input has its length; the rest is the caller's.
            unsafe { see::<V, SQUARE, SIDE>(geometry, start + square, input, none, to, seen_apart) }
        }
        for place in 0..SQUARE * SQUARE {
            // The second row of the second transformation is all ones.
            let bias = if place == SQUARE + 1 { bias } else { zeros };
            let mut vector = 0;
            while vector < vectors {
                let wide = width(vectors - vector, cut.widest);
                let channel = vector * V::LANES;
                let weight = &weight[(place * wide_out + channel) * inputs..][..wide * V::LANES * inputs];
                let products = Products {
                    squares: round,
                    tile: tile(wide),
                    steps: inputs,
                    apart: wide_in,
                    seen: seen[place * seen_apart..].as_ptr(),
                    weight: weight.as_ptr(),
                    bias: bias[channel..].as_ptr(),
                    // SAFETY: `made` has room for `round` squares of all channels at each place.
                    made: unsafe { made.add(place * made_apart + channel) },
                    next: wide_out,
                    // The first round is the first to read the weights since long ago.
                    ahead: far || first == 0,
                };
                // SAFETY: `seen` and `made` hold `round` squares in whole vectors, weights and biases are padded to whole vectors, tiles are no more
                // than the squares, as asserted; the rest is the caller's.
                unsafe {
                    match wide {
                        1 => multiply::<V, 1>(&products),
                        2 => multiply::<V, 2>(&products),
                        _ => multiply::<V, 4>(&products),
                    }
                }
                vector += wide;
            }
        }
        for square in 0..round {
            // SAFETY: `made` holds `round` squares of all channels, the output has its length; the rest is the caller's.
            unsafe {
                make::<V, SQUARE, SIDE>(geometry, start + square, made.add(square * wide_out), &finish, operands.output)
            }
        }
        first += round;
    }
}
