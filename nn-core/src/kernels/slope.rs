//! PReLU and RReLU: x where x > 0, else x times a slope of its channel or of its own.

use nn_shape::Planes;
use rand_core::Rng;

use super::group_norm::sums;
use crate::simd::bound_by_memory;
use crate::{Float, Random};

bound_by_memory! {
    /// `output = input > 0 ? input : input * weight`, one weight for each channel.
    pub(super) fn prelu_forward<E: Float>(planes: Planes, input: &[E], weight: &[E], output: &mut [E]) = prelu_forward_body;
}

#[inline(always)]
fn prelu_forward_body<E: Float>(planes: Planes, input: &[E], weight: &[E], output: &mut [E]) {
    let sample = planes.channels * planes.plane;
    assert!(weight.len() == planes.channels && input.len() == output.len(), "a weight for each channel");
    let rectify = |x: E, weight: E| if x > E::ZERO { x } else { x * weight };
    for (x, y) in input.chunks_exact(sample).zip(output.chunks_exact_mut(sample)) {
        if planes.plane == 1 {
            for ((y, x), weight) in y.iter_mut().zip(x).zip(weight) {
                *y = rectify(*x, *weight);
            }
            continue;
        }
        for ((x, y), weight) in x.chunks_exact(planes.plane).zip(y.chunks_exact_mut(planes.plane)).zip(weight) {
            x.iter().zip(y).for_each(|(x, y)| *y = rectify(*x, *weight));
        }
    }
}

bound_by_memory! {
    /// `weight_gradient += Σ gradient * input` where `input <= 0`, for each channel.
    pub(super) fn prelu_backward_weight<E: Float>(
        planes: Planes, input: &[E], output_gradient: &[E], weight_gradient: &mut [E],
    ) = prelu_backward_weight_body;
}

#[inline(always)]
fn prelu_backward_weight_body<E: Float>(planes: Planes, input: &[E], output_gradient: &[E], weight_gradient: &mut [E]) {
    let sample = planes.channels * planes.plane;
    assert!(weight_gradient.len() == planes.channels && input.len() == output_gradient.len(), "PReLU's weight");
    let part = |x: E, g: E| if x > E::ZERO { E::ZERO } else { x * g };
    for (x, g) in input.chunks_exact(sample).zip(output_gradient.chunks_exact(sample)) {
        if planes.plane == 1 {
            for ((to, x), g) in weight_gradient.iter_mut().zip(x).zip(g) {
                *to += part(*x, *g);
            }
            continue;
        }
        for ((x, g), to) in x.chunks_exact(planes.plane).zip(g.chunks_exact(planes.plane)).zip(&mut *weight_gradient) {
            let [sum] = sums(x, g, g, |x, g, _| [part(x, g)]);
            *to += E::from_f64(sum);
        }
    }
}

bound_by_memory! {
    /// `input_gradient (+)= input > 0 ? gradient : gradient * weight`.
    pub(super) fn prelu_backward_input<E: Float>(
        planes: Planes, input: &[E], weight: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = prelu_backward_input_body;
}

#[inline(always)]
fn prelu_backward_input_body<E: Float>(
    planes: Planes,
    input: &[E],
    weight: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let sample = planes.channels * planes.plane;
    assert!(weight.len() == planes.channels && input.len() == output_gradient.len(), "a weight for each channel");
    assert_eq!(input.len(), input_gradient.len(), "PReLU's input");
    let part = |x: E, g: E, weight: E, old: E| {
        let gradient = if x > E::ZERO { g } else { g * weight };
        if accumulate { old + gradient } else { gradient }
    };
    let samples = input.chunks_exact(sample).zip(output_gradient.chunks_exact(sample));
    for (to, (x, g)) in input_gradient.chunks_exact_mut(sample).zip(samples) {
        if planes.plane == 1 {
            for (((to, x), g), weight) in to.iter_mut().zip(x).zip(g).zip(weight) {
                *to = part(*x, *g, *weight, *to);
            }
            continue;
        }
        let channels = x.chunks_exact(planes.plane).zip(g.chunks_exact(planes.plane)).zip(weight);
        for (to, ((x, g), weight)) in to.chunks_exact_mut(planes.plane).zip(channels) {
            for ((to, x), g) in to.iter_mut().zip(x).zip(g) {
                *to = part(*x, *g, *weight, *to);
            }
        }
    }
}

/// Draws a slope between two bounds for each value that is not above 0; the others have slope 1. `output = input * slope`.
pub(super) fn rrelu_forward<E: Float>(
    (lower, upper): (f64, f64),
    input: &[E],
    output: &mut [E],
    slopes: &mut [E],
    random: &mut Random,
) {
    assert!(output.len() == input.len() && slopes.len() == input.len(), "a slope for each value");
    for ((x, y), slope) in input.iter().zip(output).zip(slopes) {
        // 53 random bits: a number in [0, 1).
        let share = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        *slope = if *x <= E::ZERO { E::from_f64(lower + share * (upper - lower)) } else { E::ONE };
        *y = *x * *slope;
    }
}

bound_by_memory! {
    /// `input_gradient (+)= gradient * slope`.
    pub(super) fn rrelu_backward<E: Float>(
        slopes: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = rrelu_backward_body;
}

#[inline(always)]
fn rrelu_backward_body<E: Float>(slopes: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool) {
    assert!(slopes.len() == output_gradient.len() && slopes.len() == input_gradient.len(), "a slope for each value");
    for ((to, slope), g) in input_gradient.iter_mut().zip(slopes).zip(output_gradient) {
        *to = if accumulate { *to + *g * *slope } else { *g * *slope };
    }
}
