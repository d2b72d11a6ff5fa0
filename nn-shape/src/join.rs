//! cat and stack: several values become one.

use crate::catalogue::{Entry, Inputs, Kind, Parameter, operation, with_default};
use crate::dims::{Dim, all_valid, check_dim, check_dim_among, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, MAX_RANK, Message, Needs, Shape, Violation};

/// The most values that one operation joins, or takes a value apart into.
pub const MAX_PIECES: usize = 64;

/// `cat` and `stack`: lays values side by side along an axis, which `stack` adds.
///
/// See [`torch.cat`](https://docs.pytorch.org/docs/stable/generated/torch.cat.html) and
/// [`torch.stack`](https://docs.pytorch.org/docs/stable/generated/torch.stack.html).
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The axis along which they lie; of `stack` the new one.
    pub axis: usize,
    /// Product of the axes in front.
    pub outer: usize,
    /// Product of the axes behind.
    pub inner: usize,
    /// Values joined.
    pub count: usize,
    /// Their sizes along the axis.
    pub sizes: [usize; MAX_PIECES],
    is_stack: bool,
    dim: i64,
    first: Shape,
    /// The first value that does not fit to the first of all, and its place.
    misfit: Option<(usize, Shape)>,
    /// The first value that holds indices.
    numbers: bool,
    output: Shape,
}

impl Join {
    const fn of(is_stack: bool, dim: i64, inputs: &[Shape]) -> Join {
        let first = if inputs.is_empty() { Shape::INVALID } else { inputs[0] };
        let mut join = Join {
            axis: 0,
            outer: 1,
            inner: 1,
            count: inputs.len(),
            sizes: [0; MAX_PIECES],
            is_stack,
            dim,
            first,
            misfit: None,
            numbers: true,
            output: Shape::INVALID,
        };
        let rank = first.rank() + is_stack as usize;
        let Some(axis) = Dim::of(dim, rank).axis() else { return join };
        if !all_valid(inputs) || inputs.is_empty() || inputs.len() > MAX_PIECES || rank > MAX_RANK {
            return join;
        }
        join.axis = axis;
        join.outer = first.product(0, axis);
        join.inner = first.product(axis + 1 - is_stack as usize, first.rank());
        let (mut total, mut input): (usize, usize) = (0, 0);
        while input < inputs.len() {
            if join.misfit.is_none() && !fits(first, inputs[input], axis, is_stack) {
                join.misfit = Some((input, inputs[input]));
            }
            join.numbers &= matches!(inputs[input].element(), crate::Element::Real);
            join.sizes[input] = if is_stack { 1 } else { inputs[input].dim(axis) };
            total = total.saturating_add(join.sizes[input]);
            input += 1;
        }
        if join.misfit.is_none() && join.numbers {
            join.output = if is_stack { insert(first, axis, total) } else { first.with(axis, total) };
        }
        join
    }

    /// From `dim`.
    pub const fn cat(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Join {
        Join::of(false, args[0].int_or(0), inputs)
    }

    /// From `dim`.
    pub const fn stack(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Join {
        Join::of(true, args[0].int_or(0), inputs)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if self.count == 0 || self.count > MAX_PIECES {
            return Message::title(at, "too many values, or none")
                .text("\n  rule : between 1 and ")
                .number(MAX_PIECES)
                .text(" values can be joined")
                .found("")
                .number(self.count)
                .text(" values")
                .fix(if self.count == 0 { "write values into the list" } else { "join some of them first" })
                .blame(LAYER);
        }
        if !self.first.is_valid() {
            return None;
        }
        if !self.numbers {
            return check_numbers(at, &[self.first.with_element(crate::Element::Index)]);
        }
        let dim = if self.is_stack {
            if self.first.rank() == MAX_RANK {
                return Message::title(at, "too many axes")
                    .text("\n  rule : a sample has at most ")
                    .number(MAX_RANK)
                    .text(" axes")
                    .found("")
                    .source(at, 0, self.first)
                    .text(", and `stack` adds one")
                    .fix("use `cat`")
                    .blame(LAYER);
            }
            check_dim_among(at, "dim", 0, self.dim, self.first, self.first.rank() + 1)
        } else {
            check_dim(at, "dim", 0, self.dim, self.first)
        };
        if dim.is_some() {
            return dim;
        }
        let Some((place, shape)) = self.misfit else { return None };
        let text = if self.is_stack {
            Message::title(at, "the values have different shapes").rule("`stack` takes values of one shape")
        } else if shape.rank() != self.first.rank() {
            Message::title(at, "the values have different numbers of axes")
                .rule("`cat` takes values that differ along dim only")
        } else {
            Message::title(at, "the values differ along another axis than dim")
                .text("\n  rule : `cat` takes values that differ along dim only, which is ")
                .integer(self.dim)
                .text(" here")
        };
        let text = text.found("").source(at, 0, self.first).text(", ").source(at, place, shape).fix("make `");
        let text = text.text(at.source(place)).text("` produce ");
        if self.is_stack {
            return text.shape(self.first).blame(LAYER);
        }
        if shape.rank() != self.first.rank() {
            return text
                .number(self.first.rank())
                .text(if self.first.rank() == 1 { " axis" } else { " axes" })
                .blame(LAYER);
        }
        let Some(along) = Dim::of(self.dim, shape.rank()).axis() else { return None };
        let text = text.shape(self.first.with(along, shape.dim(along)));
        let (mut axis, mut differing, mut other) = (0, 0, 0);
        while axis < shape.rank() {
            if shape.dim(axis) != self.first.dim(axis) {
                differing += 1;
                other = axis + 1;
            }
            axis += 1;
        }
        if differing == 1 && self.count == 2 {
            return text.text(", or join along dim = ").number(other).blame(LAYER);
        }
        text.blame(LAYER)
    }

    /// The size of the joined axis.
    pub const fn total(&self) -> usize {
        let (mut total, mut piece): (usize, usize) = (0, 0);
        while piece < self.count && piece < MAX_PIECES {
            total = total.saturating_add(self.sizes[piece]);
            piece += 1;
        }
        total
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Join, |_| 0 }

/// Whether both shapes are the same, but for the axis along which `cat` joins.
const fn fits(first: Shape, other: Shape, axis: usize, is_stack: bool) -> bool {
    if is_stack || first.rank() != other.rank() {
        first.same(&other)
    } else {
        first.same(&other.with(axis, first.dim(axis)))
    }
}

/// `shape` with one axis more.
const fn insert(shape: Shape, place: usize, size: usize) -> Shape {
    let mut found = Shape::new(&[]);
    let mut axis = 0;
    while axis <= shape.rank() {
        if axis == place {
            found = found.push(size);
        }
        if axis < shape.rank() {
            found = found.push(shape.dim(axis));
        }
        axis += 1;
    }
    found
}

const DIM: &[Parameter] = &[with_default("dim", Kind::Int, Arg::Int(0), "axis to join along, the batch being 0")];

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Cat",
        is_layer: false,
        function: Some("cat"),
        parameters: DIM,
        inputs: Inputs::List,
        doc: "lays values side by side along an axis",
        shape: "[.., a, ..], [.., b, ..] -> [.., a + b, ..] along dim",
        ..operation!(Join::cat)
    },
    Entry {
        name: "Stack",
        is_layer: false,
        function: Some("stack"),
        parameters: DIM,
        inputs: Inputs::List,
        doc: "lays values of one shape side by side along a new axis",
        shape: "n values [..] -> [.., n, ..], the new axis at dim",
        ..operation!(Join::stack)
    },
];
