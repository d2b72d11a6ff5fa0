//! Losses between pairs of numbers, some with a third beside them.

use super::math::sigmoid;
use super::reduce::sum as sum_of;
use crate::Float;

/// Partial sums side by side.
const LANES: usize = 16;

/// A loss between `x`, the output, and `t`, the target.
#[derive(Clone, Copy, Debug)]
pub enum Elementwise<'a, E> {
    /// `(x - t)²`
    Squared,
    /// `|x - t|`
    Absolute,
    /// `(x - t)² / (2 beta)` where `|x - t| < beta`, else `|x - t| - beta / 2`
    Smooth {
        /// Where the parabola ends; positive.
        beta: f64,
    },
    /// `(x - t)² / 2` where `|x - t| <= delta`, else `delta (|x - t| - delta / 2)`
    Huber {
        /// Where the parabola ends; positive.
        delta: f64,
    },
    /// `-weight · (t log(x) + (1 - t) log(1 - x))`, no logarithm being less than -100
    Probability {
        /// What the loss is multiplied by.
        weight: Weighting<'a, E>,
    },
    /// `weight · ((1 - t) x + (1 + (pos_weight - 1) t) log(1 + exp(-x)))`
    Logits {
        /// What the loss is multiplied by.
        weight: Weighting<'a, E>,
        /// What the loss of `t = 1` is multiplied by.
        pos_weight: Weighting<'a, E>,
    },
    /// `t (log(t) - x)`, or, the target being a logarithm too, `exp(t) (t - x)`
    Divergence {
        /// The target is the logarithm of a probability.
        log_target: bool,
    },
    /// `exp(x) - t x`, or, the output being no logarithm, `x - t log(x + eps)`
    Poisson {
        /// The output is the logarithm of a rate.
        log_input: bool,
        /// Stirling's approximation of log(t!) is added for `t > 1`.
        full: bool,
        /// Keeps the logarithm finite.
        eps: f64,
    },
    /// `(log(v) + (x - t)² / v) / 2` with `v = max(variance, eps)`
    Gaussian {
        /// The variance at each place of the batch.
        variance: Weighting<'a, E>,
        /// `log(2π) / 2` is added.
        full: bool,
        /// The smallest variance.
        eps: f64,
    },
    /// `x` unless `t = -1`, plus `max(0, margin - x)` unless `t = 1`
    Hinge {
        /// How far away is far enough.
        margin: f64,
    },
    /// `log(1 + exp(-t x))`
    SoftMargin,
    /// `max(0, -target (x - t) + margin)`, `x` and `t` being the two that are ranked
    Ranking {
        /// 1 where `x` belongs above `t`, -1 where below, for each place of the batch.
        target: &'a [E],
        /// By how much.
        margin: f64,
    },
}

/// Numbers beside the elements of a sample or of a batch: each belongs to `repeat` neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Weighting<'a, E> {
    /// The numbers; empty where all are 1.
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

/// With respect to what a gradient is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// The output.
    First,
    /// The target; for [`Elementwise::Ranking`] the second of the pair.
    Second,
    /// The variance of [`Elementwise::Gaussian`], the target of [`Elementwise::Ranking`].
    Third,
}

/// Where an element lies.
#[derive(Clone, Copy)]
struct At {
    /// In its sample.
    place: usize,
    /// In the batch.
    index: usize,
}

/// What a loss computes with an element: its place, the output, the target.
trait Pair<E>: Fn(At, E, E) -> E {}

impl<E, F: Fn(At, E, E) -> E> Pair<E> for F {}

/// `log(1 + exp(x))`
#[inline(always)]
pub(super) fn softplus<E: Float>(x: E) -> E {
    (-x.abs()).exp().ln_1p() + x.maximum(E::ZERO)
}

/// `x log(x)`, at 0 its limit.
#[inline(always)]
fn x_log_x<E: Float>(x: E) -> E {
    if x == E::ZERO { E::ZERO } else { x * x.ln() }
}

