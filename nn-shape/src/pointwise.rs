//! Functions of one number: activations, and arithmetic with a constant.

use crate::catalogue::{Channels, Entry, Kind, Parameter, SAME, operation, optional, required, with_default};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Function, LAYER, Message, Needs, Reads, Shape, Violation};

/// A [`Function`] applied to every element.
#[derive(Clone, Copy, Debug)]
pub struct Pointwise {
    /// The function.
    pub function: Function,
    input: Shape,
}

/// Constructors by the names that the catalogue gives them: what they make of their arguments.
macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident = |$args:pat_param| $function:expr;)*) => {
        impl Pointwise {
            $(
            $(#[$doc])*
            pub const fn $name(_axes: usize, $args: &[Arg], inputs: &[Shape]) -> Pointwise {
                Pointwise { function: $function, input: inputs[0] }
            }
            )*
        }
    };
}

constructors! {
    /// From `inplace`.
    relu = |_| Function::Relu;
    /// From `negative_slope, inplace`.
    leaky_relu = |args| Function::LeakyRelu { slope: args[0].real_or(0.01) };
    /// Without arguments.
    sigmoid = |_| Function::Sigmoid;
    /// Without arguments.
    tanh = |_| Function::Tanh;
    /// From `approximate`.
    gelu = |args| if args[0].is("tanh") { Function::GeluTanh } else { Function::Gelu };
    /// From `inplace`.
    relu6 = |_| Function::Clamp { low: 0.0, high: 6.0 };
    /// From `min_val, max_val, inplace, min_value, max_value`, the last two being old names.
    hardtanh = |args| Function::Clamp {
        low: args[3].real_or(args[0].real_or(-1.0)),
        high: args[4].real_or(args[1].real_or(1.0)),
    };
    /// From `alpha, inplace`.
    elu = |args| Function::Elu { negative: args[0].real_or(1.0), positive: 1.0, rate: 1.0 };
    /// From `inplace`.
    selu = |_| Function::Elu { negative: SELU_ALPHA * SELU_SCALE, positive: SELU_SCALE, rate: 1.0 };
    /// From `alpha, inplace`.
    celu = |args| {
        let alpha = args[0].real_or(1.0);
        Function::Elu { negative: alpha, positive: 1.0, rate: 1.0 / alpha }
    };
    /// From `inplace`.
    silu = |_| Function::Silu;
    /// From `inplace`.
    mish = |_| Function::Mish;
    /// From `lambd`.
    hardshrink = |args| Function::Hardshrink(args[0].real_or(0.5));
    /// From `lambd`.
    softshrink = |args| Function::Softshrink(args[0].real_or(0.5));
    /// Without arguments.
    tanhshrink = |_| Function::Tanhshrink;
    /// Without arguments.
    softsign = |_| Function::Softsign;
    /// From `beta, threshold`.
    softplus = |args| Function::Softplus { beta: args[0].real_or(1.0), threshold: args[1].real_or(20.0) };
    /// Without arguments.
    log_sigmoid = |_| Function::LogSigmoid;
    /// From `inplace`.
    hardsigmoid = |_| Function::Hardsigmoid;
    /// From `inplace`.
    hardswish = |_| Function::Hardswish;
    /// From `threshold, value, inplace`.
    threshold = |args| Function::Threshold { threshold: args[0].real_or(0.0), value: args[1].real_or(0.0) };
    /// From `exponent`.
    pow = |args| Function::Power(args[0].real_or(1.0));
    /// From `min, max`.
    clamp = |args| Function::Bound { low: args[0].real_or(f64::NEG_INFINITY), high: args[1].real_or(f64::INFINITY) };
    /// Without arguments.
    exp = |_| Function::Exp;
    /// Without arguments.
    log = |_| Function::Log;
    /// Without arguments.
    sqrt = |_| Function::Sqrt;
    /// Without arguments.
    rsqrt = |_| Function::Rsqrt;
    /// Without arguments.
    expm1 = |_| Function::Expm1;
    /// Without arguments.
    log1p = |_| Function::Log1p;
    /// Without arguments.
    erf = |_| Function::Erf;
    /// Without arguments.
    sin = |_| Function::Sin;
    /// Without arguments.
    cos = |_| Function::Cos;
    /// Without arguments.
    square = |_| Function::Power(2.0);
    /// Without arguments.
    reciprocal = |_| Function::DivideInto(1.0);
    /// Without arguments.
    abs = |_| Function::Abs;
    /// Without arguments.
    neg = |_| Function::Neg;
    /// From the constant.
    add = |args| Function::Add(args[0].real_or(0.0));
    /// From the constant.
    subtract = |args| Function::Add(-args[0].real_or(0.0));
    /// From the constant.
    subtract_from = |args| Function::SubtractFrom(args[0].real_or(0.0));
    /// From the constant.
    multiply = |args| Function::Multiply(args[0].real_or(1.0));
    /// From the constant.
    divide = |args| Function::Divide(args[0].real_or(1.0));
    /// From the constant.
    divide_into = |args| Function::DivideInto(args[0].real_or(1.0));
}

