//! Softmax, LogSoftmax, Softmin, Softmax2d.

use crate::catalogue::{Channels, Entry, Kind, Parameter, SAME, operation, required};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// What is made of the exponentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exponential {
    /// exp(xᵢ) / Σ exp(xⱼ)
    Softmax,
    /// Its logarithm.
    LogSoftmax,
    /// Softmax of -x.
    Softmin,
}

/// `Softmax` and its relatives: the values along one axis become shares of one, by their exponentials.
///
/// See [`torch.nn.Softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html).
#[derive(Clone, Copy, Debug)]
pub struct Softmax {
    /// What is made of the exponentials.
    pub exponential: Exponential,
    /// Product of the axes in front.
    pub outer: usize,
    /// The axis.
    pub size: usize,
    /// Product of the axes behind.
    pub inner: usize,
    input: Shape,
    dim: i64,
    /// Softmax2d takes channels and two axes.
    channels: bool,
}

impl Softmax {
    const fn of(exponential: Exponential, dim: i64, channels: bool, inputs: &[Shape]) -> Softmax {
        let input = inputs[0];
        let axis = match Dim::of(dim, input.rank()).axis() {
            Some(axis) => axis,
            None => 0,
        };
        Softmax {
            exponential,
            outer: input.product(0, axis),
            size: input.dim(axis),
            inner: input.product(axis + 1, input.rank()),
            input,
            dim,
            channels,
        }
    }

    /// From `dim`.
    pub const fn softmax(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Softmax {
        Softmax::of(Exponential::Softmax, args[0].int_or(0), false, inputs)
    }

    /// From `dim`.
    pub const fn log_softmax(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Softmax {
        Softmax::of(Exponential::LogSoftmax, args[0].int_or(0), false, inputs)
    }

    /// From `dim`.
    pub const fn softmin(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Softmax {
        Softmax::of(Exponential::Softmin, args[0].int_or(0), false, inputs)
    }

    /// Without arguments: over the channels of `[channels, height, width]`.
    pub const fn softmax2d(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Softmax {
        Softmax::of(Exponential::Softmax, 1, true, inputs)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let input = self.input;
        if !input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[input]) {
            return Some(violation);
        }
        if self.channels && input.rank() != 3 {
            return Message::title(at, "the input has the wrong number of axes")
                .rule("Softmax2d takes [channels, height, width], the batch left out")
                .found("")
                .source(at, 0, input)
                .fix("use Softmax and say along which dim")
                .blame(LAYER);
        }
        check_dim(at, "dim", 0, self.dim, input)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// The outputs.
    pub const fn needs(&self) -> Needs {
        Needs::OUTPUTS
    }
}

without_parameters! { Softmax, |_| 0 }

const DIM: &[Parameter] = &[required("dim", Kind::Int, "axis along which the values become shares, the batch being 0")];

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Softmax",
        function: Some("softmax"),
        parameters: DIM,
        repr: "dim",
        doc: "exp(xᵢ) / Σ exp(xⱼ) along dim",
        shape: SAME,
        channels: Channels::Input,
        ..operation!(Softmax::softmax)
    },
    Entry {
        name: "LogSoftmax",
        function: Some("log_softmax"),
        parameters: DIM,
        repr: "dim",
        doc: "xᵢ - log Σ exp(xⱼ) along dim",
        shape: SAME,
        channels: Channels::Input,
        ..operation!(Softmax::log_softmax)
    },
    Entry {
        name: "Softmin",
        function: Some("softmin"),
        parameters: DIM,
        repr: "dim",
        doc: "exp(-xᵢ) / Σ exp(-xⱼ) along dim",
        shape: SAME,
        channels: Channels::Input,
        ..operation!(Softmax::softmin)
    },
    Entry {
        name: "Softmax2d",
        doc: "Softmax over the channels of an image",
        shape: SAME,
        channels: Channels::Input,
        ..operation!(Softmax::softmax2d)
    },
];
