//! Losses between pairs of numbers, some with a third beside them.

use core::ops::Range;

use super::math::sigmoid;
use super::reduce::sum as sum_of;
use crate::Float;
use crate::simd::on_every_isa;

/// Elements that are taken at once: with the numbers beside them they stay in the first cache, and on a small stack.
const PART: usize = 256;

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

/// The numbers beside the elements of a part, two for each; 1 where a loss has none.
type Beside<E> = [[E; PART]; 2];

impl<E: Float> Elementwise<'_, E> {
    /// The numbers beside its elements, and after how many elements they begin again.
    fn weightings(&self, len: usize) -> ([Weighting<'_, E>; 2], usize) {
        let none = Weighting { values: &[], repeat: 1 };
        match *self {
            Elementwise::Probability { weight } => ([weight, none], len),
            Elementwise::Logits { weight, pos_weight } => ([weight, pos_weight], len),
            Elementwise::Gaussian { variance, .. } => ([variance, none], usize::MAX),
            Elementwise::Ranking { target, .. } => ([Weighting { values: target, repeat: 1 }, none], usize::MAX),
            _ => ([none; 2], usize::MAX),
        }
    }

    /// Calls `visit` with each part of a batch whose samples have `len` elements, and the numbers beside it.
    fn parts(&self, len: usize, count: usize, mut visit: impl FnMut(Range<usize>, &Beside<E>)) {
        let mut beside = [[E::ONE; PART]; 2];
        let (weightings, period) = self.weightings(len.max(1));
        for first in (0..count).step_by(PART) {
            let part = first..count.min(first + PART);
            for (weighting, beside) in weightings.iter().zip(&mut beside).filter(|pair| !pair.0.values.is_empty()) {
                for (to, index) in beside.iter_mut().zip(part.clone()) {
                    *to = weighting.at(index % period);
                }
            }
            visit(part, &beside);
        }
    }
}

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

/// `to[i] = function(x[i], t[i], numbers beside them)`. No closure: the long ones would be functions of their own, without the instructions of the set.
macro_rules! map {
    ($part:ident, |$x:ident, $t:ident, $beside:pat_param| $function:expr) => {{
        let Part { output, target, beside: [one, other], to } = &mut $part;
        let pairs = output.iter().zip(target.iter());
        for (to, (($x, $t), (one, other))) in to.iter_mut().zip(pairs.zip(one.iter().zip(other.iter()))) {
            let ($x, $t, $beside) = (*$x, *$t, [*one, *other]);
            *to = $function;
        }
    }};
}

/// Elements that are taken at once, and where what is computed of them goes.
struct Part<'a, E> {
    output: &'a [E],
    target: &'a [E],
    beside: &'a Beside<E>,
    to: &'a mut [E],
}

/// The sum of the losses; samples have `len` elements.
pub(super) fn sum<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E]) -> E {
    let (mut losses, mut total) = ([E::ZERO; PART], E::ZERO);
    loss.parts(len, output.len().min(target.len()), |part, beside| {
        let losses = &mut losses[..part.len()];
        values(loss, Part { output: &output[part.clone()], target: &target[part], beside, to: &mut *losses });
        total += sum_of(losses);
    });
    total
}

/// Each loss.
pub(super) fn each<E: Float>(loss: &Elementwise<'_, E>, len: usize, output: &[E], target: &[E], losses: &mut [E]) {
    loss.parts(len, losses.len(), |part, beside| {
        let (output, target) = (&output[part.clone()], &target[part.clone()]);
        values(loss, Part { output, target, beside, to: &mut losses[part] });
    });
}

on_every_isa! {
    fn values<E: Float>(loss: &Elementwise<'_, E>, part: Part<'_, E>) = values_body;
}

