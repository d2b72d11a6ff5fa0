//! Softmax and its relatives along the middle of `[outer, size, inner]`.

use nn_shape::{Exponential, Softmax};

use crate::Float;

/// Columns side by side: a cache line of `f32`.
const LANES: usize = 16;

/// Calls `visit(first, lanes)` for groups of neighbouring columns: the entries of column `lane` lie at `first + lane + i * inner`.
fn columns(config: &Softmax, batch: usize, mut visit: impl FnMut(usize, usize)) {
    for block in 0..batch * config.outer {
        for column in (0..config.inner).step_by(LANES) {
            visit(block * config.size * config.inner + column, LANES.min(config.inner - column));
        }
    }
}

pub(super) fn forward<E: Float>(config: &Softmax, batch: usize, input: &[E], output: &mut [E]) {
    let sign = if matches!(config.exponential, Exponential::Softmin) { -E::ONE } else { E::ONE };
    columns(config, batch, |first, lanes| {
        let (mut largest, mut sum) = ([E::NEG_INFINITY; LANES], [E::ZERO; LANES]);
        let rows = (0..config.size).map(|i| first + i * config.inner);
        for row in rows.clone() {
            for (largest, x) in largest.iter_mut().zip(&input[row..][..lanes]) {
                *largest = (sign * *x).maximum(*largest);
            }
        }
        for row in rows.clone() {
            for lane in 0..lanes {
                let shifted = sign * input[row + lane] - largest[lane];
                let power = shifted.exp();
                sum[lane] += power;
                output[row + lane] =
                    if matches!(config.exponential, Exponential::LogSoftmax) { shifted } else { power };
            }
        }
        for row in rows {
            for (y, sum) in output[row..][..lanes].iter_mut().zip(&sum) {
                *y = if matches!(config.exponential, Exponential::LogSoftmax) { *y - sum.ln() } else { *y / *sum };
            }
        }
    });
}

/// From the outputs and their gradients: `y (g - Σ g y)`, for logarithms `g - exp(y) Σ g`.
pub(super) fn backward<E: Float>(
    config: &Softmax,
    batch: usize,
    output: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    columns(config, batch, |first, lanes| {
        let mut sum = [E::ZERO; LANES];
        let rows = (0..config.size).map(|i| first + i * config.inner);
        for row in rows.clone() {
            for lane in 0..lanes {
                let (y, g) = (output[row + lane], output_gradient[row + lane]);
                sum[lane] += if matches!(config.exponential, Exponential::LogSoftmax) { g } else { g * y };
            }
        }
        for row in rows {
            for lane in 0..lanes {
                let (y, g) = (output[row + lane], output_gradient[row + lane]);
                let gradient = match config.exponential {
                    Exponential::Softmax => y * (g - sum[lane]),
                    Exponential::Softmin => -(y * (g - sum[lane])),
                    Exponential::LogSoftmax => g - y.exp() * sum[lane],
                };
                let target = &mut input_gradient[row + lane];
                *target = if accumulate { *target + gradient } else { gradient };
            }
        }
    });
}