impl Pointwise {
    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        match self.function {
            Function::Divide(0.0) => Message::title(at, "division by zero")
                .rule("the divisor is not 0")
                .found("the divisor is 0")
                .fix("divide by another number")
                .blame(0),
            Function::Clamp { low, high } if low >= high || low.is_nan() || high.is_nan() => {
                Message::title(at, "the bounds leave nothing between them")
                    .rule("min_val < max_val")
                    .found("min_val = ")
                    .real(low)
                    .text(", max_val = ")
                    .real(high)
                    .fix("write a max_val above min_val")
                    .blame(1)
            }
            Function::Bound { low: f64::NEG_INFINITY, high: f64::INFINITY } => {
                Message::title(at, "clamp without bounds")
                    .rule("at least one of min and max is given")
                    .found("none of them")
                    .fix("write min = ... or max = ...")
                    .blame(LAYER)
            }
            Function::Elu { rate, .. } if !rate.is_finite() => {
                zero(at, "alpha", "alpha is not 0: the exponent is x / alpha")
            }
            Function::Softplus { beta: 0.0, .. } => zero(at, "beta", "beta is not 0: the logarithm is divided by it"),
            Function::Softshrink(lambda) if lambda < 0.0 || lambda.is_nan() => Message::title(at, "lambd is negative")
                .rule("lambd >= 0")
                .found("lambd = ")
                .real(lambda)
                .fix("write lambd >= 0")
                .blame(0),
            _ => None,
        }
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// What the derivative is computed from.
    pub const fn needs(&self) -> Needs {
        match self.function.reads() {
            Reads::Nothing => Needs::NOTHING,
            Reads::Input => Needs::INPUTS,
            Reads::Output => Needs::OUTPUTS,
        }
    }
}

without_parameters! { Pointwise, |_| 0 }

/// The first argument is 0.
const fn zero(at: &At, name: &str, rule: &str) -> Option<Violation> {
    Message::title(at, name).text(" is 0").rule(rule).found(name).text(" = 0").fix("write another number").blame(0)
}

/// From Klambauer et al., Self-Normalizing Neural Networks, arXiv:1706.02515, with PyTorch's digits.
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;
/// As [`SELU_ALPHA`].
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

/// PyTorch's `inplace`: accepted, and without effect, because the memory plan decides what shares memory.
pub(crate) const INPLACE: Parameter =
    with_default("inplace", Kind::Flag, Arg::Flag(false), "accepted for PyTorch's sake: memory is planned anyway");

/// An activation of torch.nn that is also a function of torch.nn.functional.
const fn activation(
    name: &'static str,
    function: &'static str,
    parameters: &'static [Parameter],
    repr: &'static str,
    doc: &'static str,
    entry: Entry,
) -> Entry {
    Entry { name, function: Some(function), parameters, repr, doc, shape: SAME, channels: Channels::Input, ..entry }
}

