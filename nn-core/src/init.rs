//! torch.nn.init: how parameters begin.
//!
//! Each function gives an [`Init`], whose options are methods with PyTorch's names; `#[init(...)]` in `network!` is written the same way.
//!
//! ```
//! use nn_core::init;
//!
//! let mut weight = [0.0_f32; 64 * 9];
//! init::kaiming_normal().nonlinearity("relu").fill(&mut weight, &[16, 4, 3, 3], &mut nn_core::seed(1));
//! ```

use rand_core::Rng;

use crate::{Float, Parameters};

/// A way to fill a parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Init {
    law: Law,
    gain: f64,
    a: f64,
    fan_out: bool,
    nonlinearity: Option<Nonlinearity>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Law {
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, std: f64 },
    TruncatedNormal { mean: f64, std: f64, low: f64, high: f64 },
    Constant(f64),
    Eye,
    Dirac { groups: usize },
    Xavier { normal: bool },
    Kaiming { normal: bool },
    Orthogonal,
    Sparse { sparsity: f64, std: f64 },
}

/// What follows a layer, for [`calculate_gain`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Nonlinearity {
    Linear,
    Tanh,
    Relu,
    LeakyRelu,
    Selu,
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

impl Nonlinearity {
    const fn named(name: &str) -> Nonlinearity {
        let linear = [
            "linear",
            "conv1d",
            "conv2d",
            "conv3d",
            "conv_transpose1d",
            "conv_transpose2d",
            "conv_transpose3d",
            "sigmoid",
        ];
        let mut i = 0;
        while i < linear.len() {
            if same(name, linear[i]) {
                return Nonlinearity::Linear;
            }
            i += 1;
        }
        if same(name, "tanh") {
            Nonlinearity::Tanh
        } else if same(name, "relu") {
            Nonlinearity::Relu
        } else if same(name, "leaky_relu") {
            Nonlinearity::LeakyRelu
        } else if same(name, "selu") {
            Nonlinearity::Selu
        } else {
            panic!("nn: a nonlinearity is linear, conv1d to conv_transpose3d, sigmoid, tanh, relu, leaky_relu or selu")
        }
    }

    fn gain(self, slope: f64) -> f64 {
        match self {
            Nonlinearity::Linear => 1.0,
            Nonlinearity::Tanh => 5.0 / 3.0,
            Nonlinearity::Relu => core::f64::consts::SQRT_2,
            Nonlinearity::LeakyRelu => libm::sqrt(2.0 / (1.0 + slope * slope)),
            Nonlinearity::Selu => 0.75,
        }
    }
}

/// The factor by which a nonlinearity shrinks what passes it;
/// [`torch.nn.init.calculate_gain`](https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain).
/// `param` is the negative slope of leaky_relu, 0.01 if `None`.
///
/// # Panics
/// If there is no such nonlinearity.
pub fn calculate_gain(nonlinearity: &str, param: Option<f64>) -> f64 {
    Nonlinearity::named(nonlinearity).gain(param.unwrap_or(0.01))
}

impl Init {
    const fn of(law: Law) -> Init {
        Init { law, gain: 1.0, a: 0.0, fan_out: false, nonlinearity: None }
    }

    /// The lower bound of a distribution; for Kaiming the negative slope of the leaky_relu that follows.
    pub const fn a(mut self, a: f64) -> Init {
        match &mut self.law {
            Law::Uniform { low, .. } | Law::TruncatedNormal { low, .. } => *low = a,
            _ => self.a = a,
        }
        self
    }

    /// The upper bound of a distribution.
    pub const fn b(mut self, b: f64) -> Init {
        if let Law::Uniform { high, .. } | Law::TruncatedNormal { high, .. } = &mut self.law {
            *high = b;
        }
        self
    }

    /// The mean of a normal distribution.
    pub const fn mean(mut self, value: f64) -> Init {
        if let Law::Normal { mean, .. } | Law::TruncatedNormal { mean, .. } = &mut self.law {
            *mean = value;
        }
        self
    }

    /// The standard deviation of a normal distribution.
    pub const fn std(mut self, value: f64) -> Init {
        if let Law::Normal { std, .. } | Law::TruncatedNormal { std, .. } | Law::Sparse { std, .. } = &mut self.law {
            *std = value;
        }
        self
    }

    /// The value of a constant.
    pub const fn val(mut self, value: f64) -> Init {
        if let Law::Constant(val) = &mut self.law {
            *val = value;
        }
        self
    }

    /// What Xavier and orthogonal weights are multiplied with.
    pub const fn gain(mut self, gain: f64) -> Init {
        self.gain = gain;
        self
    }

    /// The groups of a convolution, for Dirac.
    pub const fn groups(mut self, count: usize) -> Init {
        if let Law::Dirac { groups } = &mut self.law {
            *groups = count;
        }
        self
    }

    /// The part of each column that is zero.
    pub const fn sparsity(mut self, part: f64) -> Init {
        if let Law::Sparse { sparsity, .. } = &mut self.law {
            *sparsity = part;
        }
        self
    }

