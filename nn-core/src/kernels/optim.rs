//! The update rules of the optimisers, over the values of one parameter.

use crate::Float;

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

/// `buffer` is empty without momentum.
pub(super) fn sgd<E: Float>(rule: &SgdRule, gradient: &[E], values: &mut [E], buffer: &mut [E]) {
    assert_eq!(gradient.len(), values.len(), "a gradient for each value");
    let [lr, momentum, keep, decay] =
        [rule.lr, rule.momentum, 1.0 - rule.dampening, rule.weight_decay].map(E::from_f64);
    let sign = if rule.maximize { -E::ONE } else { E::ONE };
    if buffer.is_empty() {
        for (value, gradient) in values.iter_mut().zip(gradient) {
            *value -= lr * (sign * *gradient + decay * *value);
        }
        return;
    }
    assert_eq!(buffer.len(), values.len(), "a buffer for each value");
    for ((value, gradient), buffer) in values.iter_mut().zip(gradient).zip(buffer) {
        let gradient = sign * *gradient + decay * *value;
        *buffer = if rule.first { gradient } else { momentum * *buffer + keep * gradient };
        *value -= lr * if rule.nesterov { gradient + momentum * *buffer } else { *buffer };
    }
}

/// `largest` is empty without AMSGrad.
pub(super) fn adam<E: Float>(
    rule: &AdamRule,
    gradient: &[E],
    values: &mut [E],
    m: &mut [E],
    v: &mut [E],
    largest: &mut [E],
) {
    assert!(
        gradient.len() == values.len() && m.len() == values.len() && v.len() == values.len(),
        "moments for each value"
    );
    let shrink = if rule.decoupled { E::from_f64(1.0 - rule.lr * rule.weight_decay) } else { E::ONE };
    let decay = if rule.decoupled { E::ZERO } else { E::from_f64(rule.weight_decay) };
    let sign = if rule.maximize { -E::ONE } else { E::ONE };
    let [keep_v, new_m, new_v, eps] = [rule.betas.1, 1.0 - rule.betas.0, 1.0 - rule.betas.1, rule.eps].map(E::from_f64);
    let (step, root) = (E::from_f64(rule.lr / rule.corrections.0), E::from_f64(libm::sqrt(rule.corrections.1)));
    let mut move_value = |i: usize, largest: Option<&mut E>| {
        let value = values[i] * shrink;
        let gradient = sign * gradient[i] + decay * value;
        m[i] += (gradient - m[i]) * new_m;
        v[i] = v[i] * keep_v + new_v * gradient * gradient;
        let second = match largest {
            Some(largest) => {
                *largest = largest.maximum(v[i]);
                *largest
            }
            None => v[i],
        };
        values[i] = value - step * (m[i] / (second.sqrt() / root + eps));
    };
    if largest.is_empty() {
        for i in 0..gradient.len() {
            move_value(i, None);
        }
    } else {
        for (i, largest) in largest.iter_mut().enumerate() {
            move_value(i, Some(largest));
        }
    }
}

/// Multiplies every value.
pub(super) fn scale<E: Float>(factor: E, values: &mut [E]) {
    for value in values {
        *value *= factor;
    }
}
