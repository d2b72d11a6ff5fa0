//! Functions of one number: activations, and arithmetic with a constant.

use crate::catalogue::{Entry, Kind, Parameter, operation, required, with_default};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Message, Needs, Shape, Violation};

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
            Function::Relu | Function::Sigmoid | Function::Tanh => Reads::Output,
            Function::LeakyRelu { .. } | Function::Gelu | Function::GeluTanh | Function::DivideInto(_) => Reads::Input,
            Function::Neg
            | Function::Add(_)
            | Function::SubtractFrom(_)
            | Function::Multiply(_)
            | Function::Divide(_) => Reads::Nothing,
        }
    }
}

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

/// PyTorch's `inplace`: accepted, and without effect, because the memory plan decides what shares memory.
pub(crate) const INPLACE: Parameter =
    with_default("inplace", Kind::Flag, Arg::Flag(false), "accepted for PyTorch's sake: memory is planned anyway");

/// An activation of torch.nn that is also a function of torch.nn.functional.
const fn activation(
    name: &'static str,
    function: &'static str,
    parameters: &'static [Parameter],
    doc: &'static str,
    entry: Entry,
) -> Entry {
    Entry { name, function: Some(function), parameters, doc, ..entry }
}

/// What an operator with a constant stands for.
const fn scalar(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    const CONSTANT: &[Parameter] = &[required("other", Kind::Real, "the constant")];
    Entry { name, is_layer: false, function: Some(function), parameters: CONSTANT, doc, ..entry }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    activation("ReLU", "relu", &[INPLACE], "max(0, x)", operation!(Pointwise::relu)),
    activation(
        "LeakyReLU",
        "leaky_relu",
        &[with_default("negative_slope", Kind::Real, Arg::Real(0.01), "slope where x <= 0"), INPLACE],
        "x where x > 0, else negative_slope · x",
        operation!(Pointwise::leaky_relu),
    ),
    activation("Sigmoid", "sigmoid", &[], "1 / (1 + exp(-x))", operation!(Pointwise::sigmoid)),
    activation("Tanh", "tanh", &[], "hyperbolic tangent", operation!(Pointwise::tanh)),
    activation(
        "GELU",
        "gelu",
        &[with_default(
            "approximate",
            Kind::Word(&["none", "tanh"]),
            Arg::Word("none"),
            "whether a hyperbolic tangent stands for the error function",
        )],
        "x · Φ(x), Φ being the normal distribution's cumulative function",
        operation!(Pointwise::gelu),
    ),
    Entry {
        name: "Neg",
        is_layer: false,
        function: Some("neg"),
        doc: "-x, also the operator -",
        ..operation!(Pointwise::neg)
    },
    scalar("AddScalar", "add_scalar", "x + c", operation!(Pointwise::add)),
    scalar("SubScalar", "sub_scalar", "x - c", operation!(Pointwise::subtract)),
    scalar("RsubScalar", "rsub_scalar", "c - x", operation!(Pointwise::subtract_from)),
    scalar("MulScalar", "mul_scalar", "x · c", operation!(Pointwise::multiply)),
    scalar("DivScalar", "div_scalar", "x / c", operation!(Pointwise::divide)),
    scalar("RdivScalar", "rdiv_scalar", "c / x", operation!(Pointwise::divide_into)),
];