/// Calls `$run` with the value of the loss as a function.
macro_rules! with_value {
    ($loss:expr, |$value:ident| $run:expr) => {{
        let [half, low] = [0.5, -100.0].map(E::from_f64);
        match *$loss {
            Elementwise::Squared => {
                let $value = |_, x: E, t: E| (x - t) * (x - t);
                $run
            }
            Elementwise::Absolute => {
                let $value = |_, x: E, t: E| (x - t).abs();
                $run
            }
            Elementwise::Smooth { beta } => {
                let beta = E::from_f64(beta);
                let $value = |_, x: E, t: E| {
                    let z = (x - t).abs();
                    if z < beta { half * z * z / beta } else { z - half * beta }
                };
                $run
            }
            Elementwise::Huber { delta } => {
                let delta = E::from_f64(delta);
                let $value = |_, x: E, t: E| {
                    let z = (x - t).abs();
                    if z <= delta { half * z * z } else { delta * (z - half * delta) }
                };
                $run
            }
            Elementwise::Probability { weight } => {
                let $value = |at: At, x: E, t: E| {
                    let (yes, no) = (x.ln().maximum(low), (-x).ln_1p().maximum(low));
                    ((t - E::ONE) * no - t * yes) * weight.at(at.place)
                };
                $run
            }
            Elementwise::Logits { weight, pos_weight } => {
                let $value = |at: At, x: E, t: E| {
                    let yes = E::ONE + (pos_weight.at(at.place) - E::ONE) * t;
                    ((E::ONE - t) * x + yes * softplus(-x)) * weight.at(at.place)
                };
                $run
            }
            Elementwise::Divergence { log_target } => {
                let $value = |_, x: E, t: E| if log_target { t.exp() * (t - x) } else { x_log_x(t) - t * x };
                $run
            }
            Elementwise::Poisson { log_input, full, eps } => {
                let (eps, tau) = (E::from_f64(eps), E::from_f64(core::f64::consts::TAU));
                let $value = |_, x: E, t: E| {
                    let loss = if log_input { x.exp() - t * x } else { x - t * (x + eps).ln() };
                    let stirling = t * t.ln() - t + half * (tau * t).ln();
                    if full && t > E::ONE { loss + stirling } else { loss }
                };
                $run
            }
            Elementwise::Gaussian { variance, full, eps } => {
                let (eps, constant) = (E::from_f64(eps), E::from_f64(libm::log(core::f64::consts::TAU) / 2.0));
                let constant = if full { constant } else { E::ZERO };
                let $value = |at: At, x: E, t: E| {
                    let v = variance.at(at.index).maximum(eps);
                    half * (v.ln() + (x - t) * (x - t) / v) + constant
                };
                $run
            }
            Elementwise::Hinge { margin } => {
                let margin = E::from_f64(margin);
                let $value = |_, x: E, t: E| {
                    let far = if t != E::ONE { (margin - x).maximum(E::ZERO) } else { E::ZERO };
                    if t != -E::ONE { far + x } else { far }
                };
                $run
            }
            Elementwise::SoftMargin => {
                let $value = |_, x: E, t: E| softplus(-t * x);
                $run
            }
            Elementwise::Ranking { target, margin } => {
                let margin = E::from_f64(margin);
                let $value = |at: At, x: E, t: E| (margin - target[at.index] * (x - t)).maximum(E::ZERO);
                $run
            }
        }
    }};
}

/// The sum of the losses; samples have `len` elements.
pub(super) fn sum<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E]) -> E {
    with_value!(loss, |value| add_up(len, output, target, value))
}