#[inline(always)]
fn values_body<E: Float>(loss: &Elementwise<'_, E>, mut part: Part<'_, E>) {
    let [half, low] = [0.5, -100.0].map(E::from_f64);
    match *loss {
        Elementwise::Squared => map!(part, |x, t, _| (x - t) * (x - t)),
        Elementwise::Absolute => map!(part, |x, t, _| (x - t).abs()),
        Elementwise::Smooth { beta } => {
            let beta = E::from_f64(beta);
            map!(part, |x, t, _| {
                let z = (x - t).abs();
                if z < beta { half * z * z / beta } else { z - half * beta }
            })
        }
        Elementwise::Huber { delta } => {
            let delta = E::from_f64(delta);
            map!(part, |x, t, _| {
                let z = (x - t).abs();
                if z <= delta { half * z * z } else { delta * (z - half * delta) }
            })
        }
        Elementwise::Probability { .. } => map!(part, |x, t, [weight, _]| {
            let (yes, no) = (x.ln().maximum(low), (-x).ln_1p().maximum(low));
            ((t - E::ONE) * no - t * yes) * weight
        }),
        Elementwise::Logits { .. } => map!(part, |x, t, [weight, pos_weight]| {
            let yes = E::ONE + (pos_weight - E::ONE) * t;
            ((E::ONE - t) * x + yes * softplus(-x)) * weight
        }),
        Elementwise::Divergence { log_target: true } => map!(part, |x, t, _| t.exp() * (t - x)),
        Elementwise::Divergence { log_target: false } => map!(part, |x, t, _| x_log_x(t) - t * x),
        Elementwise::Poisson { log_input, full, eps } => {
            let (eps, tau) = (E::from_f64(eps), E::from_f64(core::f64::consts::TAU));
            if log_input {
                map!(part, |x, t, _| x.exp() - t * x);
            } else {
                map!(part, |x, t, _| x - t * (x + eps).ln());
            }
            if full {
                let stirling = |t: E| t * t.ln() - t + half * (tau * t).ln();
                for (to, t) in part.to.iter_mut().zip(part.target).filter(|pair| *pair.1 > E::ONE) {
                    *to += stirling(*t);
                }
            }
        }
        Elementwise::Gaussian { full, eps, .. } => {
            let (eps, constant) = (E::from_f64(eps), E::from_f64(libm::log(core::f64::consts::TAU) / 2.0));
            let constant = if full { constant } else { E::ZERO };
            map!(part, |x, t, [variance, _]| {
                let v = variance.maximum(eps);
                half * (v.ln() + (x - t) * (x - t) / v) + constant
            })
        }
        Elementwise::Hinge { margin } => {
            let margin = E::from_f64(margin);
            map!(part, |x, t, _| {
                let far = if t != E::ONE { (margin - x).maximum(E::ZERO) } else { E::ZERO };
                if t != -E::ONE { far + x } else { far }
            })
        }
        Elementwise::SoftMargin => map!(part, |x, t, _| softplus(-t * x)),
        Elementwise::Ranking { margin, .. } => {
            let margin = E::from_f64(margin);
            map!(part, |x, t, [order, _]| (margin - order * (x - t)).maximum(E::ZERO))
        }
    }
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
    if operand == Operand::Third {
        return third(loss, output, target, scale, cotangent, gradient);
    }
    loss.parts(len, gradient.len(), |part, beside| {
        let (output, target) = (&output[part.clone()], &target[part.clone()]);
        let part = Part { output, target, beside, to: &mut gradient[part] };
        if operand == Operand::First { first(loss, scale, part) } else { second(loss, scale, part) }
    });
    for (gradient, cotangent) in gradient.iter_mut().zip(cotangent.unwrap_or_default()) {
        *gradient *= *cotangent;
    }
}

on_every_isa! {
    /// With respect to the outputs.
    fn first<E: Float>(loss: &Elementwise<'_, E>, scale: E, part: Part<'_, E>) = first_body;
}

