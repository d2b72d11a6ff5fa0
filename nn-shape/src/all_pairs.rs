//! pdist: the distance of each pair of rows.

use crate::catalogue::{Entry, Kind, operation, with_default};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation};

/// `pdist`: of `n` rows the distances of rows 0 and 1, 0 and 2, ..., n - 2 and n - 1, by the p-norm.
///
/// See [`torch.nn.functional.pdist`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html), which takes the
/// rows of one sample only.
#[derive(Clone, Copy, Debug)]
pub struct AllPairs {
    /// The exponent.
    pub p: f64,
    /// Rows of a sample.
    pub rows: usize,
    /// Numbers of a row.
    pub len: usize,
    input: Shape,
}

impl AllPairs {
    /// From `p`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> AllPairs {
        let input = inputs[0];
        AllPairs { p: args[0].real_or(2.0), rows: input.dim(0), len: input.dim(1), input }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if self.p < 0.0 || self.p.is_nan() {
            return Message::title(at, "p is no exponent of a norm")
                .rule("p >= 0; f64::INFINITY is the largest difference")
                .found("p = ")
                .real(self.p)
                .fix("leave it out for 2, the Euclidean norm")
                .blame(0);
        }
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        if self.input.rank() != 2 {
            return Message::title(at, "the input has the wrong number of axes")
                .rule("pdist takes [rows, numbers], the batch left out")
                .found("")
                .source(at, 0, self.input)
                .fix("bring it into the shape [rows, numbers]: `reshape`, `flatten(x, start_dim = 2)`")
                .blame(LAYER);
        }
        if self.rows >= 2 {
            return None;
        }
        Message::title(at, "there are no pairs of rows")
            .rule("pdist takes at least two rows")
            .found("")
            .source(at, 0, self.input)
            .fix("give it an input with more rows")
            .blame(LAYER)
    }

    /// Pairs of rows.
    pub const fn pairs(&self) -> usize {
        self.rows.saturating_mul(self.rows.saturating_sub(1)) / 2
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        if self.input.is_valid() && self.input.rank() == 2 && self.rows >= 2 {
            Shape::new(&[self.pairs()])
        } else {
            Shape::INVALID
        }
    }

    /// The inputs, and the distances.
    pub const fn needs(&self) -> Needs {
        Needs { outputs: true, ..Needs::INPUTS }
    }
}

without_parameters! { AllPairs, |all| all.pairs().saturating_mul(all.len) }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "Pdist",
    is_layer: false,
    function: Some("pdist"),
    parameters: &[with_default("p", Kind::Real, Arg::Real(2.0), "exponent of the norm")],
    doc: "the p-norm of the difference of each pair of rows: 0 and 1, 0 and 2, ...",
    shape: "[n, m] -> [n (n - 1) / 2]",
    ..operation!(AllPairs::new)
}];