#[inline(always)]
fn add_up<E: Float>(len: usize, output: &[E], target: &[E], value: impl Pair<E>) -> E {
    let mut lanes = [E::ZERO; LANES];
    let samples = output.chunks_exact(len.max(1)).zip(target.chunks_exact(len.max(1)));
    for (sample, (output, target)) in samples.enumerate() {
        for (place, (x, t)) in output.iter().zip(target).enumerate() {
            lanes[place % LANES] += value(At { place, index: sample * len + place }, *x, *t);
        }
    }
    sum_of(&lanes)
}

/// Each loss.
pub(super) fn each<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E], losses: &mut [E]) {
    with_value!(loss, |value| map(len, output, target, losses, value));
}

/// The derivatives with respect to one of the operands, times `scale` and the cotangent.
#[allow(clippy::too_many_arguments)]
pub(super) fn gradient<E: Float>(
    loss: &Elementwise<'_, E>,
    operand: Operand,
    len: usize,
    output: &[E],
    target: &[E],
    scale: E,
    cotangent: Option<&[E]>,
    gradient: &mut [E],
) {
    match operand {
        Operand::First => first(loss, len, output, target, scale, gradient),
        Operand::Second => second(loss, len, output, target, scale, gradient),
        Operand::Third => return third(loss, output, target, scale, cotangent, gradient),
    }
    for (gradient, cotangent) in gradient.iter_mut().zip(cotangent.unwrap_or_default()) {
        *gradient *= *cotangent;
    }
}

/// With respect to the outputs.
fn first<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E], scale: E, to: &mut [E]) {
    match *loss {
        Elementwise::Squared => {
            let two = scale + scale;
            map(len, output, target, to, |_, x, t| (x - t) * two);
        }
        Elementwise::Absolute => map(len, output, target, to, |_, x, t| {
            if x > t {
                scale
            } else if x < t {
                -scale
            } else {
                E::ZERO
            }
        }),
        Elementwise::Smooth { beta } => {
            let beta = E::from_f64(beta);
            map(len, output, target, to, |_, x, t| scale * ((x - t).maximum(-beta).minimum(beta) / beta));
        }
        Elementwise::Huber { delta } => {
            let delta = E::from_f64(delta);
            map(len, output, target, to, |_, x, t| scale * (x - t).maximum(-delta).minimum(delta));
        }
        Elementwise::Probability { weight } => {
            // PyTorch's is an f32, whatever the element.
            let least = E::from_f64(f64::from(1e-12_f32));
            map(len, output, target, to, |at, x, t| {
                weight.at(at.place) * (x - t) / ((E::ONE - x) * x).maximum(least) * scale
            });
        }
        Elementwise::Logits { weight, pos_weight } => map(len, output, target, to, |at, x, t| {
            let yes = pos_weight.at(at.place) * t;
            ((yes + E::ONE - t) * sigmoid(x) - yes) * weight.at(at.place) * scale
        }),
        Elementwise::Divergence { log_target: true } => map(len, output, target, to, |_, _, t| -t.exp() * scale),
        Elementwise::Divergence { log_target: false } => map(len, output, target, to, |_, _, t| -t * scale),
        Elementwise::Poisson { log_input: true, .. } => {
            map(len, output, target, to, |_, x, t| (x.exp() - t) * scale);
        }
        Elementwise::Poisson { log_input: false, eps, .. } => {
            let eps = E::from_f64(eps);
            map(len, output, target, to, |_, x, t| (E::ONE - t / (x + eps)) * scale);
        }
        Elementwise::Gaussian { variance, eps, .. } => {
            let eps = E::from_f64(eps);
            map(len, output, target, to, |at, x, t| (x - t) / variance.at(at.index).maximum(eps) * scale);
        }
        Elementwise::Hinge { margin } => {
            let margin = E::from_f64(margin);
            map(len, output, target, to, |_, x, t| {
                let far = if t != E::ONE && margin - x > E::ZERO { -scale } else { E::ZERO };
                if t != -E::ONE { far + scale } else { far }
            });
        }
        Elementwise::SoftMargin => map(len, output, target, to, |_, x, t| -t * sigmoid(-t * x) * scale),
        Elementwise::Ranking { target: order, margin } => {
            let margin = E::from_f64(margin);
            map(len, output, target, to, |at, x, t| {
                let order = order[at.index];
                if margin - order * (x - t) > E::ZERO { -order * scale } else { E::ZERO }
            });
        }
    }
}

