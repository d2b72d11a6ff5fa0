//! The distance of each pair of rows, and its gradient: PyTorch's `pdist`, at its corners too.

use nn_shape::AllPairs;

use super::vector_norm::norm;
use crate::Float;

/// Calls `visit(place, a, b)` with the place of each distance and of the first numbers of its rows.
fn each(config: &AllPairs, batch: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let (rows, len) = (config.rows, config.len);
    let mut place = 0;
    for sample in 0..batch {
        let row = |row: usize| (sample * rows + row) * len;
        for first in 0..rows {
            for second in first + 1..rows {
                visit(place, row(first), row(second));
                place += 1;
            }
        }
    }
}

/// The differences of two rows.
fn differences<E: Float>(input: &[E], a: usize, b: usize, len: usize) -> impl Iterator<Item = f64> + '_ {
    input[a..][..len].iter().zip(&input[b..][..len]).map(|(a, b)| (*a - *b).to_f64())
}

/// One number for each pair of rows.
pub(super) fn forward<E: Float>(config: &AllPairs, batch: usize, input: &[E], output: &mut [E]) {
    assert_eq!(output.len(), batch * config.pairs(), "a distance for each pair");
    each(config, batch, |place, a, b| {
        output[place] = E::from_f64(norm(config.p, differences(input, a, b, config.len)));
    });
}

/// Adds the gradient of the rows.
pub(super) fn backward<E: Float>(
    config: &AllPairs,
    batch: usize,
    input: &[E],
    distances: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
) {
    each(config, batch, |place, a, b| {
        let (distance, g) = (distances[place].to_f64(), output_gradient[place].to_f64());
        for (i, difference) in differences(input, a, b, config.len).enumerate() {
            let slope = E::from_f64(g * slope(config.p, difference, distance));
            input_gradient[a + i] += slope;
            input_gradient[b + i] -= slope;
        }
    });
}

/// sgn(x) · (|x| / d)^(p - 1); for p = ∞ all that are as large as the largest have the whole slope. 0 where there is none.
fn slope(p: f64, difference: f64, distance: f64) -> f64 {
    if p == 0.0 || difference == 0.0 || distance == 0.0 {
        return 0.0;
    }
    let sign = if difference > 0.0 { 1.0 } else { -1.0 };
    if p == 1.0 {
        sign
    } else if p == 2.0 {
        difference / distance
    } else if p == f64::INFINITY {
        if difference.abs() == distance { sign } else { 0.0 }
    } else {
        sign * libm::pow(difference.abs() / distance, p - 1.0)
    }
}
