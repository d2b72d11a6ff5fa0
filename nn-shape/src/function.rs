//! The functions of one number, and what their derivatives are computed from.

/// A function of one number. `nn-core` has its value and its derivative, as PyTorch defines both at the kinks too.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Function {
    /// max(0, x)
    Relu,
    /// x where x > 0, else slope · x
    LeakyRelu {
        /// The slope where x <= 0.
        slope: f64,
    },
    /// 1 / (1 + exp(-x))
    Sigmoid,
    /// tanh(x)
    Tanh,
    /// x · Φ(x), Φ being the normal distribution's cumulative function
    Gelu,
    /// GELU with Φ approximated by a hyperbolic tangent
    GeluTanh,
    /// min(max(x, low), high)
    Clamp {
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// positive · x where x > 0, else negative · (exp(rate · x) - 1): ELU, SELU, CELU
    Elu {
        /// Factor where x <= 0.
        negative: f64,
        /// Factor where x > 0.
        positive: f64,
        /// Factor in the exponent.
        rate: f64,
    },
    /// x / (1 + exp(-x))
    Silu,
    /// x · tanh(log(1 + exp(x)))
    Mish,
    /// 0 between -λ and λ, else x
    Hardshrink(f64),
    /// 0 between -λ and λ, else x moved by λ towards 0
    Softshrink(f64),
    /// x - tanh(x)
    Tanhshrink,
    /// x / (1 + |x|)
    Softsign,
    /// log(1 + exp(beta · x)) / beta, or x where beta · x > threshold
    Softplus {
        /// How sharp the bend is.
        beta: f64,
        /// Beyond it the function is x.
        threshold: f64,
    },
    /// log(1 / (1 + exp(-x)))
    LogSigmoid,
    /// min(max(x + 3, 0), 6) / 6
    Hardsigmoid,
    /// x · min(max(x + 3, 0), 6) / 6
    Hardswish,
    /// x where x > threshold, else value
    Threshold {
        /// The bound.
        threshold: f64,
        /// What stands for x below it.
        value: f64,
    },
    /// xᵖ
    Power(f64),
    /// min(max(x, low), high), where either may be infinite, and low above high
    Bound {
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// exp(x)
    Exp,
    /// log(x), to the base e
    Log,
    /// √x
    Sqrt,
    /// 1 / √x
    Rsqrt,
    /// exp(x) - 1
    Expm1,
    /// ln(1 + x)
    Log1p,
    /// The error function.
    Erf,
    /// sin(x)
    Sin,
    /// cos(x)
    Cos,
    /// |x|
    Abs,
    /// -x
    Neg,
    /// x + c
    Add(f64),
    /// c - x
    SubtractFrom(f64),
    /// x · c
    Multiply(f64),
    /// x / c
    Divide(f64),
    /// c / x
    DivideInto(f64),
}

/// From what the derivative of a [`Function`] is computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// From nothing: it is constant.
    Nothing,
    /// From x.
    Input,
    /// From the value.
    Output,
}

impl Function {
    /// From what the derivative is computed.
    pub const fn reads(&self) -> Reads {
        match self {
            Function::Relu
            | Function::Sigmoid
            | Function::Tanh
            | Function::Exp
            | Function::Expm1
            | Function::Sqrt
            | Function::Rsqrt => Reads::Output,
            Function::Neg
            | Function::Add(_)
            | Function::SubtractFrom(_)
            | Function::Multiply(_)
            | Function::Divide(_) => Reads::Nothing,
            _ => Reads::Input,
        }
    }
}
