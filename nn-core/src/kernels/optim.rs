//! The update rules of the optimisers, and what clipping needs, over the values of one parameter.
//!
//! Each value goes through the operations of PyTorch's `_single_tensor_*` functions in their order. Nothing is fused into one rounding, so
//! every instruction set gives the same bits; PyTorch's own kernels fuse on some machines.
//!
//! Averages that decay do so to 0: in subnormal numbers they would never get there, because 0.9 times such a number may be rounded to itself, and many
//! processors take a hundred times as long over them. PyTorch keeps them.

use crate::Float;
use crate::simd::{bound_by_memory, on_every_isa};
use crate::subnormal::flushed;

/// One step of [`crate::optim::SGD`].
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct SgdRule {
    pub lr: f64,
    pub momentum: f64,
    pub dampening: f64,
    pub weight_decay: f64,
    pub nesterov: bool,
    pub maximize: bool,
    /// The first step: the buffer is empty.
    pub first: bool,
}

/// One step of [`crate::optim::Adam`] or [`crate::optim::AdamW`].
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct AdamRule {
    pub lr: f64,
    pub betas: (f64, f64),
    pub eps: f64,
    pub weight_decay: f64,
    /// The weight decay acts on the parameter, not on the gradient.
    pub decoupled: bool,
    pub maximize: bool,
    /// 1 − βᵗ of both moments.
    pub corrections: (f64, f64),
}

/// One step of [`crate::optim::RMSprop`].
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct RmspropRule {
    pub lr: f64,
    pub alpha: f64,
    pub eps: f64,
    pub weight_decay: f64,
    pub momentum: f64,
    pub maximize: bool,
}

/// One step of [`crate::optim::Adagrad`].
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct AdagradRule {
    /// With its decay.
    pub lr: f64,
    pub weight_decay: f64,
    pub eps: f64,
    pub maximize: bool,
    /// At the first step: what the sums begin with.
    pub first: Option<f64>,
}

on_every_isa! {
    /// `buffer` is empty without momentum.
    pub(super) fn sgd<E: Float>(rule: &SgdRule, gradient: &[E], values: &mut [E], buffer: &mut [E]) = sgd_body;
}

#[inline(always)]
fn sgd_body<E: Float>(rule: &SgdRule, gradient: &[E], values: &mut [E], buffer: &mut [E]) {
    assert_eq!(gradient.len(), values.len(), "a gradient for each value");
    let [lr, momentum, keep] = [rule.lr, rule.momentum, 1.0 - rule.dampening].map(E::from_f64);
    let direction = Direction::new(rule.maximize, rule.weight_decay);
    if buffer.is_empty() {
        for (value, gradient) in values.iter_mut().zip(gradient) {
            *value -= lr * direction.of(*gradient, *value);
        }
        return;
    }
    assert_eq!(buffer.len(), values.len(), "a buffer for each value");
    for ((value, gradient), buffer) in values.iter_mut().zip(gradient).zip(buffer) {
        let gradient = direction.of(*gradient, *value);
        *buffer = flushed(if rule.first { gradient } else { momentum * *buffer + keep * gradient });
        *value -= lr * if rule.nesterov { gradient + momentum * *buffer } else { *buffer };
    }
}

on_every_isa! {
    /// `largest` is empty without AMSGrad.
    pub(super) fn adam<E: Float>(
        rule: &AdamRule, gradient: &[E], values: &mut [E], m: &mut [E], v: &mut [E], largest: &mut [E],
    ) = adam_body;
}

#[inline(always)]
fn adam_body<E: Float>(rule: &AdamRule, gradient: &[E], values: &mut [E], m: &mut [E], v: &mut [E], largest: &mut [E]) {
    let len = values.len();
    assert!(gradient.len() == len && m.len() == len && v.len() == len, "a gradient and two moments for each value");
    let step = AdamStep::new(rule);
    if largest.is_empty() {
        for i in 0..len {
            let (value, gradient) = step.decay(values[i], gradient[i]);
            (m[i], v[i]) = step.moments(m[i], v[i], gradient);
            values[i] = step.moved(value, m[i], v[i]);
        }
    } else {
        assert_eq!(largest.len(), len, "a largest second moment for each value");
        for i in 0..len {
            let (value, gradient) = step.decay(values[i], gradient[i]);
            (m[i], v[i]) = step.moments(m[i], v[i], gradient);
            largest[i] = largest[i].maximum(v[i]);
            values[i] = step.moved(value, m[i], largest[i]);
        }
    }
}

