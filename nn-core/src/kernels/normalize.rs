//! Values divided by the size of those around them: vectors brought to length 1, and the response of neighbouring channels.

use core::ops::Range;

use nn_shape::{LocalResponseNorm, Normalize};

use super::group_norm::sums;
use super::vector_norm::{Slope, norm};
use crate::Float;
use crate::simd::on_every_isa;

/// The places of each vector along the middle of `[outer, size, inner]`.
fn vectors(config: &Normalize, len: usize) -> impl Iterator<Item = impl Iterator<Item = usize> + Clone> {
    let (size, inner) = (config.size, config.inner);
    let blocks = (0..len).step_by((size * inner).max(1));
    blocks.flat_map(move |block| (0..inner).map(move |column| (0..size).map(move |i| block + column + i * inner)))
}

/// The length of a vector, and what it is divided by. NaN stays NaN.
fn length<E: Float>(config: &Normalize, input: &[E], places: impl Iterator<Item = usize> + Clone) -> (f64, f64) {
    let length = match places.clone().next() {
        Some(first) if config.inner == 1 && config.p == 2.0 => {
            let row = &input[first..][..config.size];
            let [squares] = sums(row, row, row, |x, _, _| [x * x]);
            Float::sqrt(squares)
        }
        _ => norm(config.p, places.map(|place| input[place].to_f64())),
    };
    (length, if length < config.eps { config.eps } else { length })
}

/// `output = input / max(‖input‖, eps)`.
pub(super) fn forward<E: Float>(config: &Normalize, input: &[E], output: &mut [E]) {
    for places in vectors(config, input.len()) {
        let divisor = E::from_f64(length(config, input, places.clone()).1);
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
    for places in vectors(config, input.len()) {
        let x = places.clone().map(|place| input[place].to_f64());
        let (length, divisor) = length(config, input, places.clone());
        let slope = Slope::new(config.p, length, x.clone());
        let dot: f64 = places.clone().zip(x).map(|(place, x)| output_gradient[place].to_f64() * x).sum();
        let factor = if length < config.eps { 0.0 } else { dot / (divisor * divisor) };
        for place in places {
            let g = output_gradient[place].to_f64();
            let gradient = E::from_f64(g / divisor - factor * slope.at(input[place].to_f64()));
            input_gradient[place] = if accumulate { input_gradient[place] + gradient } else { gradient };
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
