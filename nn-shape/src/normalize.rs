//! normalize, LocalResponseNorm: values divided by the size of those around them.

use crate::catalogue::{Channels, Entry, Kind, Parameter, SAME, operation, required, with_default};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Planes, Shape, Violation};

/// `normalize`: `y = x / max(‖x‖, eps)` along an axis, by the p-norm.
///
/// See [`torch.nn.functional.normalize`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html).
#[derive(Clone, Copy, Debug)]
pub struct Normalize {
    /// The exponent of the norm.
    pub p: f64,
    /// The shortest that a vector is taken for.
    pub eps: f64,
    /// Numbers of a vector.
    pub size: usize,
    /// Product of the axes behind.
    pub inner: usize,
    input: Shape,
    dim: i64,
}

impl Normalize {
    /// From the arguments `p, dim, eps`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Normalize {
        let (input, dim) = (inputs[0], args[1].int_or(1));
        let axis = match Dim::of(dim, input.rank()).axis() {
            Some(axis) => axis,
            None => 0,
        };
        Normalize {
            p: args[0].real_or(2.0),
            eps: args[2].real_or(1e-12),
            size: input.dim(axis),
            inner: input.product(axis + 1, input.rank()),
            input,
            dim,
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.p.is_nan() {
            return Message::title(at, "p is not a number")
                .rule("p is the exponent of the norm")
                .found("p = NaN")
                .fix("leave it out for 2")
                .blame(0);
        }
        check_dim(at, "dim", 1, self.dim, self.input)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

without_parameters! { Normalize, |normalize| normalize.input.len() }

/// `LocalResponseNorm`: `y = x / (k + alpha / size · Σ x²)^beta`, the sum being over `size` neighbouring channels: `size / 2` in front, and
/// `(size - 1) / 2` behind.
///
/// See [`torch.nn.LocalResponseNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html).
#[derive(Clone, Copy, Debug)]
pub struct LocalResponseNorm {
    /// The channels.
    pub planes: Planes,
    /// Channels of a sum.
    pub size: usize,
    /// The factor of the mean square.
    pub alpha: f64,
    /// The exponent.
    pub beta: f64,
    /// Added to the mean square.
    pub k: f64,
    input: Shape,
}

impl LocalResponseNorm {
    /// From the arguments `size, alpha, beta, k`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> LocalResponseNorm {
        LocalResponseNorm {
            planes: Planes::of(inputs[0]),
            size: args[0].size_or(1),
            alpha: args[1].real_or(1e-4),
            beta: args[2].real_or(0.75),
            k: args[3].real_or(1.0),
            input: inputs[0],
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.input.rank() < 2 {
            return Message::title(at, "the input has the wrong number of axes")
                .rule("LocalResponseNorm takes [channels, length], or more axes, the batch left out")
                .found("")
                .source(at, 0, self.input)
                .fix("give the channels places: `unsqueeze`")
                .blame(LAYER);
        }
        if self.size > 0 {
            return None;
        }
        Message::title(at, "size must be positive")
            .rule("size >= 1: the channels whose squares are summed")
            .found("size = 0")
            .fix("write a positive number, such as 5")
            .blame(0)
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// Multiply-adds for one sample: the squares, and one for each value.
    const fn work(&self) -> usize {
        let size = if self.size < self.planes.channels { self.size } else { self.planes.channels };
        self.input.len().saturating_mul(size.saturating_add(1))
    }

    /// The inputs, what the powers are taken of, and room for one sample.
    pub const fn needs(&self) -> Needs {
        let len = self.input.len();
        Needs { saved_sample: len, backward_scratch: len, ..Needs::INPUTS }
    }
}

without_parameters! { LocalResponseNorm, |norm| norm.work() }

const RESPONSE: &[Parameter] = &[
    required("size", Kind::Size, "channels whose squares are summed"),
    with_default("alpha", Kind::Real, Arg::Real(1e-4), "factor of the mean square"),
    with_default("beta", Kind::Real, Arg::Real(0.75), "exponent"),
    with_default("k", Kind::Real, Arg::Real(1.0), "added to the mean square"),
];

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Normalize",
        is_layer: false,
        function: Some("normalize"),
        parameters: &[
            with_default("p", Kind::Real, Arg::Real(2.0), "exponent of the norm"),
            with_default("dim", Kind::Int, Arg::Int(1), "axis along which the vectors lie, the batch being 0"),
            with_default("eps", Kind::Real, Arg::Real(1e-12), "the shortest that a vector is taken for"),
        ],
        channels: Channels::Input,
        doc: "vectors brought to length 1",
        shape: SAME,
        ..operation!(Normalize::new)
    },
    Entry {
        name: "LocalResponseNorm",
        function: Some("local_response_norm"),
        parameters: RESPONSE,
        channels: Channels::Input,
        repr: "#size, alpha, beta, k",
        doc: "each value divided by a power of the mean square of neighbouring channels",
        shape: SAME,
        ..operation!(LocalResponseNorm::new)
    },
];