/// A function of torch.
const fn function(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    Entry { name, is_layer: false, function: Some(function), doc, shape: SAME, channels: Channels::Input, ..entry }
}

const ALPHA: &[Parameter] =
    &[with_default("alpha", Kind::Real, Arg::Real(1.0), "how far the function goes below 0"), INPLACE];
const LAMBDA: &[Parameter] = &[with_default("lambd", Kind::Real, Arg::Real(0.5), "the bound λ")];

/// What an operator with a constant stands for.
const fn scalar(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    const CONSTANT: &[Parameter] = &[required("other", Kind::Real, "the constant")];
    Entry {
        name,
        is_layer: false,
        function: Some(function),
        parameters: CONSTANT,
        doc,
        shape: SAME,
        channels: Channels::Input,
        ..entry
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    activation("ReLU", "relu", &[INPLACE], "inplace?", "max(0, x)", operation!(Pointwise::relu)),
    activation(
        "LeakyReLU",
        "leaky_relu",
        &[with_default("negative_slope", Kind::Real, Arg::Real(0.01), "slope where x <= 0"), INPLACE],
        "negative_slope, inplace?",
        "x where x > 0, else negative_slope · x",
        operation!(Pointwise::leaky_relu),
    ),
    activation("Sigmoid", "sigmoid", &[], "", "1 / (1 + exp(-x))", operation!(Pointwise::sigmoid)),
    activation("Tanh", "tanh", &[], "", "hyperbolic tangent", operation!(Pointwise::tanh)),
    activation(
        "GELU",
        "gelu",
        &[with_default(
            "approximate",
            Kind::Word(&["none", "tanh"]),
            Arg::Word("none"),
            "whether a hyperbolic tangent stands for the error function",
        )],
        "approximate!",
        "x · Φ(x), Φ being the normal distribution's cumulative function",
        operation!(Pointwise::gelu),
    ),
    activation("ReLU6", "relu6", &[INPLACE], "inplace?", "min(max(0, x), 6)", operation!(Pointwise::relu6)),
    activation(
        "ELU",
        "elu",
        ALPHA,
        "alpha, inplace?",
        "x where x > 0, else alpha · (exp(x) - 1)",
        operation!(Pointwise::elu),
    ),
    activation(
        "SELU",
        "selu",
        &[INPLACE],
        "inplace?",
        "ELU, scaled to keep mean and variance",
        operation!(Pointwise::selu),
    ),
    activation(
        "CELU",
        "celu",
        ALPHA,
        "alpha, inplace?",
        "x where x > 0, else alpha · (exp(x / alpha) - 1)",
        operation!(Pointwise::celu),
    ),
    activation("SiLU", "silu", &[INPLACE], "inplace?", "x / (1 + exp(-x))", operation!(Pointwise::silu)),
    activation("Mish", "mish", &[INPLACE], "inplace?", "x · tanh(log(1 + exp(x)))", operation!(Pointwise::mish)),
    activation(
        "Hardshrink",
        "hardshrink",
        LAMBDA,
        "#lambd",
        "x, or 0 between -λ and λ",
        operation!(Pointwise::hardshrink),
    ),
    activation(
        "Softshrink",
        "softshrink",
        LAMBDA,
        "#lambd",
        "x moved by λ towards 0",
        operation!(Pointwise::softshrink),
    ),
    activation("Tanhshrink", "tanhshrink", &[], "", "x - tanh(x)", operation!(Pointwise::tanhshrink)),
    activation("Softsign", "softsign", &[], "", "x / (1 + |x|)", operation!(Pointwise::softsign)),
    activation(
        "Softplus",
        "softplus",
        &[
            with_default("beta", Kind::Real, Arg::Real(1.0), "how sharp the bend is"),
            with_default("threshold", Kind::Real, Arg::Real(20.0), "where beta · x is above it, the function is x"),
        ],
        "beta, threshold",
        "log(1 + exp(beta · x)) / beta",
        operation!(Pointwise::softplus),
    ),
    activation("LogSigmoid", "logsigmoid", &[], "", "log(1 / (1 + exp(-x)))", operation!(Pointwise::log_sigmoid)),
    activation(
        "Hardsigmoid",
        "hardsigmoid",
        &[INPLACE],
        "",
        "min(max(x + 3, 0), 6) / 6",
        operation!(Pointwise::hardsigmoid),
    ),
    activation(
        "Hardswish",
        "hardswish",
        &[INPLACE],
        "",
        "x · min(max(x + 3, 0), 6) / 6",
        operation!(Pointwise::hardswish),
    ),
    activation(
        "Hardtanh",
        "hardtanh",
        &[
            with_default("min_val", Kind::Real, Arg::Real(-1.0), "the smallest value"),
            with_default("max_val", Kind::Real, Arg::Real(1.0), "the largest value"),
            INPLACE,
            optional("min_value", Kind::Real, "an old name of min_val"),
            optional("max_value", Kind::Real, "an old name of max_val"),
        ],
        "min_val=min_value|min_val, max_val=max_value|max_val, inplace?",
        "min(max(x, min_val), max_val)",
        operation!(Pointwise::hardtanh),
    ),
    activation(
        "Threshold",
        "threshold",
        &[
            required("threshold", Kind::Real, "the bound"),
            required("value", Kind::Real, "what stands for x up to the bound"),
            INPLACE,
        ],
        "threshold, value, inplace?",
        "x where x > threshold, else value",
        operation!(Pointwise::threshold),
    ),
    Entry {
        parameters: &[required("exponent", Kind::Real, "the exponent")],
        ..function("Pow", "pow", "x to a power", operation!(Pointwise::pow))
    },
    Entry {
        parameters: &[
            optional("min", Kind::Real, "the smallest value; None for no bound"),
            optional("max", Kind::Real, "the largest value; None for no bound"),
        ],
        ..function("Clamp", "clamp", "min(max(x, min), max)", operation!(Pointwise::clamp))
    },
    function("Exp", "exp", "exp(x)", operation!(Pointwise::exp)),
    function("Log", "log", "the logarithm to the base e", operation!(Pointwise::log)),
    function("Sqrt", "sqrt", "the square root", operation!(Pointwise::sqrt)),
    function("Rsqrt", "rsqrt", "1 / √x", operation!(Pointwise::rsqrt)),
    function("Square", "square", "x²", operation!(Pointwise::square)),
    function("Reciprocal", "reciprocal", "1 / x", operation!(Pointwise::reciprocal)),
    function("Expm1", "expm1", "exp(x) - 1, exact near 0", operation!(Pointwise::expm1)),
    function("Log1p", "log1p", "the logarithm of 1 + x to the base e, exact near 0", operation!(Pointwise::log1p)),
    function("Erf", "erf", "the error function", operation!(Pointwise::erf)),
    function("Sin", "sin", "the sine of an angle in radians", operation!(Pointwise::sin)),
    function("Cos", "cos", "the cosine of an angle in radians", operation!(Pointwise::cos)),
    function("Abs", "abs", "the absolute value", operation!(Pointwise::abs)),
    function("Neg", "neg", "-x, also the operator -", operation!(Pointwise::neg)),
    scalar("AddScalar", "add_scalar", "x + c", operation!(Pointwise::add)),
    scalar("SubScalar", "sub_scalar", "x - c", operation!(Pointwise::subtract)),
    scalar("RsubScalar", "rsub_scalar", "c - x", operation!(Pointwise::subtract_from)),
    scalar("MulScalar", "mul_scalar", "x · c", operation!(Pointwise::multiply)),
    scalar("DivScalar", "div_scalar", "x / c", operation!(Pointwise::divide)),
    scalar("RdivScalar", "rdiv_scalar", "c / x", operation!(Pointwise::divide_into)),
];
