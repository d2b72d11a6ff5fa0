//! Softmax of what Gumbel noise was added to.

use nn_shape::{GumbelSoftmax, Softmax};
use rand_core::Rng;

use crate::{Float, Random};

/// Calls `visit` with the places of each line along the axis.
fn lines(softmax: &Softmax, batch: usize, mut visit: impl FnMut(core::iter::StepBy<core::ops::Range<usize>>)) {
    let (size, inner) = (softmax.size, softmax.inner);
    for block in 0..batch * softmax.outer {
        for column in 0..inner {
            let first = block * size * inner + column;
            visit((first..first + size * inner).step_by(inner));
        }
    }
}

/// -log(-log(u)), u being uniform in (0, 1).
fn noise(random: &mut Random) -> f64 {
    let uniform = ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    -libm::log(-libm::log(uniform))
}

/// The shares: softmax of `(input + noise) / tau`, without noise where nothing is to be drawn.
pub(super) fn forward<E: Float>(
    config: &GumbelSoftmax,
    batch: usize,
    input: &[E],
    shares: &mut [E],
    random: Option<&mut Random>,
) {
    assert_eq!(shares.len(), input.len(), "a share for each value");
    let noisy = random.is_some();
    if let Some(random) = random {
        // In the order of memory, so that no axis changes what is drawn.
        shares.iter_mut().for_each(|share| *share = E::from_f64(noise(random)));
    }
    let tau = E::from_f64(config.tau);
    lines(&config.softmax, batch, |line| {
        let mut largest = E::NEG_INFINITY;
        for at in line.clone() {
            let value = if noisy { input[at] + shares[at] } else { input[at] };
            shares[at] = value / tau;
            largest = shares[at].maximum(largest);
        }
        let mut sum = E::ZERO;
        for at in line.clone() {
            shares[at] = (shares[at] - largest).exp();
            sum += shares[at];
        }
        for at in line {
            shares[at] /= sum;
        }
    });
}

/// 1 at the first of the largest, 0 elsewhere.
pub(super) fn harden<E: Float>(config: &GumbelSoftmax, batch: usize, values: &mut [E]) {
    lines(&config.softmax, batch, |line| {
        let first = line.clone().next().unwrap_or_default();
        let largest = line.clone().fold(first, |best, at| if values[at] > values[best] { at } else { best });
        for at in line {
            values[at] = if at == largest { E::ONE } else { E::ZERO };
        }
    });
}

/// `s (g - Σ g s) / tau` of the shares `s`, overwritten or added to.
pub(super) fn backward<E: Float>(
    config: &GumbelSoftmax,
    batch: usize,
    shares: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let tau = E::from_f64(config.tau);
    lines(&config.softmax, batch, |line| {
        let mut mean = E::ZERO;
        line.clone().for_each(|at| mean += output_gradient[at] * shares[at]);
        for at in line {
            let slope = shares[at] * (output_gradient[at] - mean) / tau;
            input_gradient[at] = if accumulate { input_gradient[at] + slope } else { slope };
        }
    });
}
