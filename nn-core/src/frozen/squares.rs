//! Frozen 3x3 convolutions done in squares, Winograd's way ([`nn_shape::winograd`]).
//!
//! A square of `SIDE x SIDE` outputs is `Aᵀ ((G w Gᵀ) · (Bᵀ d B)) A`, d being the `SQUARE x SQUARE` inputs that it sees, `SQUARE = SIDE + 2`, and `·` the
//! product number by number, summed over channels: for each of its `SQUARE²` places a product of matrices, squares by channels ([`products`]). `G w Gᵀ` is
//! computed when weights are packed, in `f64`. The bias is added to the one place that all outputs of a square take as it is.

mod products;
mod rounds;
mod transform;

use nn_shape::ConvGeometry;
use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;
use nn_shape::winograd;

use super::conv::SIDE;
use super::cut::Cut;
use super::pack::Parameters;
use super::part::{self, Part, Way};
use super::run::Operands;
use super::tile::{FEW, registers};
use crate::simd::Vector;
use crate::{Float, Workers};
use products::width;
use rounds::{Batch, Rounds, make_some, multiply_some, see_some};

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

/// All squares, by whoever there is.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    side: usize,
    operands: &mut Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    assert!(V::MANY_SIZES, "convolutions in squares are for vectors of the machine's own");
    let Operands { inputs, packed, .. } = *operands;
    let operands = Operands { inputs, output: &mut *operands.output, scratch: &mut *operands.scratch, packed };
    // SAFETY: passed on to the caller.
    unsafe {
        match side {
            _ if const { !V::MANY_SIZES } => {}
            4 => share_out::<V, 6, 4>(geometry, operands, bounds, workers),
            _ => share_out::<V, 4, 2>(geometry, operands, bounds, workers),
        }
    }
}

/// Threads have squares of their own, which they transform, multiply and transform back in a part of the working space. Where weights do not stay in the
/// second cache, each has some places of all squares instead, of which it alone reads the weights; of their products it transforms some squares back.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn share_out<V: Vector, const SQUARE: usize, const SIDE: usize>(
    geometry: &ConvGeometry,
    operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let cut = Cut::read(operands.packed);
    let [all, round, slots] = [winograd::squares, winograd::round, winograd::slots].map(|count| count(geometry, SIDE));
    let rounds = Rounds::<V::Element>::new::<SQUARE, SIDE>(geometry, operands, &cut, bounds);
    let products = SQUARE * SQUARE * rounds.blocks::<V>();
    let far = rounds.is_far();
    let parts = part::parts_of_squares(workers, rounds.macs(all));
    if parts == 1 || !far {
        let parts = parts.min(slots);
        let most = round.min(slots / parts);
        return part::each(workers, parts, |index| {
            let own = Part { way: Way::Lines, index, count: parts }.of(Way::Lines, all);
            for first in own.clone().step_by(most) {
                let batch = Batch { first, slot: index * most, count: most.min(own.end - first) };
                // The first round is the first to read the weights since long ago. Machines with few registers have small caches.
                let ahead = far || first == own.start || registers::<V>() == FEW;
                // SAFETY: the part's squares and slots are its own; the rest is the caller's.
                unsafe {
                    see_some::<V, SQUARE, SIDE>(&rounds, batch, 0..2);
                    multiply_some::<V, SQUARE, SIDE>(&rounds, batch, 0..products, ahead);
                    make_some::<V, SQUARE, SIDE>(&rounds, batch);
                }
            }
        });
    }
    let batch = |first: usize| Batch { first: first.min(all - round), slot: 0, count: round };
    // SAFETY: each half of each square is one part's; nobody multiplies meanwhile. The rest is the caller's.
    let see = |batch: Batch, part: Part| unsafe {
        let own = part.of(Way::Lines, 2 * round);
        let (upper, lower) = (own.start.min(round)..own.end.min(round), own.start.max(round)..own.end.max(round));
        see_some::<V, SQUARE, SIDE>(&rounds, batch.some(upper), 0..1);
        see_some::<V, SQUARE, SIDE>(&rounds, batch.some(lower.start - round..lower.end - round), 1..2);
    };
    let part = |index| Part { way: Way::Lines, index, count: parts };
    part::each(workers, parts, |index| see(batch(0), part(index)));
    for first in (0..all).step_by(round) {
        part::each(workers, parts, |index| {
            let own = part(index).of(Way::Lines, products);
            // SAFETY: the products are the part's own, all squares were seen, and nobody transforms back meanwhile; the rest is the caller's.
            unsafe { multiply_some::<V, SQUARE, SIDE>(&rounds, batch(first), own, true) }
        });
        part::each(workers, parts, |index| {
            let own = part(index).of(Way::Lines, round);
            // SAFETY: the squares are the part's own, and all products are there; the rest is the caller's.
            unsafe { make_some::<V, SQUARE, SIDE>(&rounds, batch(first).some(own)) }
            if first + round < all {
                see(batch(first + round), part(index));
            }
        });
    }
}
