//! Softmax and its relatives along the middle of `[outer, size, inner]`.

use nn_shape::{Exponential, Softmax};

use super::axis::{COLUMNS, groups, width};
use crate::Float;
use crate::simd::on_every_isa;

/// Parts of a sum side by side: a cache line of `f32`.
const LANES: usize = 16;

on_every_isa! {
    /// Softmax and its relatives along an axis.
    pub(super) fn forward<E: Float>(config: &Softmax, batch: usize, input: &[E], output: &mut [E]) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(config: &Softmax, batch: usize, input: &[E], output: &mut [E]) {
    if config.inner == 1 {
        return rows(config, input, output);
    }
    let sign = if matches!(config.exponential, Exponential::Softmin) { -E::ONE } else { E::ONE };
    let is_logarithm = matches!(config.exponential, Exponential::LogSoftmax);
    for rows in groups(batch * config.outer, config.size, config.inner) {
        let lanes = width(&rows);
        let (mut largest, mut sum) = ([E::NEG_INFINITY; COLUMNS], [E::ZERO; COLUMNS]);
        let (largest, sum) = (&mut largest[..lanes], &mut sum[..lanes]);
        for row in rows.clone() {
            for (largest, x) in largest.iter_mut().zip(&input[row]) {
                *largest = (sign * *x).maximum(*largest);
            }
        }
        for row in rows.clone() {
            let columns = input[row.clone()].iter().zip(&mut output[row]);
            for ((x, y), (sum, largest)) in columns.zip(sum.iter_mut().zip(&*largest)) {
                let shifted = sign * *x - *largest;
                let power = shifted.exp();
                *sum += power;
                *y = if is_logarithm { shifted } else { power };
            }
        }
        if is_logarithm {
            sum.iter_mut().for_each(|sum| *sum = sum.ln());
        }
        for row in rows {
            for (y, sum) in output[row].iter_mut().zip(&*sum) {
                *y = if is_logarithm { *y - *sum } else { *y / *sum };
            }
        }
    }
}

/// [`forward`] where the axis is the last one.
#[inline(always)]
fn rows<E: Float>(config: &Softmax, input: &[E], output: &mut [E]) {
    let sign = if matches!(config.exponential, Exponential::Softmin) { -E::ONE } else { E::ONE };
    let is_logarithm = matches!(config.exponential, Exponential::LogSoftmax);
    let len = config.size.max(1);
    for (input, output) in input.chunks_exact(len).zip(output.chunks_exact_mut(len)) {
        let largest = fold(input, E::NEG_INFINITY, |x| sign * x, |a, b| b.maximum(a));
        if is_logarithm {
            let sum = fold(input, E::ZERO, |x| (x - largest).exp(), |a, b| a + b);
            let logarithm = sum.ln();
            for (y, x) in output.iter_mut().zip(input) {
                *y = *x - largest - logarithm;
            }
            continue;
        }
        for (y, x) in output.iter_mut().zip(input) {
            *y = (sign * *x - largest).exp();
        }
        let sum = fold(output, E::ZERO, |y| y, |a, b| a + b);
        for y in output {
            *y /= sum;
        }
    }
}

/// Combines what `map` makes of each number; of many, in [`LANES`] parts side by side.
#[inline(always)]
pub(super) fn fold<E: Float>(values: &[E], start: E, map: impl Fn(E) -> E, combine: impl Fn(E, E) -> E) -> E {
    if values.len() < 2 * LANES {
        return values.iter().fold(start, |sum, value| combine(sum, map(*value)));
    }
    let mut lanes = [start; LANES];
    let (whole, rest) = values.as_chunks::<LANES>();
    for part in whole {
        for (lane, value) in lanes.iter_mut().zip(part) {
            *lane = combine(*lane, map(*value));
        }
    }
    for (lane, value) in lanes.iter_mut().zip(rest) {
        *lane = combine(*lane, map(*value));
    }
    fold_lanes(lanes, combine)
}

on_every_isa! {
    /// From the outputs and their gradients: `y (g - Σ g y)`, for logarithms `g - exp(y) Σ g`.
    pub(super) fn backward<E: Float>(
        config: &Softmax, batch: usize, output: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = backward_body;
}

#[inline(always)]
fn backward_body<E: Float>(
    config: &Softmax,
    batch: usize,
    output: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    if config.inner == 1 {
        return rows_backward(config, output, output_gradient, input_gradient, accumulate);
    }
    let is_logarithm = matches!(config.exponential, Exponential::LogSoftmax);
    for rows in groups(batch * config.outer, config.size, config.inner) {
        let lanes = width(&rows);
        let mut sum = [E::ZERO; COLUMNS];
        let sum = &mut sum[..lanes];
        for row in rows.clone() {
            let columns = output[row.clone()].iter().zip(&output_gradient[row]);
            for (sum, (y, g)) in sum.iter_mut().zip(columns) {
                *sum += if is_logarithm { *g } else { *g * *y };
            }
        }
        for row in rows {
            let columns = output[row.clone()].iter().zip(&output_gradient[row.clone()]).zip(&*sum);
            let terms = columns.map(|((y, g), sum)| (*y, *g, *sum));
            slopes(config.exponential, terms, &mut input_gradient[row], accumulate);
        }
    }
}

/// [`backward`] where the axis is the last one.
#[inline(always)]
fn rows_backward<E: Float>(
    config: &Softmax,
    output: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let len = config.size.max(1);
    let rows = output.chunks_exact(len).zip(output_gradient.chunks_exact(len));
    for (to, (y, g)) in input_gradient.chunks_exact_mut(len).zip(rows) {
        let sum = match config.exponential {
            Exponential::Softmax | Exponential::Softmin => dot(y, g),
            Exponential::LogSoftmax => fold(g, E::ZERO, |g| g, |a, b| a + b),
        };
        slopes(config.exponential, y.iter().zip(g).map(|(y, g)| (*y, *g, sum)), to, accumulate);
    }
}

/// The gradients of inputs, from their outputs, the gradients of these and the sum that belongs to them.
#[inline(always)]
fn slopes<E: Float>(
    exponential: Exponential,
    terms: impl Iterator<Item = (E, E, E)>,
    input_gradient: &mut [E],
    accumulate: bool,
) {
    macro_rules! set {
        (|$y:ident, $g:ident, $sum:ident| $slope:expr) => {
            for (to, ($y, $g, $sum)) in input_gradient.iter_mut().zip(terms) {
                let own = $slope;
                *to = if accumulate { *to + own } else { own };
            }
        };
    }
    match exponential {
        Exponential::Softmax => set!(|y, g, sum| y * (g - sum)),
        Exponential::Softmin => set!(|y, g, sum| -(y * (g - sum))),
        Exponential::LogSoftmax => set!(|y, g, sum| g - y.exp() * sum),
    }
}

/// `Σ a b`, in [`LANES`] parts side by side.
#[inline(always)]
pub(super) fn dot<E: Float>(a: &[E], b: &[E]) -> E {
    let mut lanes = [E::ZERO; LANES];
    let ((whole_a, a), (whole_b, b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    for (a, b) in whole_a.iter().zip(whole_b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    let rest = a.iter().zip(b).fold(E::ZERO, |sum, (a, b)| sum + *a * *b);
    fold_lanes(lanes, |a, b| a + b) + rest
}

#[inline(always)]
fn fold_lanes<E: Float>(mut lanes: [E; LANES], combine: impl Fn(E, E) -> E) -> E {
    let mut len = LANES / 2;
    while len > 0 {
        for lane in 0..len {
            lanes[lane] = combine(lanes[lane], lanes[lane + len]);
        }
        len /= 2;
    }
    lanes[0]
}
