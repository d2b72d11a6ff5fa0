//! gumbel_softmax: a draw from a distribution that its logits can learn.

use crate::catalogue::{Channels, Entry, Kind, SAME, operation, with_default};
use crate::unit::without_parameters;
use crate::{Arg, At, Message, Needs, Shape, Softmax, Violation};

/// `gumbel_softmax`: in training mode softmax of `(x + g) / tau`, `g` being Gumbel noise, -log(-log(u)), drawn for each value; with `hard` 1 at the
/// largest and 0 elsewhere, the gradient being that of the soft result. In evaluation mode nothing is drawn: `g` is 0.
///
/// See [`torch.nn.functional.gumbel_softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html), which draws whatever
/// the mode is.
#[derive(Clone, Copy, Debug)]
pub struct GumbelSoftmax {
    /// Along which axis.
    pub softmax: Softmax,
    /// How soft the result is: the smaller, the nearer to 0 and 1.
    pub tau: f64,
    /// Whether the result is 1 at the largest and 0 elsewhere.
    pub hard: bool,
    input: Shape,
}

impl GumbelSoftmax {
    /// From `tau, hard, dim`.
    pub const fn new(axes: usize, args: &[Arg], inputs: &[Shape]) -> GumbelSoftmax {
        GumbelSoftmax {
            softmax: Softmax::softmax(axes, &[Arg::Int(args[2].int_or(-1))], inputs),
            tau: args[0].real_or(1.0),
            hard: args[1].is_true(),
            input: inputs[0],
        }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !(self.tau > 0.0 && self.tau.is_finite()) {
            return Message::title(at, "tau is no temperature")
                .rule("tau > 0: the smaller, the nearer the shares are to 0 and 1")
                .found("tau = ")
                .real(self.tau)
                .fix("write a positive number, or leave it out for 1")
                .blame(0);
        }
        match self.softmax.check(at) {
            // The axis is softmax's first argument, and the third here.
            Some(violation) if violation.argument == 0 => Some(Violation { argument: 2, ..violation }),
            found => found,
        }
    }

    /// The shape of the output: the input's.
    pub const fn output(&self, _index: usize) -> Shape {
        self.input
    }

    /// The soft result.
    pub const fn needs(&self) -> Needs {
        Needs { saved_sample: self.input.len(), ..Needs::NOTHING }
    }
}

without_parameters! { GumbelSoftmax, |_| 0 }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "GumbelSoftmax",
    is_layer: false,
    function: Some("gumbel_softmax"),
    parameters: &[
        with_default("tau", Kind::Real, Arg::Real(1.0), "how soft the shares are: the smaller, the nearer to 0 and 1"),
        with_default("hard", Kind::Flag, Arg::Flag(false), "whether the result is 1 at the largest share, 0 elsewhere"),
        with_default("dim", Kind::Int, Arg::Int(-1), "axis along which the values become shares, the batch being 0"),
    ],
    channels: Channels::Input,
    doc: "softmax of (x + Gumbel noise) / tau along dim; in evaluation mode without noise",
    shape: SAME,
    ..operation!(GumbelSoftmax::new)
}];
