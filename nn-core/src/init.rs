//! torch.nn.init: how parameters begin.

use rand_core::Rng;

use crate::Float;

/// U(±1/√fan_in): PyTorch's default for linear layers and convolutions.
pub fn uniform_fan_in<E: Float>(values: &mut [E], fan_in: usize, random: &mut dyn Rng) {
    let bound = 1.0 / libm::sqrt(fan_in as f64);
    uniform(values, -bound, bound, random);
}

/// Uniform between `low` and `high`.
pub fn uniform<E: Float>(values: &mut [E], low: f64, high: f64, random: &mut dyn Rng) {
    for value in values {
        *value = E::from_f64(low + (high - low) * unit(random));
    }
}

/// Uniform in [0, 1), with 53 random bits.
pub(crate) fn unit(random: &mut dyn Rng) -> f64 {
    (random.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}
