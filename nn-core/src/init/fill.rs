//! How the functions of torch.nn.init fill a parameter: compiled once for each element type, by way of the kernels' table.

use rand_core::Rng;

use super::{Init, Law};
use crate::Float;

/// What [`Init::fill`] does.
pub(crate) fn fill<E: Float>(init: &Init, values: &mut [E], shape: &[usize], random: &mut dyn Rng) {
    assert_eq!(values.len(), shape.iter().product::<usize>(), "a value for each place of the shape");
    match init.0 {
        Law::Uniform { low, high } => uniform(values, low, high, random),
        Law::Normal { mean, std } => normal(values, mean, std, random),
        Law::TruncatedNormal { mean, std, low, high } => truncated_normal(values, (mean, std), (low, high), random),
        Law::Constant(value) => values.fill(E::from_f64(value)),
        Law::Eye => eye(values, shape),
        Law::Dirac { groups } => dirac(values, shape, groups),
        Law::Xavier { normal, gain } => {
            let (fan_in, fan_out) = fans(shape);
            draw(values, normal, gain * libm::sqrt(2.0 / (fan_in + fan_out)), random);
        }
        Law::Kaiming { normal, slope, fan_out, nonlinearity } => {
            let fans = fans(shape);
            draw(values, normal, nonlinearity.gain(slope) / libm::sqrt(if fan_out { fans.1 } else { fans.0 }), random);
        }
        Law::Orthogonal { gain } => orthogonal(values, shape, gain, random),
        Law::Sparse { sparsity, std } => sparse(values, shape, sparsity, std, random),
    }
}

/// PyTorch reads the fans from the shape: axis 1 and axis 0, times the size of the window behind them.
fn fans(shape: &[usize]) -> (f64, f64) {
    assert!(
        shape.len() >= 2,
        "nn: fan in and fan out need a parameter with at least two axes, this one has {}",
        shape.len()
    );
    let window: usize = shape[2..].iter().product();
    ((shape[1] * window) as f64, (shape[0] * window) as f64)
}

/// Normal or uniform with this standard deviation.
fn draw<E: Float>(values: &mut [E], normal: bool, std: f64, random: &mut dyn Rng) {
    if normal {
        self::normal(values, 0.0, std, random);
    } else {
        let bound = libm::sqrt(3.0) * std;
        uniform(values, -bound, bound, random);
    }
}

fn uniform<E: Float>(values: &mut [E], low: f64, high: f64, random: &mut dyn Rng) {
    assert!(low <= high, "nn: a uniform distribution reaches from a to b, and a <= b");
    for value in values {
        *value = E::from_f64(low + (high - low) * unit(random));
    }
}

fn normal<E: Float>(values: &mut [E], mean: f64, std: f64, random: &mut dyn Rng) {
    assert!(std >= 0.0, "nn: a standard deviation is not negative");
    for value in values {
        *value = E::from_f64(mean + std * standard_normal(random));
    }
}

/// Uniform in [0, 1), with 53 random bits.
fn unit(random: &mut dyn Rng) -> f64 {
    (random.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Box and Muller's transform of two uniform numbers.
fn standard_normal(random: &mut dyn Rng) -> f64 {
    // 1 - u is never 0.
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - unit(random)));
    radius * libm::cos(core::f64::consts::TAU * unit(random))
}

/// Draws candidates until one is kept. Which candidates depends on the interval, so that many are kept wherever it lies: normal ones, of
/// which those outside are dropped; or uniform ones, or in a tail exponential ones, thinned out to the density.
fn truncated_normal<E: Float>(
    values: &mut [E],
    (mean, std): (f64, f64),
    (low, high): (f64, f64),
    random: &mut dyn Rng,
) {
    assert!(low <= high && std >= 0.0, "nn: a truncated normal distribution needs a <= b and std >= 0");
    if std == 0.0 {
        return values.fill(E::from_f64(mean.clamp(low, high)));
    }
    let (first, last) = ((low - mean) / std, (high - mean) / std);
    let width = last - first;
    let peak = 0_f64.clamp(first, last);
    let tail = peak.abs() > 1.0;
    let wide = width > libm::sqrt(core::f64::consts::TAU) * libm::exp(peak * peak / 2.0);
    let mut draw = || {
        if tail {
            // From Robert, "Simulation of truncated normal variables" (arXiv:0907.4010), with the simpler rate.
            let beyond = -libm::log1p(unit(random) * libm::expm1(-peak.abs() * width)) / peak.abs();
            (peak + libm::copysign(beyond, peak), unit(random) < libm::exp(-beyond * beyond / 2.0))
        } else if wide {
            let candidate = standard_normal(random);
            (candidate, (first..=last).contains(&candidate))
        } else {
            let candidate = first + width * unit(random);
            (candidate, unit(random) < libm::exp((peak * peak - candidate * candidate) / 2.0))
        }
    };
    for value in values {
        let candidate = loop {
            let (candidate, kept) = draw();
            if kept {
                break candidate;
            }
        };
        *value = E::from_f64((mean + std * candidate).clamp(low, high));
    }
}

