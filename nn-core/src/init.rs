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

use core::fmt;

use rand_core::Rng;

use crate::layout::same_text;
use crate::{Element, Parameters};

mod fill;

pub(crate) use fill::fill;

/// A way to fill a parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Init(Law);

#[derive(Clone, Copy, PartialEq, Debug)]
enum Law {
    Uniform { low: f64, high: f64 },
    Normal { mean: f64, std: f64 },
    TruncatedNormal { mean: f64, std: f64, low: f64, high: f64 },
    Constant(f64),
    Eye,
    Dirac { groups: usize },
    Xavier { normal: bool, gain: f64 },
    Kaiming { normal: bool, slope: f64, fan_out: bool, nonlinearity: Nonlinearity },
    Orthogonal { gain: f64 },
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

impl Nonlinearity {
    #[track_caller]
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
            if same_text(name, linear[i]) {
                return Nonlinearity::Linear;
            }
            i += 1;
        }
        if same_text(name, "tanh") {
            Nonlinearity::Tanh
        } else if same_text(name, "relu") {
            Nonlinearity::Relu
        } else if same_text(name, "leaky_relu") {
            Nonlinearity::LeakyRelu
        } else if same_text(name, "selu") {
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

/// The options of all functions; each function takes PyTorch's.
impl Init {
    /// The lower bound of a distribution; for Kaiming the negative slope of the leaky_relu that follows.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn a(mut self, value: f64) -> Init {
        match &mut self.0 {
            Law::Uniform { low: a, .. } | Law::TruncatedNormal { low: a, .. } | Law::Kaiming { slope: a, .. } => {
                *a = value
            }
            _ => panic!("nn: this function of torch.nn.init has no option `a`"),
        }
        self
    }

    /// The upper bound of a distribution.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn b(mut self, value: f64) -> Init {
        match &mut self.0 {
            Law::Uniform { high, .. } | Law::TruncatedNormal { high, .. } => *high = value,
            _ => panic!("nn: this function of torch.nn.init has no option `b`"),
        }
        self
    }

    /// The mean of a normal distribution.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn mean(mut self, value: f64) -> Init {
        match &mut self.0 {
            Law::Normal { mean, .. } | Law::TruncatedNormal { mean, .. } => *mean = value,
            _ => panic!("nn: this function of torch.nn.init has no option `mean`"),
        }
        self
    }

    /// The standard deviation of a normal distribution.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn std(mut self, value: f64) -> Init {
        match &mut self.0 {
            Law::Normal { std, .. } | Law::TruncatedNormal { std, .. } | Law::Sparse { std, .. } => *std = value,
            _ => panic!("nn: this function of torch.nn.init has no option `std`"),
        }
        self
    }

    /// The value of a constant.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn val(mut self, value: f64) -> Init {
        match &mut self.0 {
            Law::Constant(val) => *val = value,
            _ => panic!("nn: this function of torch.nn.init has no option `val`"),
        }
        self
    }

    /// What Xavier and orthogonal weights are multiplied with.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn gain(mut self, value: f64) -> Init {
        match &mut self.0 {
            Law::Xavier { gain, .. } | Law::Orthogonal { gain } => *gain = value,
            _ => panic!("nn: this function of torch.nn.init has no option `gain`"),
        }
        self
    }

    /// The groups of a convolution, for Dirac.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn groups(mut self, count: usize) -> Init {
        match &mut self.0 {
            Law::Dirac { groups } => *groups = count,
            _ => panic!("nn: this function of torch.nn.init has no option `groups`"),
        }
        self
    }

    /// The part of each column that is zero.
    ///
    /// # Panics
    /// If the function has no such option; in a constant, that is a compile error.
    #[track_caller]
    pub const fn sparsity(mut self, part: f64) -> Init {
        match &mut self.0 {
            Law::Sparse { sparsity, .. } => *sparsity = part,
            _ => panic!("nn: this function of torch.nn.init has no option `sparsity`"),
        }
        self
    }

    /// Kaiming: `"fan_in"` keeps the size of what flows forward, `"fan_out"` of what flows back.
    ///
    /// # Panics
    /// If it is another word, or the function is not Kaiming's; in a constant, that is a compile error.
    #[track_caller]
    pub const fn mode(mut self, mode: &str) -> Init {
        assert!(same_text(mode, "fan_in") || same_text(mode, "fan_out"), "nn: a mode is \"fan_in\" or \"fan_out\"");
        match &mut self.0 {
            Law::Kaiming { fan_out, .. } => *fan_out = same_text(mode, "fan_out"),
            _ => panic!("nn: this function of torch.nn.init has no option `mode`"),
        }
        self
    }

    /// Kaiming: what follows the layer.
    ///
    /// # Panics
    /// If there is no such nonlinearity, or the function is not Kaiming's; in a constant, that is a compile error.
    #[track_caller]
    pub const fn nonlinearity(mut self, name: &str) -> Init {
        match &mut self.0 {
            Law::Kaiming { nonlinearity, .. } => *nonlinearity = Nonlinearity::named(name),
            _ => panic!("nn: this function of torch.nn.init has no option `nonlinearity`"),
        }
        self
    }

    /// The same, where there is such a distribution: what `#[init]` asks while rustc compiles.
    #[doc(hidden)]
    #[track_caller]
    pub const fn checked(self) -> Init {
        match self.0 {
            Law::Uniform { low, high } | Law::TruncatedNormal { low, high, .. } => {
                assert!(low <= high, "nn: a distribution reaches from a to b: a <= b");
            }
            _ => {}
        }
        match self.0 {
            Law::Normal { std, .. } | Law::TruncatedNormal { std, .. } | Law::Sparse { std, .. } => {
                assert!(std >= 0.0, "nn: a standard deviation is not negative: std >= 0");
            }
            _ => {}
        }
        if let Law::Sparse { sparsity, .. } = self.0 {
            assert!(0.0 <= sparsity && sparsity <= 1.0, "nn: sparsity is the part of each column that is zero: 0 to 1");
        }
        self
    }

    /// Fills a parameter of this shape.
    ///
    /// # Panics
    /// If the values are not as many as the shape says, the shape has too few axes for this way of filling, or there is no such
    /// distribution: bounds the wrong way round, a negative deviation.
    pub fn fill<E: Element>(&self, values: &mut [E], shape: &[usize], random: &mut dyn Rng) {
        E::fill_init(self, values, shape, random);
    }
}

