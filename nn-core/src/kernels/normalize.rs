//! Values divided by the size of those around them: vectors brought to length 1, and the response of neighbouring channels.

use core::ops::Range;

use nn_shape::{LocalResponseNorm, Normalize};

use super::axis::{COLUMNS, groups, width};
use super::group_norm::sums;
use super::vector_norm::{Slope, norm};
use crate::Float;
use crate::simd::on_every_isa;

/// What a vector of this length is divided by. NaN stays NaN.
#[inline(always)]
fn divisor(config: &Normalize, length: f64) -> f64 {
    if length < config.eps { config.eps } else { length }
}

/// `output = input / max(‖input‖, eps)`.
pub(super) fn forward<E: Float>(config: &Normalize, input: &[E], output: &mut [E]) {
    if config.p == 2.0 {
        return euclid_forward(config, input, output);
    }
    for places in vectors(config, input.len()) {
        let length = norm(config.p, places.clone().map(|place| input[place].to_f64()));
        let divisor = E::from_f64(divisor(config, length));
        places.for_each(|place| output[place] = input[place] / divisor);
    }
}

/// With `d = max(‖x‖, eps)`: `g / d - Σ g x / d² · ∂‖x‖/∂x`, the second term only where the length is not bounded.
pub(super) fn backward<E: Float>(
    config: &Normalize,
    input: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    if config.p == 2.0 {
        return euclid_backward(config, input, output_gradient, input_gradient, accumulate);
    }
    for places in vectors(config, input.len()) {
        let x = places.clone().map(|place| input[place].to_f64());
        let length = norm(config.p, x.clone());
        let slope = Slope::new(config.p, length, x.clone());
        let dot: f64 = places.clone().zip(x).map(|(place, x)| output_gradient[place].to_f64() * x).sum();
        let divisor = divisor(config, length);
        let factor = if length < config.eps { 0.0 } else { dot / (divisor * divisor) };
        for place in places {
            let g = output_gradient[place].to_f64();
            let gradient = E::from_f64(g / divisor - factor * slope.at(input[place].to_f64()));
            input_gradient[place] = if accumulate { input_gradient[place] + gradient } else { gradient };
        }
    }
}

/// The places of each vector along the middle of `[outer, size, inner]`.
fn vectors(config: &Normalize, len: usize) -> impl Iterator<Item = impl Iterator<Item = usize> + Clone> {
    let (size, inner) = (config.size, config.inner);
    let blocks = (0..len).step_by((size * inner).max(1));
    blocks.flat_map(move |block| (0..inner).map(move |column| (0..size).map(move |i| block + column + i * inner)))
}

on_every_isa! {
    /// [`forward`] with the length that everybody means, in loops over neighbours.
    fn euclid_forward<E: Float>(config: &Normalize, input: &[E], output: &mut [E]) = euclid_forward_body;
}

#[inline(always)]
fn euclid_forward_body<E: Float>(config: &Normalize, input: &[E], output: &mut [E]) {
    let (size, inner) = (config.size, config.inner);
    if inner == 1 {
        for (x, y) in input.chunks_exact(size.max(1)).zip(output.chunks_exact_mut(size.max(1))) {
            let [squares] = sums(x, x, x, |x, _, _| [x * x]);
            let divisor = E::from_f64(divisor(config, Float::sqrt(squares)));
            y.iter_mut().zip(x).for_each(|(y, x)| *y = *x / divisor);
        }
        return;
    }
    for rows in groups(input.len() / (size * inner).max(1), size, inner) {
        let (mut squares, mut divisors) = ([0.0; COLUMNS], [E::ZERO; COLUMNS]);
        for row in rows.clone() {
            for (sum, x) in squares.iter_mut().zip(&input[row]) {
                *sum += x.to_f64() * x.to_f64();
            }
        }
        for (to, squares) in divisors[..width(&rows)].iter_mut().zip(&squares) {
            *to = E::from_f64(divisor(config, Float::sqrt(*squares)));
        }
        for row in rows {
            for ((y, x), divisor) in output[row.clone()].iter_mut().zip(&input[row]).zip(&divisors) {
                *y = *x / *divisor;
            }
        }
    }
}

