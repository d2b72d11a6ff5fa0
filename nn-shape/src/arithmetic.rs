//! `+ - * /` between values.

use crate::catalogue::{Entry, Inputs, operation};
use crate::dims::{all_valid, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, MAX_RANK, Message, Needs, Shape, Violation};

/// What is done with two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// a + b
    Add,
    /// a - b
    Subtract,
    /// a · b
    Multiply,
    /// a / b
    Divide,
    /// max(a, b)
    Maximum,
    /// min(a, b)
    Minimum,
}

/// `a + b`, `a - b`, `a * b`, `a / b`: each pair of elements, an axis of size 1 being repeated.
///
/// Both inputs have the same number of axes. PyTorch would align shapes from the right and so lay a value with fewer axes against the
/// batch: `unsqueeze` says where the missing axes are. A parameter has no batch: it may have fewer axes, which are the last ones.
/// See [broadcasting](https://docs.pytorch.org/docs/stable/notes/broadcasting.html).
#[derive(Clone, Copy, Debug)]
pub struct Arithmetic {
    /// What is done.
    pub operator: Operator,
    /// How the elements meet.
    pub broadcast: Broadcast,
    /// Whether a ReLU behind a sum is done with it; both inputs have one shape then.
    pub rectifies: bool,
    inputs: [Shape; 2],
    output: Shape,
}

/// How the elements of two inputs meet: the axes of the output, neighbours that both inputs treat alike taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Broadcast {
    /// Axes that are left.
    pub rank: usize,
    /// Sizes of the output.
    pub sizes: [usize; MAX_RANK],
    /// Distance in the left input between neighbours on each axis; 0 where it is repeated.
    pub left: [usize; MAX_RANK],
    /// The same for the right input.
    pub right: [usize; MAX_RANK],
}

impl Broadcast {
    /// Whether both inputs have one shape, so that each element meets its like, or one element each.
    pub const fn is_pairwise(&self) -> bool {
        self.rank == 0 || (self.rank == 1 && self.left[0] == 1 && self.right[0] == 1)
    }

    pub(crate) const fn of(left: Shape, right: Shape) -> Broadcast {
        let (left, right) = (left.beside(right), right.beside(left));
        let mut found = Broadcast { rank: 0, sizes: [1; MAX_RANK], left: [0; MAX_RANK], right: [0; MAX_RANK] };
        let mut axis = 0;
        while axis < left.rank() {
            let size = wider(left.dim(axis), right.dim(axis));
            // Whether the axis is there in either input; its distance comes below.
            let (in_left, in_right) = ((left.dim(axis) == size) as usize, (right.dim(axis) == size) as usize);
            let last = found.rank.saturating_sub(1);
            if size == 1 {
            } else if found.rank > 0 && found.left[last] == in_left && found.right[last] == in_right {
                found.sizes[last] = found.sizes[last].saturating_mul(size);
            } else {
                found.sizes[found.rank] = size;
                found.left[found.rank] = in_left;
                found.right[found.rank] = in_right;
                found.rank += 1;
            }
            axis += 1;
        }
        let (mut left, mut right): (usize, usize) = (1, 1);
        let mut axis = found.rank;
        while axis > 0 {
            axis -= 1;
            if found.left[axis] != 0 {
                found.left[axis] = left;
                left = left.saturating_mul(found.sizes[axis]);
            }
            if found.right[axis] != 0 {
                found.right[axis] = right;
                right = right.saturating_mul(found.sizes[axis]);
            }
        }
        found
    }
}

/// The size that an axis takes; the left one where they do not fit.
const fn wider(left: usize, right: usize) -> usize {
    if left == 1 { right } else { left }
}

/// The shape that two values take together, an axis of size 1 being repeated.
pub(crate) const fn broadcast(left: Shape, right: Shape) -> Shape {
    let (left, right) = (left.beside(right), right.beside(left));
    // What one of the two has of its own, the result has.
    let own = if left.is_shared() { right } else { left };
    let mut shape = if all_valid(&[left, right]) && left.rank() == right.rank() { own } else { Shape::INVALID };
    let mut axis = 0;
    while axis < shape.rank() && shape.is_valid() {
        let (a, b) = (left.dim(axis), right.dim(axis));
        shape = if a == b || a == 1 || b == 1 { shape.with(axis, wider(a, b)) } else { Shape::INVALID };
        axis += 1;
    }
    shape
}

impl Arithmetic {
    const fn of(operator: Operator, inputs: &[Shape]) -> Arithmetic {
        let (left, right) = (inputs[0], inputs[1]);
        let output = broadcast(left, right);
        Arithmetic { operator, broadcast: Broadcast::of(left, right), rectifies: false, inputs: [left, right], output }
    }

