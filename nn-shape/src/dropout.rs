//! Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout.

use crate::catalogue::{Alias, Channels, Entry, Kind, Parameter, SAME, operation, with_default};
use crate::dims::check_numbers;
use crate::pointwise::INPLACE;
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// `Dropout` and its relatives: in training mode each element, or each channel, is zeroed with probability `p`, and what stays is
/// divided by `1 - p`; in evaluation mode nothing happens.
///
/// `Dropout1d` takes `[channels, length]`, `Dropout2d` `[channels, height, width]`, `Dropout3d` `[channels, depth, height, width]`, the
/// batch left out. PyTorch takes other ranks with a warning, and a batch of `[channels, length]` through `Dropout2d` for what it is not.
///
/// `AlphaDropout` and `FeatureAlphaDropout`, which drops channels, set to the smallest value of SELU what they drop, and scale and shift
/// everything, so that mean and variance stay.
///
/// See [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html).
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    /// The probability of a zero.
    pub p: f64,
    /// What is zeroed as one: elements, or channels.
    pub units: usize,
    /// Elements of each.
    pub unit: usize,
    /// Whether mean and variance are kept: AlphaDropout.
    pub alpha: bool,
    input: Shape,
    axes: usize,
}

impl Dropout {
    /// Of single elements, inside of another operation.
    pub const fn of_elements(p: f64, units: usize) -> Dropout {
        Dropout { p, units, unit: 1, alpha: false, input: Shape::INVALID, axes: 0 }
    }

    /// From `p, inplace`; `axes` behind the channels, 0 for single elements.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> Dropout {
        Dropout::of(axes, axes > 0, false, args, inputs)
    }

    /// From `p, inplace`, for AlphaDropout.
    pub const fn alpha(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Dropout {
        Dropout::of(0, false, true, args, inputs)
    }

    /// From `p, inplace`, for FeatureAlphaDropout: channels behind which there may be any axes.
    pub const fn feature_alpha(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Dropout {
        Dropout::of(0, true, true, args, inputs)
    }

    const fn of(axes: usize, channels: bool, alpha: bool, args: &[Arg], inputs: &[Shape]) -> Dropout {
        let input = inputs[0];
        let (units, unit) = if channels { (input.dim(0), input.product(1, input.rank())) } else { (input.len(), 1) };
        Dropout { p: args[0].real_or(0.5), units, unit, alpha, input, axes }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let input = self.input;
        if !(self.p >= 0.0 && self.p <= 1.0) {
            return Message::title(at, "p is not a probability")
                .rule("0 <= p <= 1: the probability of a zero")
                .found("p = ")
                .real(self.p)
                .fix("write a number between 0 and 1, such as 0.5")
                .blame(0);
        }
        if !input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[input]) {
            return Some(violation);
        }
        if self.axes == 0 || input.rank() == self.axes + 1 {
            return None;
        }
        Message::title(at, "the input has the wrong number of axes")
            .text("\n  rule : Dropout")
            .number(self.axes)
            .text("d zeroes whole channels of ")
            .text(match self.axes {
                1 => "[channels, length]",
                2 => "[channels, height, width]",
                _ => "[channels, depth, height, width]",
            })
            .text(", the batch left out")
            .found("")
            .source(at, 0, input)
            .fix(match input.rank() {
                2 => "use Dropout1d for whole channels, or Dropout for single values",
                3 => "use Dropout2d for whole channels, or Dropout for single values",
                4 => "use Dropout3d for whole channels, or Dropout for single values",
                _ => "use Dropout",
            })
            .blame(LAYER)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// One bit for each unit: whether it stays.
    pub const fn needs(&self) -> Needs {
        Needs { saved_words: self.units.div_ceil(32), ..Needs::NOTHING }
    }
}

without_parameters! { Dropout, |_| 0 }

const PARAMETERS: &[Parameter] = &[with_default("p", Kind::Real, Arg::Real(0.5), "probability of a zero"), INPLACE];

const REPR: &str = "p, inplace";

const fn dropout(name: &'static str, function: &'static str, axes: usize, doc: &'static str) -> Entry {
    Entry {
        name,
        function: Some(function),
        axes,
        parameters: PARAMETERS,
        repr: REPR,
        alias: Alias::Evaluation,
        doc,
        shape: SAME,
        channels: Channels::Input,
        ..operation!(Dropout::new)
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    dropout("Dropout", "dropout", 0, "zeroes values at random in training mode"),
    dropout("Dropout1d", "dropout1d", 1, "zeroes channels of a sequence at random in training mode"),
    dropout("Dropout2d", "dropout2d", 2, "zeroes channels of an image at random in training mode"),
    dropout("Dropout3d", "dropout3d", 3, "zeroes channels of a volume at random in training mode"),
    Entry {
        name: "AlphaDropout",
        function: Some("alpha_dropout"),
        parameters: PARAMETERS,
        alias: Alias::Evaluation,
        channels: Channels::Input,
        repr: REPR,
        doc: "drops values at random in training mode, keeping mean and variance",
        shape: SAME,
        ..operation!(Dropout::alpha)
    },
    Entry {
        name: "FeatureAlphaDropout",
        function: Some("feature_alpha_dropout"),
        parameters: PARAMETERS,
        alias: Alias::Evaluation,
        channels: Channels::Input,
        repr: REPR,
        doc: "drops channels at random in training mode, keeping mean and variance",
        shape: SAME,
        ..operation!(Dropout::feature_alpha)
    },
];