on_every_isa! {
    /// [`backward`] with the length that everybody means: `∂‖x‖/∂x = x / ‖x‖`.
    fn euclid_backward<E: Float>(
        config: &Normalize, input: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = euclid_backward_body;
}

/// What the gradients and the values of a vector are multiplied with, from `Σ x²` and `Σ g x`: `1 / d` and `-Σ g x / (d² ‖x‖)`.
#[inline(always)]
fn factors<E: Float>(config: &Normalize, squares: f64, dot: f64) -> [E; 2] {
    let length = Float::sqrt(squares);
    let divisor = divisor(config, length);
    let factor = if length < config.eps || dot == 0.0 { 0.0 } else { -dot / (divisor * divisor * length) };
    [E::from_f64(1.0 / divisor), E::from_f64(factor)]
}

#[inline(always)]
fn euclid_backward_body<E: Float>(
    config: &Normalize,
    input: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let (size, inner) = (config.size, config.inner);
    if inner == 1 {
        let rows = input.chunks_exact(size.max(1)).zip(output_gradient.chunks_exact(size.max(1)));
        for (to, (x, g)) in input_gradient.chunks_exact_mut(size.max(1)).zip(rows) {
            let [squares, dot] = sums(x, g, g, |x, g, _| [x * x, g * x]);
            let [of_gradient, of_value] = factors(config, squares, dot);
            for ((to, x), g) in to.iter_mut().zip(x).zip(g) {
                let own = *g * of_gradient + *x * of_value;
                *to = if accumulate { *to + own } else { own };
            }
        }
        return;
    }
    for rows in groups(input.len() / (size * inner).max(1), size, inner) {
        let (mut squares, mut dots) = ([0.0; COLUMNS], [0.0; COLUMNS]);
        for row in rows.clone() {
            let values = input[row.clone()].iter().zip(&output_gradient[row]);
            for ((square, dot), (x, g)) in squares.iter_mut().zip(&mut dots).zip(values) {
                *square += x.to_f64() * x.to_f64();
                *dot += x.to_f64() * g.to_f64();
            }
        }
        let mut both = [[E::ZERO; COLUMNS]; 2];
        for lane in 0..width(&rows) {
            [both[0][lane], both[1][lane]] = factors(config, squares[lane], dots[lane]);
        }
        for row in rows {
            let values = input[row.clone()].iter().zip(&output_gradient[row.clone()]);
            let factors = both[0].iter().zip(&both[1]);
            for ((to, (x, g)), (of_gradient, of_value)) in input_gradient[row].iter_mut().zip(values).zip(factors) {
                let own = *g * *of_gradient + *x * *of_value;
                *to = if accumulate { *to + own } else { own };
            }
        }
    }
}

/// The channels around one.
#[inline(always)]
fn window(config: &LocalResponseNorm, channel: usize, before: usize, behind: usize) -> Range<usize> {
    channel.saturating_sub(before)..config.planes.channels.min(channel.saturating_add(behind).saturating_add(1))
}

/// x^(3/4), which is what torch.nn.LocalResponseNorm divides by unless it is told otherwise.
#[inline(always)]
fn three_quarters<E: Float>(x: E) -> E {
    let root = x.sqrt();
    root * root.sqrt()
}

on_every_isa! {
    /// `output = input / D^beta` with `D = k + alpha / size · Σ input²` over neighbouring channels, which is left in `sums`.
    pub(super) fn response_forward<E: Float>(
        config: &LocalResponseNorm, input: &[E], output: &mut [E], sums: Option<&mut [E]>,
    ) = response_forward_body;
}

#[inline(always)]
fn response_forward_body<E: Float>(
    config: &LocalResponseNorm,
    input: &[E],
    output: &mut [E],
    mut sums: Option<&mut [E]>,
) {
    let (before, behind) = (config.size / 2, (config.size - 1) / 2);
    let plane = config.planes.plane;
    let sample = config.planes.channels * plane;
    let (factor, beta) = (E::from_f64(config.alpha / config.size as f64), E::from_f64(config.beta));
    for (index, (x, y)) in input.chunks_exact(sample).zip(output.chunks_exact_mut(sample)).enumerate() {
        y.fill(E::from_f64(config.k));
        for (channel, y) in y.chunks_exact_mut(plane).enumerate() {
            for other in window(config, channel, before, behind) {
                for (sum, x) in y.iter_mut().zip(&x[other * plane..][..plane]) {
                    *sum += factor * *x * *x;
                }
            }
        }
        if let Some(sums) = &mut sums {
            sums[index * sample..][..sample].copy_from_slice(y);
        }
        if config.beta == 0.75 {
            for (y, x) in y.iter_mut().zip(x) {
                *y = *x / three_quarters(*y);
            }
        } else {
            for (y, x) in y.iter_mut().zip(x) {
                *y = *x / y.powf(beta);
            }
        }
    }
}

on_every_isa! {
    /// With `t = g x D^(-beta - 1)`: `g D^-beta - 2 alpha beta / size · x Σ t`, the sum over the channels in whose windows `x` lies.
    pub(super) fn response_backward<E: Float>(
        config: &LocalResponseNorm,
        input: &[E],
        sums: &[E],
        output_gradient: &[E],
        input_gradient: &mut [E],
        accumulate: bool,
        scratch: &mut [E],
    ) = response_backward_body;
}

#[inline(always)]
fn response_backward_body<E: Float>(
    config: &LocalResponseNorm,
    input: &[E],
    sums: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
    scratch: &mut [E],
) {
    let (before, behind) = (config.size / 2, (config.size - 1) / 2);
    let plane = config.planes.plane;
    let sample = config.planes.channels * plane;
    let scratch = &mut scratch[..sample];
    let beta = E::from_f64(-config.beta);
    let factor = E::from_f64(2.0 * config.alpha * config.beta / config.size as f64);
    let samples = input.chunks_exact(sample).zip(sums.chunks_exact(sample)).zip(output_gradient.chunks_exact(sample));
    for (to, ((x, sums), g)) in input_gradient.chunks_exact_mut(sample).zip(samples) {
        // D^-beta, then t in its place.
        if config.beta == 0.75 {
            for (t, sum) in scratch.iter_mut().zip(sums) {
                *t = E::ONE / three_quarters(*sum);
            }
        } else {
            for (t, sum) in scratch.iter_mut().zip(sums) {
                *t = sum.powf(beta);
            }
        }
        for ((to, t), g) in to.iter_mut().zip(&*scratch).zip(g) {
            *to = if accumulate { *to + *g * *t } else { *g * *t };
        }
        for (((t, x), sum), g) in scratch.iter_mut().zip(x).zip(sums).zip(g) {
            *t = -factor * (*g * *x * *t / *sum);
        }
        // Each channel is a neighbour of those whose neighbour it is: the window the other way round.
        for channel in 0..config.planes.channels {
            let own = channel * plane..(channel + 1) * plane;
            for other in window(config, channel, behind, before) {
                let t = &scratch[other * plane..][..plane];
                for ((to, x), t) in to[own.clone()].iter_mut().zip(&x[own.clone()]).zip(t) {
                    *to += *x * *t;
                }
            }
        }
    }
}