    /// Kaiming: `"fan_in"` keeps the size of what flows forward, `"fan_out"` of what flows back.
    ///
    /// # Panics
    /// If it is another word; in a constant, that is a compile error.
    pub const fn mode(mut self, mode: &str) -> Init {
        assert!(same(mode, "fan_in") || same(mode, "fan_out"), "nn: a mode is \"fan_in\" or \"fan_out\"");
        self.fan_out = same(mode, "fan_out");
        self
    }

    /// Kaiming: what follows the layer.
    ///
    /// # Panics
    /// If there is no such nonlinearity; in a constant, that is a compile error.
    pub const fn nonlinearity(mut self, name: &str) -> Init {
        self.nonlinearity = Some(Nonlinearity::named(name));
        self
    }

    /// Fills a parameter of this shape.
    ///
    /// # Panics
    /// If the values are not as many as the shape says, or the shape has too few axes for this way of filling.
    pub fn fill<E: Float>(&self, values: &mut [E], shape: &[usize], random: &mut dyn Rng) {
        assert_eq!(values.len(), shape.iter().product::<usize>(), "a value for each place of the shape");
        match self.law {
            Law::Uniform { low, high } => uniform_in(values, low, high, random),
            Law::Normal { mean, std } => normal_in(values, mean, std, random),
            Law::TruncatedNormal { mean, std, low, high } => truncated(values, (mean, std), (low, high), random),
            Law::Constant(value) => values.fill(E::from_f64(value)),
            Law::Eye => fill_eye(values, shape),
            Law::Dirac { groups } => fill_dirac(values, shape, groups),
            Law::Xavier { normal } => {
                let (fan_in, fan_out) = fans(shape);
                let std = self.gain * libm::sqrt(2.0 / (fan_in + fan_out));
                draw(values, normal, std, random);
            }
            Law::Kaiming { normal } => {
                let (fan_in, fan_out) = fans(shape);
                let gain = self.nonlinearity.unwrap_or(Nonlinearity::LeakyRelu).gain(self.a);
                draw(values, normal, gain / libm::sqrt(if self.fan_out { fan_out } else { fan_in }), random);
            }
            Law::Orthogonal => fill_orthogonal(values, shape, self.gain, random),
            Law::Sparse { sparsity, std } => fill_sparse(values, shape, sparsity, std, random),
        }
    }
}

/// U(a, b), U(0, 1) if left out.
pub const fn uniform() -> Init {
    Init::of(Law::Uniform { low: 0.0, high: 1.0 })
}

/// N(mean, std²), N(0, 1) if left out.
pub const fn normal() -> Init {
    Init::of(Law::Normal { mean: 0.0, std: 1.0 })
}

/// N(mean, std²) cut to [a, b], which are absolute; N(0, 1) in [-2, 2] if left out.
pub const fn trunc_normal() -> Init {
    Init::of(Law::TruncatedNormal { mean: 0.0, std: 1.0, low: -2.0, high: 2.0 })
}

/// One value everywhere: `constant().val(0.1)`.
pub const fn constant() -> Init {
    Init::of(Law::Constant(0.0))
}

/// 1 everywhere.
pub const fn ones() -> Init {
    Init::of(Law::Constant(1.0))
}

/// 0 everywhere.
pub const fn zeros() -> Init {
    Init::of(Law::Constant(0.0))
}

/// The identity matrix.
pub const fn eye() -> Init {
    Init::of(Law::Eye)
}

/// Windows that pass as many channels as they can through unchanged, in each of `groups`.
pub const fn dirac() -> Init {
    Init::of(Law::Dirac { groups: 1 })
}

/// U(±gain · √(6 / (fan_in + fan_out))) ([Glorot & Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
pub const fn xavier_uniform() -> Init {
    Init::of(Law::Xavier { normal: false })
}

/// N(0, gain² · 2 / (fan_in + fan_out)).
pub const fn xavier_normal() -> Init {
    Init::of(Law::Xavier { normal: true })
}

/// U(±√3 · gain / √fan) ([He et al. 2015](https://arxiv.org/abs/1502.01852)); the gain follows from `nonlinearity`
/// (leaky_relu if left out) and its slope `a`, the fan from `mode`.
pub const fn kaiming_uniform() -> Init {
    Init::of(Law::Kaiming { normal: false })
}

/// N(0, gain² / fan).
pub const fn kaiming_normal() -> Init {
    Init::of(Law::Kaiming { normal: true })
}

/// Rows or columns orthogonal, of length `gain`, the axes behind the first taken together ([Saxe et al. 2014](https://arxiv.org/abs/1312.6120)).
pub const fn orthogonal() -> Init {
    Init::of(Law::Orthogonal)
}

/// A matrix whose columns hold ⌈sparsity · rows⌉ zeros, and N(0, std²) elsewhere ([Martens 2010](https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf)).
pub const fn sparse(sparsity: f64) -> Init {
    Init::of(Law::Sparse { sparsity, std: 0.01 })
}

