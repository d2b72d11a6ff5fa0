//! permute and transpose: the axes in another order.

use crate::catalogue::{Entry, Kind, operation, required};
use crate::dims::{Dim, check_dim, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, MAX_ENTRIES, MAX_RANK, Message, Needs, Shape, Violation};

/// `permute` and `transpose`: the axes in another order.
///
/// See [`torch.permute`](https://docs.pytorch.org/docs/stable/generated/torch.permute.html).
#[derive(Clone, Copy, Debug)]
pub struct Permute {
    /// How the output is read from the input.
    pub walk: Walk,
    dims: Dims,
    input: Shape,
    output: Shape,
}

/// What the user wrote.
#[derive(Clone, Copy, Debug)]
enum Dims {
    Permute([i64; MAX_ENTRIES], usize),
    Transpose(i64, i64),
}

/// The axes of the output, neighbours that are neighbours in the input too taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Walk {
    /// Axes that are left.
    pub rank: usize,
    /// Sizes of the output.
    pub sizes: [usize; MAX_RANK],
    /// Distance in the input between neighbours on each axis.
    pub strides: [usize; MAX_RANK],
}

/// For each axis of the output the axis of the input; `None` after a mistake.
type Order = Option<[usize; MAX_RANK]>;

impl Dims {
    const fn order(&self, rank: usize) -> Order {
        let mut order = [0, 1, 2, 3, 4, 5];
        match self {
            Dims::Transpose(a, b) => {
                let (Some(a), Some(b)) = (Dim::of(*a, rank).axis(), Dim::of(*b, rank).axis()) else { return None };
                order[a] = b;
                order[b] = a;
            }
            Dims::Permute(dims, count) => {
                if *count != rank + 1 || !matches!(Dim::of(dims[0], rank), Dim::Batch) {
                    return None;
                }
                let mut seen = [false; MAX_RANK];
                let mut axis = 0;
                while axis < rank {
                    let Some(from) = Dim::of(dims[axis + 1], rank).axis() else { return None };
                    if seen[from] {
                        return None;
                    }
                    seen[from] = true;
                    order[axis] = from;
                    axis += 1;
                }
            }
        }
        Some(order)
    }
}

impl Walk {
    pub(crate) const fn of(input: Shape, order: &[usize; MAX_RANK]) -> Walk {
        let mut walk = Walk { rank: 0, sizes: [1; MAX_RANK], strides: [1; MAX_RANK] };
        let mut axis = 0;
        while axis < input.rank() {
            let from = order[axis];
            let (size, stride) = (input.dim(from), input.product(from + 1, input.rank()));
            let last = walk.rank.saturating_sub(1);
            if size == 1 {
            } else if walk.rank > 0 && walk.strides[last] == stride.saturating_mul(size) {
                walk.sizes[last] = walk.sizes[last].saturating_mul(size);
                walk.strides[last] = stride;
            } else {
                walk.sizes[walk.rank] = size;
                walk.strides[walk.rank] = stride;
                walk.rank += 1;
            }
            axis += 1;
        }
        walk
    }
}

impl Permute {
    const fn of(dims: Dims, inputs: &[Shape]) -> Permute {
        let input = inputs[0];
        let (mut output, mut walk) = (Shape::INVALID, Walk::of(input, &[0, 1, 2, 3, 4, 5]));
        if let (Some(order), true) = (dims.order(input.rank()), input.is_valid()) {
            output = input;
            let mut axis = 0;
            while axis < input.rank() {
                output = output.with(axis, input.dim(order[axis]));
                axis += 1;
            }
            walk = Walk::of(input, &order);
        }
        Permute { walk, dims, input, output }
    }

    /// From `dims`, of which the first is 0, the batch.
    pub const fn permute(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Permute {
        let mut dims = [0; MAX_ENTRIES];
        let mut entry = 0;
        while entry < args[0].entries() && entry < MAX_ENTRIES {
            dims[entry] = args[0].entry(entry);
            entry += 1;
        }
        Permute::of(Dims::Permute(dims, args[0].entries()), inputs)
    }

    /// From `dim0, dim1`.
    pub const fn transpose(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Permute {
        Permute::of(Dims::Transpose(args[0].int_or(0), args[1].int_or(0)), inputs)
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
        if self.output.is_valid() {
            return None;
        }
        match self.dims {
            Dims::Transpose(dim0, dim1) => {
                let found = check_batch(at, [dim0, dim1], input);
                if found.is_some() {
                    return found;
                }
                let found = check_dim(at, "dim0", 0, dim0, input);
                if found.is_some() { found } else { check_dim(at, "dim1", 1, dim1, input) }
            }
            Dims::Permute(dims, count) => {
                let mut text = Message::title(at, "dims is no order of the axes")
                    .rule("dims names every axis once, the batch, which is 0 and stays in front, among them")
                    .found("dims = (");
                let mut entry = 0;
                while entry < count && entry < MAX_ENTRIES {
                    text = text.text(if entry > 0 { ", " } else { "" }).integer(dims[entry]);
                    entry += 1;
                }
                text = text.text("), and ").source(at, 0, input).fix("write 0, then the numbers from 1 to ");
                text.number(input.rank()).text(" in some order").blame(0)
            }
        }
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

/// The batch is not exchanged with an axis of a sample: who names it has most likely counted without it.
const fn check_batch(at: &At, dims: [i64; 2], input: Shape) -> Option<Violation> {
    let rank = input.rank();
    let place = if matches!(Dim::of(dims[0], rank), Dim::Batch) { 0 } else { 1 };
    if rank < 2 || !matches!(Dim::of(dims[place], rank), Dim::Batch) {
        return None;
    }
    let most = rank as i64 - 1;
    let counted = dims[0] >= 0 && dims[0] <= most && dims[1] >= 0 && dims[1] <= most && dims[0] != dims[1];
    let [first, second] = if counted { [dims[0] + 1, dims[1] + 1] } else { [1, 2] };
    Message::title(at, if place == 0 { "dim0 = " } else { "dim1 = " })
        .integer(dims[place])
        .text(" is the batch")
        .rule("axes count the batch as 0, as in PyTorch, and the samples of a batch stay apart")
        .found("")
        .source(at, 0, input)
        .text(", whose axes are 1 to ")
        .number(rank)
        .fix("count the axes from 1: transpose(x, ")
        .integer(first)
        .text(", ")
        .integer(second)
        .text(")")
        .blame(place)
}

without_parameters! { Permute, |_| 0 }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Permute",
        is_layer: false,
        function: Some("permute"),
        parameters: &[required("dims", Kind::Ints, "the axes in their new order, the batch, which is 0, in front")],
        doc: "the axes in another order",
        shape: "the input's axes in the order dims",
        ..operation!(Permute::permute)
    },
    Entry {
        name: "Transpose",
        is_layer: false,
        function: Some("transpose"),
        parameters: &[
            required("dim0", Kind::Int, "an axis, the batch being 0"),
            required("dim1", Kind::Int, "the axis to exchange it with"),
        ],
        doc: "exchanges two axes",
        shape: "the input's, dim0 and dim1 exchanged",
        ..operation!(Permute::transpose)
    },
];