    /// The same with the ReLU behind it.
    pub const fn rectified(self) -> Arithmetic {
        Arithmetic { rectifies: true, ..self }
    }

    /// `a + b`
    pub const fn add(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Arithmetic {
        Arithmetic::of(Operator::Add, inputs)
    }

    /// `a - b`
    pub const fn subtract(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Arithmetic {
        Arithmetic::of(Operator::Subtract, inputs)
    }

    /// `a * b`
    pub const fn multiply(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Arithmetic {
        Arithmetic::of(Operator::Multiply, inputs)
    }

    /// `a / b`
    pub const fn divide(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Arithmetic {
        Arithmetic::of(Operator::Divide, inputs)
    }

    /// `maximum(a, b)`
    pub const fn maximum(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Arithmetic {
        Arithmetic::of(Operator::Maximum, inputs)
    }

    /// `minimum(a, b)`
    pub const fn minimum(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Arithmetic {
        Arithmetic::of(Operator::Minimum, inputs)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let [left, right] = self.inputs;
        if !all_valid(&self.inputs) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &self.inputs) {
            return Some(violation);
        }
        check_broadcast(at, left, right)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// The inputs, but for sums and differences; the output of a sum with a ReLU.
    pub const fn needs(&self) -> Needs {
        match self.operator {
            Operator::Add if self.rectifies => Needs::OUTPUTS,
            Operator::Add | Operator::Subtract => Needs::NOTHING,
            Operator::Multiply | Operator::Divide | Operator::Maximum | Operator::Minimum => Needs::INPUTS,
        }
    }
}

/// Two values with the same number of axes, of which each has the same size in both, or size 1 in one.
pub(crate) const fn check_broadcast(at: &At, left: Shape, right: Shape) -> Option<Violation> {
    let (written, left, right) = ([left, right], left.beside(right), right.beside(left));
    if left.rank() != right.rank() {
        let narrow = if left.rank() < right.rank() { 0 } else { 1 };
        return both(
            Message::title(at, "the inputs have different numbers of axes")
                .rule("shapes are aligned from the right, as in PyTorch, so that the batch would meet another axis"),
            at,
            written,
        )
        .fix("give `")
        .text(at.source(narrow))
        .text("` axes of size 1 where they are missing: `unsqueeze`")
        .blame(LAYER);
    }
    let mut axis = 0;
    while axis < left.rank() {
        let (a, b) = (left.dim(axis), right.dim(axis));
        if a != b && a != 1 && b != 1 {
            let text = both(
                Message::title(at, "the inputs do not fit together")
                    .rule("on each axis both have the same size, or one has size 1 and is repeated"),
                at,
                written,
            )
            .text(" (axis ")
            .number(axis + 1)
            .text(": ")
            .number(a)
            .text(" and ")
            .number(b)
            .text(")");
            // A tensor with fewer axes lies against the last ones.
            let narrow = if written[0].rank() < written[1].rank() { 0 } else { 1 };
            if written[0].rank() != written[1].rank() {
                let (wide, rank) = (written[1 - narrow], written[narrow].rank());
                return text
                    .fix("give `")
                    .text(at.source(narrow))
                    .text("` the shape ")
                    .shape(wide.end(rank))
                    .blame(LAYER);
            }
            return text
                .fix("make `")
                .text(at.source(1))
                .text("` produce ")
                .shape(left)
                .text(", or `")
                .text(at.source(0))
                .text("` produce ")
                .shape(right)
                .blame(LAYER);
        }
        axis += 1;
    }
    None
}

/// What both inputs are.
const fn both(text: Message, at: &At, [left, right]: [Shape; 2]) -> Message {
    text.found("").source(at, 0, left).text(", ").source(at, 1, right)
}

without_parameters! { Arithmetic, |_| 0 }

const BROADCAST: &str = "[..], [..] -> [..], axes of size 1 being stretched";

const fn arithmetic(name: &'static str, function: &'static str, doc: &'static str, entry: Entry) -> Entry {
    Entry {
        name,
        is_layer: false,
        function: Some(function),
        inputs: Inputs::Exactly(2),
        doc,
        shape: BROADCAST,
        ..entry
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    arithmetic("Add", "add", "a + b, also the operator", operation!(Arithmetic::add)),
    arithmetic("Sub", "sub", "a - b, also the operator", operation!(Arithmetic::subtract)),
    arithmetic("Mul", "mul", "a · b, also the operator *", operation!(Arithmetic::multiply)),
    arithmetic("Div", "div", "a / b, also the operator", operation!(Arithmetic::divide)),
    arithmetic("Maximum", "maximum", "the larger of each pair", operation!(Arithmetic::maximum)),
    arithmetic("Minimum", "minimum", "the smaller of each pair", operation!(Arithmetic::minimum)),
];