/// Where a gradient points once the sign and the penalty are in it.
#[derive(Clone, Copy)]
struct Direction<E> {
    sign: E,
    decay: E,
}

impl<E: Float> Direction<E> {
    #[inline(always)]
    fn new(maximize: bool, weight_decay: f64) -> Self {
        Direction { sign: if maximize { -E::ONE } else { E::ONE }, decay: E::from_f64(weight_decay) }
    }

    /// Without a penalty the value is not touched: it may be infinite.
    #[inline(always)]
    fn of(self, gradient: E, value: E) -> E {
        let gradient = self.sign * gradient;
        if self.decay == E::ZERO { gradient } else { gradient + self.decay * value }
    }
}

/// The constants of one step of Adam, rounded to the element type where PyTorch rounds them.
#[derive(Clone, Copy)]
struct AdamStep<E> {
    direction: Direction<E>,
    shrink: E,
    new_m: E,
    keep_v: E,
    new_v: E,
    eps: E,
    step_size: E,
    correction_root: E,
}

impl<E: Float> AdamStep<E> {
    #[inline(always)]
    fn new(rule: &AdamRule) -> Self {
        let (penalty, shrink) =
            if rule.decoupled { (0.0, 1.0 - rule.lr * rule.weight_decay) } else { (rule.weight_decay, 1.0) };
        AdamStep {
            direction: Direction::new(rule.maximize, penalty),
            shrink: E::from_f64(shrink),
            new_m: E::from_f64(1.0 - rule.betas.0),
            keep_v: E::from_f64(rule.betas.1),
            new_v: E::from_f64(1.0 - rule.betas.1),
            eps: E::from_f64(rule.eps),
            step_size: E::from_f64(rule.lr / rule.corrections.0),
            correction_root: E::from_f64(libm::sqrt(rule.corrections.1)),
        }
    }

    /// The value with decoupled weight decay, the gradient with the other kind.
    #[inline(always)]
    fn decay(&self, value: E, gradient: E) -> (E, E) {
        let value = value * self.shrink;
        (value, self.direction.of(gradient, value))
    }

    /// `lerp` for the first moment; `mul` and `addcmul` for the second.
    #[inline(always)]
    fn moments(&self, m: E, v: E, gradient: E) -> (E, E) {
        (flushed(lerp(m, gradient, self.new_m)), flushed(v * self.keep_v + self.new_v * gradient * gradient))
    }

    /// `addcdiv`, which multiplies before it divides.
    #[inline(always)]
    fn moved(&self, value: E, m: E, second: E) -> E {
        value - self.step_size * m / (root(second) / self.correction_root + self.eps)
    }
}

/// `torch.lerp`, which starts from the nearer end.
#[inline(always)]
fn lerp<E: Float>(from: E, to: E, weight: E) -> E {
    let way = to - from;
    if weight + weight < E::ONE { from + weight * way } else { to - way * (E::ONE - weight) }
}

bound_by_memory! {
    /// `means` is empty unless centered, `buffer` without momentum.
    pub(super) fn rmsprop<E: Float>(
        rule: &RmspropRule, gradient: &[E], values: &mut [E], squares: &mut [E], means: &mut [E], buffer: &mut [E],
    ) = rmsprop_body;
}

