//! PReLU, RReLU: x where x > 0, else x times a slope that is learnt, given or drawn.

use crate::catalogue::{Channels, Entry, Inputs, Kind, SAME, operation, with_default};
use crate::dims::{all_valid, check_numbers};
use crate::pointwise::INPLACE;
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Planes, Shape, Violation};

/// `PReLU`: `y = x` where `x > 0`, else `weight * x`, with one weight for all values or one for each channel.
///
/// See [`torch.nn.PReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html).
#[derive(Clone, Copy, Debug)]
pub struct PRelu {
    /// The values that share a weight: all of them, or the channels.
    pub planes: Planes,
    /// What the weights begin as.
    pub init: f64,
    input: Shape,
    num_parameters: usize,
}

impl PRelu {
    /// From the arguments `num_parameters, init`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> PRelu {
        let (input, num_parameters) = (inputs[0], args[0].size_or(1));
        let planes = if num_parameters == 1 { Planes { channels: 1, plane: input.len() } } else { Planes::of(input) };
        PRelu { planes, init: args[1].real_or(0.25), input, num_parameters }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.num_parameters == 1 || (self.input.rank() > 0 && self.num_parameters == self.input.dim(0)) {
            return None;
        }
        let text = Message::title(at, "num_parameters does not match the channels")
            .rule("num_parameters is 1, or equals the channels of the incoming tensor")
            .found("num_parameters = ")
            .number(self.num_parameters)
            .text(", but ")
            .source(at, 0, self.input);
        if self.input.rank() == 0 || self.input.dim(0) == 1 {
            return text.fix("write num_parameters = 1").blame(0);
        }
        text.text(" (channels = ")
            .number(self.input.dim(0))
            .text(")")
            .fix("write num_parameters = ")
            .number(self.input.dim(0))
            .text(" or 1")
            .blame(0)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// `N`.
    pub const fn generics(&self) -> [usize; 6] {
        [self.num_parameters, 0, 0, 0, 0, 0]
    }

    /// None.
    pub const fn parts(&self) -> [bool; 4] {
        [false; 4]
    }

    /// Nothing.
    pub const fn inferred(&self) -> usize {
        0
    }

    /// The weights.
    pub const fn parameters(&self) -> usize {
        self.num_parameters
    }

    /// Multiply-adds for one sample.
    pub const fn macs(&self) -> usize {
        0
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

/// `prelu(x, weight)`: as [`PRelu`], where the weights are a value.
///
/// See [`torch.nn.functional.prelu`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html). Each sample has weights of its own,
/// because it has values of its own; PyTorch's function takes one tensor for all samples.
#[derive(Clone, Copy, Debug)]
pub struct PReluWith {
    /// The values that share a weight: all of them, or the channels.
    pub planes: Planes,
    input: Shape,
    weight: Shape,
}

impl PReluWith {
    /// The inputs are values and weights.
    pub const fn new(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> PReluWith {
        let (input, weight) = (inputs[0], inputs[1]);
        let planes = if weight.len() == 1 { Planes { channels: 1, plane: input.len() } } else { Planes::of(input) };
        PReluWith { planes, input, weight }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !all_valid(&[self.input, self.weight]) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input, self.weight]) {
            return Some(violation);
        }
        let count = self.weight.len();
        if self.weight.rank() <= 1 && (count == 1 || (self.input.rank() > 0 && count == self.input.dim(0))) {
            return None;
        }
        let channels = self.input.dim(0);
        let text = Message::title(at, "the weights do not match the channels")
            .rule("there is one weight, [1], or one for each channel of the first value")
            .found("")
            .source(at, 1, self.weight)
            .text(", and ")
            .source(at, 0, self.input)
            .fix("give [1]");
        if self.input.rank() == 0 || channels == 1 {
            return text.blame(LAYER);
        }
        text.text(" or [").number(channels).text("]").blame(LAYER)
    }

    /// The shape of the output: the first input's.
    pub const fn output(&self, _index: usize) -> Shape {
        if self.weight.is_valid() { self.input } else { Shape::INVALID }
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

without_parameters! { PReluWith, |_| 0 }

/// `RReLU`: `y = x` where `x > 0`, else `x` times a slope between `lower` and `upper`, in training drawn for each value, in evaluation the
/// one in the middle.
///
/// See [`torch.nn.RReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html).
#[derive(Clone, Copy, Debug)]
pub struct RRelu {
    /// The smallest slope.
    pub lower: f64,
    /// The largest slope.
    pub upper: f64,
    input: Shape,
}

impl RRelu {
    /// From the arguments `lower, upper, inplace`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> RRelu {
        RRelu { lower: args[0].real_or(LOWER), upper: args[1].real_or(UPPER), input: inputs[0] }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let width = self.upper - self.lower;
        if width < 0.0 || !width.is_finite() {
            return Message::title(at, "there is no slope between lower and upper")
                .rule("lower <= upper: the slopes are drawn between them")
                .found("lower = ")
                .real(self.lower)
                .text(", upper = ")
                .real(self.upper)
                .fix("write bounds with lower <= upper")
                .blame(if self.upper == UPPER { 0 } else { 1 });
        }
        check_numbers(at, &[self.input])
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// The slopes.
    pub const fn needs(&self) -> Needs {
        Needs { saved_sample: self.input.len(), ..Needs::NOTHING }
    }
}

without_parameters! { RRelu, |_| 0 }

const LOWER: f64 = 1.0 / 8.0;
const UPPER: f64 = 1.0 / 3.0;

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "PReLU",
        parameters: &[
            with_default("num_parameters", Kind::Size, Arg::Int(1), "weights: 1, or one for each channel"),
            with_default("init", Kind::Real, Arg::Real(0.25), "what the weights begin as"),
        ],
        channels: Channels::Input,
        learns: &["weight"],
        generics: 1,
        repr: "num_parameters",
        doc: "x where x > 0, else a learnable weight · x",
        shape: SAME,
        ..operation!(PRelu::new)
    },
    Entry {
        name: "PReluWith",
        is_layer: false,
        function: Some("prelu"),
        inputs: Inputs::Exactly(2),
        channels: Channels::Input,
        doc: "x where x > 0, else weight · x, the weights being a value",
        shape: "[C, L..] and weights [C] or [1] -> [C, L..]",
        ..operation!(PReluWith::new)
    },
    Entry {
        name: "RReLU",
        function: Some("rrelu"),
        parameters: &[
            with_default("lower", Kind::Real, Arg::Real(LOWER), "the smallest slope"),
            with_default("upper", Kind::Real, Arg::Real(UPPER), "the largest slope"),
            INPLACE,
        ],
        channels: Channels::Input,
        repr: "lower, upper, inplace?",
        doc: "x where x > 0, else x times a slope that training draws at random",
        shape: SAME,
        ..operation!(RRelu::new)
    },
];