/// Fills the parameter of that name: what `#[init(...)]` expands to.
///
/// # Panics
/// If the layer has no such parameter; the message lists those that it has.
pub fn apply<L: Parameters>(layer: &mut L, parameter: &str, init: &Init, random: &mut dyn Rng) {
    let mut found = false;
    layer.visit_parameters_mut(&mut |own, values| {
        if own.name == parameter {
            init.fill(values, own.shape, random);
            found = true;
        }
    });
    assert!(found, "nn: `#[init({parameter}: ...)]`: the layer has no parameter of that name");
}

/// U(±1/√fan_in): PyTorch's default for linear layers and convolutions.
pub fn uniform_fan_in<E: Float>(values: &mut [E], fan_in: usize, random: &mut dyn Rng) {
    let bound = if fan_in == 0 { 0.0 } else { 1.0 / libm::sqrt(fan_in as f64) };
    uniform_in(values, -bound, bound, random);
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
        normal_in(values, 0.0, std, random);
    } else {
        let bound = libm::sqrt(3.0) * std;
        uniform_in(values, -bound, bound, random);
    }
}

fn uniform_in<E: Float>(values: &mut [E], low: f64, high: f64, random: &mut dyn Rng) {
    for value in values {
        *value = E::from_f64(low + (high - low) * unit(random));
    }
}

fn normal_in<E: Float>(values: &mut [E], mean: f64, std: f64, random: &mut dyn Rng) {
    for value in values {
        *value = E::from_f64(mean + std * standard_normal(random));
    }
}

/// Uniform in [0, 1), with 53 random bits.
pub(crate) fn unit(random: &mut dyn Rng) -> f64 {
    (random.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Box and Muller's transform of two uniform numbers.
pub(crate) fn standard_normal(random: &mut dyn Rng) -> f64 {
    // 1 - u is never 0.
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - unit(random)));
    radius * libm::cos(core::f64::consts::TAU * unit(random))
}

/// The inverse of the cumulated distribution would need a function of its own; cutting draws is exact, and uniform candidates under the
/// density keep it quick wherever the interval lies.
fn truncated<E: Float>(values: &mut [E], (mean, std): (f64, f64), (low, high): (f64, f64), random: &mut dyn Rng) {
    let (low, high) = ((low - mean) / std, (high - mean) / std);
    let peak = if low > 0.0 { low } else { high.min(0.0) };
    for value in values {
        let drawn = loop {
            let candidate = low + (high - low) * unit(random);
            if unit(random) < libm::exp((peak * peak - candidate * candidate) / 2.0) {
                break candidate;
            }
        };
        *value = E::from_f64(mean + std * drawn);
    }
}

fn fill_eye<E: Float>(values: &mut [E], shape: &[usize]) {
    let &[_, columns] = shape else { panic!("nn: eye fills matrices, this parameter has {} axes", shape.len()) };
    for (row, values) in values.chunks_exact_mut(columns).enumerate() {
        values.fill(E::ZERO);
        if row < columns {
            values[row] = E::ONE;
        }
    }
}

fn fill_dirac<E: Float>(values: &mut [E], shape: &[usize], groups: usize) {
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

/// Gram and Schmidt, twice over, on the shorter of rows and columns.
fn fill_orthogonal<E: Float>(values: &mut [E], shape: &[usize], gain: f64, random: &mut dyn Rng) {
    assert!(shape.len() >= 2, "nn: orthogonal needs a parameter with at least two axes, this one has {}", shape.len());
    let (rows, columns) = (shape[0], shape[1..].iter().product::<usize>());
    let (count, len, step, stride) =
        if rows <= columns { (rows, columns, columns, 1) } else { (columns, rows, 1, columns) };
    normal_in(values, 0.0, 1.0, random);
    let at = |vector: usize, i: usize| vector * step + i * stride;
    for vector in 0..count {
        for _ in 0..2 {
            for other in 0..vector {
                let dot: f64 = (0..len).map(|i| values[at(vector, i)].to_f64() * values[at(other, i)].to_f64()).sum();
                for i in 0..len {
                    values[at(vector, i)] =
                        E::from_f64(values[at(vector, i)].to_f64() - dot * values[at(other, i)].to_f64());
                }
            }
            let norm = libm::sqrt((0..len).map(|i| values[at(vector, i)].to_f64()).map(|value| value * value).sum());
            for i in 0..len {
                values[at(vector, i)] = E::from_f64(values[at(vector, i)].to_f64() / norm);
            }
        }
    }
    for value in values {
        *value = E::from_f64(value.to_f64() * gain);
    }
}

fn fill_sparse<E: Float>(values: &mut [E], shape: &[usize], sparsity: f64, std: f64, random: &mut dyn Rng) {
    let &[rows, columns] = shape else { panic!("nn: sparse fills matrices, this parameter has {} axes", shape.len()) };
    normal_in(values, 0.0, std, random);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_by_the_compiler_too() {
        const INIT: Init = kaiming_normal().mode("fan_out").nonlinearity("relu");
        let mut weight = [0.0_f64; 6];
        INIT.fill(&mut weight, &[2, 3], &mut crate::seed(1));
        assert!(weight.iter().all(|value| *value != 0.0));
    }
}