#[inline(always)]
fn rmsprop_body<E: Float>(
    rule: &RmspropRule,
    gradient: &[E],
    values: &mut [E],
    squares: &mut [E],
    means: &mut [E],
    buffer: &mut [E],
) {
    let len = values.len();
    assert!(gradient.len() == len && squares.len() == len, "a gradient and a mean square for each value");
    assert!(means.is_empty() || means.len() == len, "a mean for each value");
    assert!(buffer.is_empty() || buffer.len() == len, "a buffer for each value");
    let [lr, keep, new, eps, momentum] =
        [rule.lr, rule.alpha, 1.0 - rule.alpha, rule.eps, rule.momentum].map(E::from_f64);
    let direction = Direction::new(rule.maximize, rule.weight_decay);
    for i in 0..len {
        let gradient = direction.of(gradient[i], values[i]);
        squares[i] = flushed(squares[i] * keep + new * gradient * gradient);
        let mut variance = squares[i];
        if !means.is_empty() {
            means[i] = flushed(lerp(means[i], gradient, new));
            variance += -means[i] * means[i];
        }
        let divisor = root(variance) + eps;
        values[i] -= if buffer.is_empty() {
            lr * gradient / divisor
        } else {
            buffer[i] = flushed(buffer[i] * momentum + gradient / divisor);
            lr * buffer[i]
        };
    }
}

bound_by_memory! {
    /// Adds to the sums of squares before it divides by their roots.
    pub(super) fn adagrad<E: Float>(rule: &AdagradRule, gradient: &[E], values: &mut [E], sums: &mut [E]) = adagrad_body;
}

#[inline(always)]
fn adagrad_body<E: Float>(rule: &AdagradRule, gradient: &[E], values: &mut [E], sums: &mut [E]) {
    let len = values.len();
    assert!(gradient.len() == len && sums.len() == len, "a gradient and a sum for each value");
    let [lr, eps] = [rule.lr, rule.eps].map(E::from_f64);
    let direction = Direction::new(rule.maximize, rule.weight_decay);
    if let Some(first) = rule.first {
        sums.fill(E::from_f64(first));
    }
    for i in 0..len {
        let gradient = direction.of(gradient[i], values[i]);
        sums[i] += gradient * gradient;
        values[i] -= lr * gradient / (root(sums[i]) + eps);
    }
}

/// The square root. `libm` knows one number at a time; the instruction behind `std`, which gives the same bits, takes a whole vector.
#[inline(always)]
fn root<E: Float>(value: E) -> E {
    #[cfg(feature = "std")]
    {
        if size_of::<E>() == size_of::<f32>() {
            return bytemuck::cast(bytemuck::cast::<E, f32>(value).sqrt());
        }
        if size_of::<E>() == size_of::<f64>() {
            return bytemuck::cast(bytemuck::cast::<E, f64>(value).sqrt());
        }
    }
    value.sqrt()
}

bound_by_memory! {
    /// Multiplies every value.
    pub(super) fn scale<E: Float>(factor: E, values: &mut [E]) = scale_body;
}

#[inline(always)]
fn scale_body<E: Float>(factor: E, values: &mut [E]) {
    for value in values {
        *value *= factor;
    }
}

bound_by_memory! {
    /// Brings every value into `[-bound, bound]`; NaN stays.
    pub(super) fn clip<E: Float>(bound: E, values: &mut [E]) = clip_body;
}

#[inline(always)]
fn clip_body<E: Float>(bound: E, values: &mut [E]) {
    for value in values {
        *value = value.minimum(bound).maximum(-bound);
    }
}

/// Sums side by side, so that the additions need not wait for each other; their number decides the last bits.
const SUMS: usize = 8;

/// Σ |value|^exponent in `f64`; for an infinite exponent the largest |value|. NaN if a value is.
pub(super) fn power_sum<E: Float>(exponent: f64, values: &[E]) -> f64 {
    let gather = |map: fn(f64, f64) -> f64, join: fn(f64, f64) -> f64| {
        let mut sums = [0.0; SUMS];
        for chunk in values.chunks(SUMS) {
            for (sum, value) in sums.iter_mut().zip(chunk) {
                *sum = join(*sum, map(value.to_f64().abs(), exponent));
            }
        }
        sums.into_iter().fold(0.0, join)
    };
    if exponent == f64::INFINITY {
        gather(|value, _| value, Float::maximum)
    } else if exponent == 2.0 {
        gather(|value, _| value * value, |a, b| a + b)
    } else if exponent == 1.0 {
        gather(|value, _| value, |a, b| a + b)
    } else {
        gather(libm::pow, |a, b| a + b)
    }
}
