//! Losses between pairs of numbers.

use super::math::sigmoid;
use super::reduce::sum as sum_of;
use crate::Float;

/// Partial sums side by side.
const LANES: usize = 16;

/// A loss between an output and a target.
#[derive(Clone, Copy, Debug)]
pub enum Elementwise<'a, E> {
    /// `(x - t)²`
    Squared,
    /// `|x - t|`
    Absolute,
    /// `weight · ((1 - t) x + (1 + (pos_weight - 1) t) log(1 + exp(-x)))`
    Logits {
        /// What the loss is multiplied by.
        weight: Weighting<'a, E>,
        /// What the loss of `t = 1` is multiplied by.
        pos_weight: Weighting<'a, E>,
    },
}

/// Weights of the elements of a sample: each counts for `repeat` neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Weighting<'a, E> {
    /// The weights; empty where all are 1.
    pub values: &'a [E],
    /// Neighbours that share one.
    pub repeat: usize,
}

impl<E: Float> Weighting<'_, E> {
    #[inline(always)]
    fn at(&self, place: usize) -> E {
        if self.values.is_empty() { E::ONE } else { self.values[place / self.repeat.max(1)] }
    }
}

/// What a loss computes with an element: its place in the sample, the output, the target.
trait Pair<E>: Fn(usize, E, E) -> E {}

impl<E, F: Fn(usize, E, E) -> E> Pair<E> for F {}

/// Calls `$run` with the value of the loss as a function.
macro_rules! with_value {
    ($loss:expr, |$value:ident| $run:expr) => {
        match *$loss {
            Elementwise::Squared => {
                let $value = |_, x: E, t: E| (x - t) * (x - t);
                $run
            }
            Elementwise::Absolute => {
                let $value = |_, x: E, t: E| (x - t).abs();
                $run
            }
            Elementwise::Logits { weight, pos_weight } => {
                let $value = |place, x: E, t: E| {
                    let yes = E::ONE + (pos_weight.at(place) - E::ONE) * t;
                    let softplus = (-x.abs()).exp().ln_1p() + (-x).maximum(E::ZERO);
                    ((E::ONE - t) * x + yes * softplus) * weight.at(place)
                };
                $run
            }
        }
    };
}

/// The sum of the losses; samples have `len` elements.
pub(super) fn sum<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E]) -> E {
    with_value!(loss, |value| add_up(len, output, target, value))
}

#[inline(always)]
fn add_up<E: Float>(len: usize, output: &[E], target: &[E], value: impl Pair<E>) -> E {
    let mut lanes = [E::ZERO; LANES];
    for (output, target) in output.chunks_exact(len.max(1)).zip(target.chunks_exact(len.max(1))) {
        for (place, (x, t)) in output.iter().zip(target).enumerate() {
            lanes[place % LANES] += value(place, *x, *t);
        }
    }
    sum_of(&lanes)
}

/// Each loss.
pub(super) fn each<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E], losses: &mut [E]) {
    with_value!(loss, |value| map(len, output, target, losses, value));
}

/// The derivatives, times `scale` and the cotangent.
#[allow(clippy::too_many_arguments)]
pub(super) fn gradient<E: Float>(
    loss: &Elementwise<'_, E>,
    len: usize,
    output: &[E],
    target: &[E],
    scale: E,
    cotangent: Option<&[E]>,
    gradient: &mut [E],
) {
    let two = scale + scale;
    match *loss {
        Elementwise::Squared => map(len, output, target, gradient, |_, x, t| (x - t) * two),
        Elementwise::Absolute => map(len, output, target, gradient, |_, x, t| {
            if x > t {
                scale
            } else if x < t {
                -scale
            } else {
                E::ZERO
            }
        }),
        Elementwise::Logits { weight, pos_weight } => map(len, output, target, gradient, |place, x, t| {
            let yes = pos_weight.at(place) * t;
            ((yes + E::ONE - t) * sigmoid(x) - yes) * weight.at(place) * scale
        }),
    }
    for (gradient, cotangent) in gradient.iter_mut().zip(cotangent.unwrap_or_default()) {
        *gradient *= *cotangent;
    }
}

#[inline(always)]
fn map<E: Float>(len: usize, output: &[E], target: &[E], to: &mut [E], function: impl Pair<E>) {
    let samples = output.chunks_exact(len.max(1)).zip(target.chunks_exact(len.max(1)));
    for (to, (output, target)) in to.chunks_exact_mut(len.max(1)).zip(samples) {
        for (place, (to, (x, t))) in to.iter_mut().zip(output.iter().zip(target)).enumerate() {
            *to = function(place, *x, *t);
        }
    }
}