#[inline(always)]
fn first_body<E: Float>(loss: &Elementwise<'_, E>, scale: E, mut part: Part<'_, E>) {
    match *loss {
        Elementwise::Squared => {
            let two = scale + scale;
            map!(part, |x, t, _| (x - t) * two);
        }
        Elementwise::Absolute => map!(part, |x, t, _| {
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
            map!(part, |x, t, _| scale * ((x - t).maximum(-beta).minimum(beta) / beta));
        }
        Elementwise::Huber { delta } => {
            let delta = E::from_f64(delta);
            map!(part, |x, t, _| scale * (x - t).maximum(-delta).minimum(delta));
        }
        Elementwise::Probability { .. } => {
            // PyTorch's is an f32, whatever the element.
            let least = E::from_f64(f64::from(1e-12_f32));
            map!(part, |x, t, [weight, _]| weight * (x - t) / ((E::ONE - x) * x).maximum(least) * scale);
        }
        Elementwise::Logits { .. } => map!(part, |x, t, [weight, pos_weight]| {
            let yes = pos_weight * t;
            ((yes + E::ONE - t) * sigmoid(x) - yes) * weight * scale
        }),
        Elementwise::Divergence { log_target: true } => map!(part, |_x, t, _| -t.exp() * scale),
        Elementwise::Divergence { log_target: false } => map!(part, |_x, t, _| -t * scale),
        Elementwise::Poisson { log_input: true, .. } => {
            map!(part, |x, t, _| (x.exp() - t) * scale);
        }
        Elementwise::Poisson { log_input: false, eps, .. } => {
            let eps = E::from_f64(eps);
            map!(part, |x, t, _| (E::ONE - t / (x + eps)) * scale);
        }
        Elementwise::Gaussian { eps, .. } => {
            let eps = E::from_f64(eps);
            map!(part, |x, t, [variance, _]| (x - t) / variance.maximum(eps) * scale);
        }
        Elementwise::Hinge { margin } => {
            let margin = E::from_f64(margin);
            map!(part, |x, t, _| {
                let far = if t != E::ONE && margin - x > E::ZERO { -scale } else { E::ZERO };
                if t != -E::ONE { far + scale } else { far }
            });
        }
        Elementwise::SoftMargin => map!(part, |x, t, _| -t * sigmoid(-t * x) * scale),
        Elementwise::Ranking { margin, .. } => {
            let margin = E::from_f64(margin);
            map!(part, |x, t, [order, _]| {
                if margin - order * (x - t) > E::ZERO { -order * scale } else { E::ZERO }
            });
        }
    }
}

/// With respect to the targets. Those that say no more than yes or no have no gradient.
fn second<E: Float>(loss: &Elementwise<'_, E>, scale: E, mut part: Part<'_, E>) {
    match *loss {
        // Functions of x - t.
        Elementwise::Squared
        | Elementwise::Absolute
        | Elementwise::Smooth { .. }
        | Elementwise::Huber { .. }
        | Elementwise::Gaussian { .. }
        | Elementwise::Ranking { .. } => first(loss, -scale, part),
        Elementwise::Probability { .. } => {
            map!(part, |x, _t, [weight, _]| ((E::ONE - x).ln() - x.ln()) * weight * scale)
        }
        Elementwise::Logits { .. } => {
            map!(part, |x, _t, [weight, pos_weight]| ((pos_weight - E::ONE) * softplus(-x) - x) * weight * scale)
        }
        Elementwise::Divergence { log_target: true } => {
            map!(part, |x, t, _| t.exp() * (t - x + E::ONE) * scale);
        }
        // As in PyTorch, t / t, here in two steps, stands for 1 and is NaN at 0, where the slope has no bound.
        Elementwise::Divergence { log_target: false } => {
            map!(part, |x, t, _| (t.ln() + t * (E::ONE / t) - x) * scale);
        }
        Elementwise::Poisson { log_input, full, eps } => {
            let [eps, half] = [eps, 0.5].map(E::from_f64);
            map!(part, |x, t, _| {
                let slope = if log_input { -x } else { -(x + eps).ln() };
                scale * if full && t > E::ONE { slope + t.ln() + half / t } else { slope }
            });
        }
        Elementwise::Hinge { .. } | Elementwise::SoftMargin => part.to.fill(E::ZERO),
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