fn eye<E: Float>(values: &mut [E], shape: &[usize]) {
    let &[_, columns] = shape else { panic!("nn: eye fills matrices, this parameter has {} axes", shape.len()) };
    for (row, values) in values.chunks_exact_mut(columns).enumerate() {
        values.fill(E::ZERO);
        if row < columns {
            values[row] = E::ONE;
        }
    }
}

fn dirac<E: Float>(values: &mut [E], shape: &[usize], groups: usize) {
    assert!(
        (3..=5).contains(&shape.len()),
        "nn: dirac fills the windows of convolutions, this parameter has {} axes",
        shape.len()
    );
    assert!(groups > 0 && shape[0].is_multiple_of(groups), "nn: groups must divide the {} output channels", shape[0]);
    values.fill(E::ZERO);
    let window: usize = shape[2..].iter().product();
    let centre = shape[2..].iter().fold(0, |place, size| place * size + size / 2);
    let group_out = shape[0] / groups;
    for group in 0..groups {
        for channel in 0..group_out.min(shape[1]) {
            values[((group * group_out + channel) * shape[1] + channel) * window + centre] = E::ONE;
        }
    }
}

/// The number of columns that go through the matrix together.
const BLOCK: usize = 32;

/// Gram and Schmidt on the rows, or on the columns if they are fewer; the second time repairs what rounding did to the first.
/// No vector changes its direction for the opposite, so all such matrices are equally likely.
fn orthogonal<E: Float>(values: &mut [E], shape: &[usize], gain: f64, random: &mut dyn Rng) {
    assert!(shape.len() >= 2, "nn: orthogonal needs a parameter with at least two axes, this one has {}", shape.len());
    let (rows, columns) = (shape[0], shape[1..].iter().product::<usize>());
    normal(values, 0.0, 1.0, random);
    for _ in 0..2 {
        if rows <= columns {
            orthonormal_rows(values, columns);
        } else {
            orthonormal_columns(values, columns);
        }
    }
    for value in values {
        *value = E::from_f64(value.to_f64() * gain);
    }
}

fn orthonormal_rows<E: Float>(mut rows: &mut [E], columns: usize) {
    while !rows.is_empty() {
        let (row, rest) = rows.split_at_mut(columns);
        let norm = libm::sqrt(dot(row, row));
        for value in row.iter_mut() {
            *value = E::from_f64(value.to_f64() / norm);
        }
        for other in rest.chunks_exact_mut(columns) {
            let shared = dot(row, other);
            for (value, unit) in other.iter_mut().zip(&*row) {
                *value = E::from_f64(value.to_f64() - shared * unit.to_f64());
            }
        }
        rows = rest;
    }
}

fn dot<E: Float>(left: &[E], right: &[E]) -> f64 {
    let mut sums = [0.0; 8];
    for (left, right) in left.chunks(8).zip(right.chunks(8)) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left.to_f64() * right.to_f64();
        }
    }
    sums.iter().sum()
}

/// The same by columns, some of them at a time, because the numbers of a row lie side by side.
fn orthonormal_columns<E: Float>(values: &mut [E], columns: usize) {
    for column in 0..columns {
        let squares = values.chunks_exact(columns).map(|row| row[column].to_f64()).map(|value| value * value);
        let norm = libm::sqrt(squares.sum());
        for row in values.chunks_exact_mut(columns) {
            row[column] = E::from_f64(row[column].to_f64() / norm);
        }
        for start in (column + 1..columns).step_by(BLOCK) {
            let block = start..columns.min(start + BLOCK);
            let mut shared = [0.0; BLOCK];
            for row in values.chunks_exact(columns) {
                let unit = row[column].to_f64();
                for (shared, value) in shared.iter_mut().zip(&row[block.clone()]) {
                    *shared += unit * value.to_f64();
                }
            }
            for row in values.chunks_exact_mut(columns) {
                let unit = row[column].to_f64();
                for (shared, value) in shared.iter().zip(&mut row[block.clone()]) {
                    *value = E::from_f64(value.to_f64() - shared * unit);
                }
            }
        }
    }
}

fn sparse<E: Float>(values: &mut [E], shape: &[usize], sparsity: f64, std: f64, random: &mut dyn Rng) {
    let &[rows, columns] = shape else { panic!("nn: sparse fills matrices, this parameter has {} axes", shape.len()) };
    assert!(!sparsity.is_nan(), "nn: sparse needs its `sparsity`: `sparse().sparsity(0.5)`");
    normal(values, 0.0, std, random);
    let zeros = libm::ceil(sparsity * rows as f64) as usize;
    for column in 0..columns {
        // Each row in turn is chosen with the chance that fills the quota exactly.
        let mut left = zeros.min(rows);
        for row in 0..rows {
            if unit(random) * ((rows - row) as f64) < left as f64 {
                values[row * columns + column] = E::ZERO;
                left -= 1;
            }
        }
    }
}