/// With respect to the targets. Those that say no more than yes or no have no gradient.
fn second<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E], scale: E, to: &mut [E]) {
    match *loss {
        // Functions of x - t.
        Elementwise::Squared
        | Elementwise::Absolute
        | Elementwise::Smooth { .. }
        | Elementwise::Huber { .. }
        | Elementwise::Gaussian { .. }
        | Elementwise::Ranking { .. } => first(loss, len, output, target, -scale, to),
        Elementwise::Probability { weight } => {
            map(len, output, target, to, |at, x, _| ((E::ONE - x).ln() - x.ln()) * weight.at(at.place) * scale)
        }
        Elementwise::Logits { weight, pos_weight } => map(len, output, target, to, |at, x, _| {
            ((pos_weight.at(at.place) - E::ONE) * softplus(-x) - x) * weight.at(at.place) * scale
        }),
        Elementwise::Divergence { log_target: true } => {
            map(len, output, target, to, |_, x, t| t.exp() * (t - x + E::ONE) * scale);
        }
        // As in PyTorch, t / t, here in two steps, stands for 1 and is NaN at 0, where the slope has no bound.
        Elementwise::Divergence { log_target: false } => {
            map(len, output, target, to, |_, x, t| (t.ln() + t * (E::ONE / t) - x) * scale);
        }
        Elementwise::Poisson { log_input, full, eps } => {
            let [eps, half] = [eps, 0.5].map(E::from_f64);
            map(len, output, target, to, |_, x, t| {
                let slope = if log_input { -x } else { -(x + eps).ln() };
                scale * if full && t > E::ONE { slope + t.ln() + half / t } else { slope }
            });
        }
        Elementwise::Hinge { .. } | Elementwise::SoftMargin => to.fill(E::ZERO),
    }
}

/// With respect to the numbers beside the pairs.
fn third<E: Float>(
    loss: &Elementwise<'_, E>,
    output: &[E],
    target: &[E],
    scale: E,
    cotangent: Option<&[E]>,
    to: &mut [E],
) {
    let at = |index: usize| (output[index], target[index], cotangent.map_or(scale, |all| all[index] * scale));
    match *loss {
        Elementwise::Gaussian { variance, eps, .. } => {
            let [eps, half] = [eps, 0.5].map(E::from_f64);
            for (group, to) in to.iter_mut().enumerate() {
                *to = E::ZERO;
                for index in group * variance.repeat..(group + 1) * variance.repeat {
                    let ((x, t, scale), v) = (at(index), variance.at(index).maximum(eps));
                    *to += half * (E::ONE - (x - t) * (x - t) / v) / v * scale;
                }
            }
        }
        Elementwise::Ranking { target: order, margin } => {
            let margin = E::from_f64(margin);
            for (index, to) in to.iter_mut().enumerate() {
                let (x, t, scale) = at(index);
                *to = if margin - order[index] * (x - t) > E::ZERO { (t - x) * scale } else { E::ZERO };
            }
        }
        _ => {}
    }
}

#[inline(always)]
fn map<E: Float>(len: usize, output: &[E], target: &[E], to: &mut [E], function: impl Pair<E>) {
    let samples = output.chunks_exact(len.max(1)).zip(target.chunks_exact(len.max(1)));
    for (sample, (to, (output, target))) in to.chunks_exact_mut(len.max(1)).zip(samples).enumerate() {
        for (place, (to, (x, t))) in to.iter_mut().zip(output.iter().zip(target)).enumerate() {
            *to = function(At { place, index: sample * len + place }, *x, *t);
        }
    }
}