/// U(a, b), U(0, 1) if left out.
pub const fn uniform() -> Init {
    Init(Law::Uniform { low: 0.0, high: 1.0 })
}

/// N(mean, std²), N(0, 1) if left out.
pub const fn normal() -> Init {
    Init(Law::Normal { mean: 0.0, std: 1.0 })
}

/// N(mean, std²) cut to [a, b], which are absolute; N(0, 1) in [-2, 2] if left out.
pub const fn trunc_normal() -> Init {
    Init(Law::TruncatedNormal { mean: 0.0, std: 1.0, low: -2.0, high: 2.0 })
}

/// One value everywhere: `constant().val(0.1)`.
pub const fn constant() -> Init {
    Init(Law::Constant(0.0))
}

/// 1 everywhere.
pub const fn ones() -> Init {
    Init(Law::Constant(1.0))
}

/// 0 everywhere.
pub const fn zeros() -> Init {
    Init(Law::Constant(0.0))
}

/// The identity matrix.
pub const fn eye() -> Init {
    Init(Law::Eye)
}

/// Windows that pass as many channels as they can through unchanged, in each of `groups`.
pub const fn dirac() -> Init {
    Init(Law::Dirac { groups: 1 })
}

/// U(±gain · √(6 / (fan_in + fan_out))) ([Glorot & Bengio 2010](https://proceedings.mlr.press/v9/glorot10a.html)).
pub const fn xavier_uniform() -> Init {
    Init(Law::Xavier { normal: false, gain: 1.0 })
}

/// N(0, gain² · 2 / (fan_in + fan_out)).
pub const fn xavier_normal() -> Init {
    Init(Law::Xavier { normal: true, gain: 1.0 })
}

/// U(±√3 · gain / √fan) ([He et al. 2015](https://arxiv.org/abs/1502.01852)); the gain follows from `nonlinearity`
/// (leaky_relu if left out) and its slope `a`, the fan from `mode`.
pub const fn kaiming_uniform() -> Init {
    Init(Law::Kaiming { normal: false, slope: 0.0, fan_out: false, nonlinearity: Nonlinearity::LeakyRelu })
}

/// N(0, gain² / fan).
pub const fn kaiming_normal() -> Init {
    Init(Law::Kaiming { normal: true, slope: 0.0, fan_out: false, nonlinearity: Nonlinearity::LeakyRelu })
}

/// Rows or columns orthogonal, of length `gain`, the axes behind the first taken together ([Saxe et al. 2014](https://arxiv.org/abs/1312.6120)).
pub const fn orthogonal() -> Init {
    Init(Law::Orthogonal { gain: 1.0 })
}

/// A matrix whose columns hold ⌈sparsity · rows⌉ zeros, and N(0, std²) elsewhere: `sparse().sparsity(0.5)` ([Martens 2010](https://www.cs.toronto.edu/~jmartens/docs/Deep_HessianFree.pdf)).
pub const fn sparse() -> Init {
    Init(Law::Sparse { sparsity: f64::NAN, std: 0.01 })
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
    assert!(found, "nn: `#[init({parameter}: ...)]`: the layer has no parameter of that name, only: {}", Names(layer));
}

/// Displays the names of a layer's parameters.
struct Names<'a, L>(&'a L);

impl<L: Parameters> fmt::Display for Names<'_, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut result, mut comma) = (Ok(()), "");
        self.0.visit_parameters(&mut |own, _| {
            result = result.and_then(|()| write!(f, "{comma}{}", own.name));
            comma = ", ";
        });
        result
    }
}

/// U(±1/√fan_in): PyTorch's default for linear layers and convolutions.
pub fn uniform_fan_in<E: Element>(values: &mut [E], fan_in: usize, random: &mut dyn Rng) {
    let bound = if fan_in == 0 { 0.0 } else { 1.0 / libm::sqrt(fan_in as f64) };
    uniform().a(-bound).b(bound).fill(values, &[values.len()], random);
}
