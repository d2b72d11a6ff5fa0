//! GLU: one half of an axis lets the other pass.

use crate::catalogue::{Entry, Kind, operation, with_default};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, Message, Needs, Shape, Violation};

/// `GLU`: `y = a * sigmoid(b)`, `a` and `b` being the halves of the input along an axis.
///
/// See [`torch.nn.GLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html).
#[derive(Clone, Copy, Debug)]
pub struct Glu {
    /// Product of the axes in front.
    pub outer: usize,
    /// Values of a half: half of the axis times the product of the axes behind.
    pub half: usize,
    input: Shape,
    dim: i64,
    axis: Option<usize>,
}

impl Glu {
    /// From the argument `dim`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Glu {
        let (input, dim) = (inputs[0], args[0].int_or(-1));
        let axis = Dim::of(dim, input.rank()).axis();
        let place = match axis {
            Some(axis) => axis,
            None => 0,
        };
        let half = (input.dim(place) / 2).saturating_mul(input.product(place + 1, input.rank()));
        Glu { outer: input.product(0, place), half, input, dim, axis }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if let Some(violation) = check_numbers(at, &[self.input]) {
            return Some(violation);
        }
        let Some(axis) = self.axis else { return check_dim(at, "dim", 0, self.dim, self.input) };
        if self.input.dim(axis).is_multiple_of(2) {
            return None;
        }
        let size = self.input.dim(axis);
        Message::title(at, "the axis cannot be halved")
            .rule("the axis dim has an even size: one half of it lets the other pass")
            .found("dim = ")
            .integer(self.dim)
            .text(", and ")
            .source(at, 0, self.input)
            .text(" (size ")
            .number(size)
            .text(")")
            .fix("make `")
            .text(at.source(0))
            .text("` produce ")
            .shape(self.input.with(axis, size.saturating_add(1)))
            .text(", or choose an axis of even size")
            .blame(0)
    }

    /// The shape of the output: half of the axis.
    pub const fn output(&self, _index: usize) -> Shape {
        match self.axis {
            Some(axis) if self.input.is_valid() && self.input.dim(axis).is_multiple_of(2) => {
                self.input.with(axis, self.input.dim(axis) / 2)
            }
            _ => Shape::INVALID,
        }
    }

    /// The inputs.
    pub const fn needs(&self) -> Needs {
        Needs::INPUTS
    }
}

without_parameters! { Glu, |glu| glu.outer.saturating_mul(glu.half) }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "GLU",
    function: Some("glu"),
    parameters: &[with_default("dim", Kind::Int, Arg::Int(-1), "axis to halve, the batch being 0")],
    repr: "dim",
    doc: "the first half of an axis times the sigmoid of the second",
    shape: "[.., 2·n, ..] -> [.., n, ..] along dim",
    ..operation!(Glu::new)
}];
