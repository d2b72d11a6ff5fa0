//! matmul: products of matrices.

use crate::catalogue::{Entry, Inputs, operation};
use crate::dims::{all_valid, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, LAYER, Message, Needs, Shape, Violation, tile};

/// `matmul(a, b)`: the product of the matrices in the last two axes, `[.., n, m] · [.., m, p] -> [.., n, p]`, the axes in front being equal.
///
/// PyTorch takes vectors too; a sample that is a vector would make the batch a matrix, so both samples are matrices here. A parameter has no batch: the
/// last axis of a value of any rank meets its rows, `[.., m] · [m, p] -> [.., p]`.
/// See [`torch.matmul`](https://docs.pytorch.org/docs/stable/generated/torch.matmul.html).
#[derive(Clone, Copy, Debug)]
pub struct Matmul {
    /// Products of one sample.
    pub count: usize,
    /// Rows of the left matrix.
    pub rows: usize,
    /// Columns of the left matrix, rows of the right one.
    pub steps: usize,
    /// Columns of the right matrix.
    pub columns: usize,
    inputs: [Shape; 2],
    output: Shape,
    /// Whether nothing may stand in front of the matrices: `bmm`.
    alone: bool,
    /// Whether the right matrix is one for all that stands in front.
    flat: bool,
}

impl Matmul {
    /// From two values.
    pub const fn new(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Matmul {
        let (left, right) = (inputs[0], inputs[1]);
        // A matrix that all samples share is one for all that stands in front, too: one product, and vectors are its rows.
        let flat = right.is_shared() && right.rank() == 2 && left.rank() != 2;
        let front = if flat { 0 } else { left.rank().saturating_sub(2) };
        let mut matmul = Matmul {
            count: left.product(0, front),
            rows: if flat { left.product(0, left.rank().saturating_sub(1)) } else { left.dim(front) },
            steps: left.last(),
            columns: right.last(),
            inputs: [left, right],
            output: Shape::INVALID,
            alone: false,
            flat,
        };
        let ranks = left.rank() >= 2 && left.rank() == right.rank() || flat && left.rank() > 0;
        if all_valid(inputs) && ranks && matmul.fits() {
            matmul.output = left.with(left.rank() - 1, right.last());
        }
        matmul
    }

    /// `bmm`: the batch is all that stands in front of the matrices.
    pub const fn batched(axes: usize, args: &[Arg], inputs: &[Shape]) -> Matmul {
        let matmul = Matmul { alone: true, ..Matmul::new(axes, args, inputs) };
        if inputs[0].rank() != 2 { Matmul { output: Shape::INVALID, ..matmul } } else { matmul }
    }

    /// The axes in front are equal, and the matrices fit; both have the same rank, of at least 2.
    const fn fits(&self) -> bool {
        let [left, right] = self.inputs;
        let mut axis = 0;
        while axis + 2 < left.rank() && left.rank() == right.rank() {
            if left.dim(axis) != right.dim(axis) {
                return false;
            }
            axis += 1;
        }
        left.last() == right.dim(right.rank() - 2)
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
        if self.output.is_valid() {
            return None;
        }
        if self.alone && (left.rank() > 2 || right.rank() > 2) {
            return Message::title(at, "the inputs are more than matrices")
                .rule("bmm multiplies one matrix of each sample, the batch left out: [n, m] and [m, p]")
                .found("")
                .source(at, 0, left)
                .text(", ")
                .source(at, 1, right)
                .fix("use matmul, which takes further axes in front")
                .blame(LAYER);
        }
        if self.flat && left.rank() > 0 {
            return Message::title(at, "the matrix does not fit the value")
                .rule("the last axis of the first is as long as the second has rows: [.., m] and [m, p]")
                .found("")
                .source(at, 0, left)
                .text(", ")
                .source(at, 1, right)
                .fix("give `")
                .text(at.source(1))
                .text("` the shape ")
                .shape(right.with(0, left.last()))
                .blame(LAYER);
        }
        let narrow = if left.rank() < right.rank() { 0 } else { 1 };
        let text = if left.rank() < 2 || right.rank() < 2 {
            Message::title(at, "the inputs are not matrices")
                .rule("matmul multiplies the last two axes of a sample, the batch left out: [.., n, m] and [.., m, p]")
        } else if left.rank() != right.rank() {
            Message::title(at, "the inputs have different numbers of axes")
                .rule("the axes in front of the matrices are the same for both")
        } else if left.last() != right.dim(right.rank() - 2) {
            Message::title(at, "the matrices do not fit together")
                .rule("the columns of the first are the rows of the second: [.., n, m] and [.., m, p]")
        } else {
            Message::title(at, "the axes in front of the matrices differ")
                .rule("the axes in front of the matrices are the same for both")
        };
        let text = text.found("").source(at, 0, left).text(", ").source(at, 1, right);
        if left.rank() < 2 || right.rank() < 2 || left.rank() != right.rank() {
            return text
                .fix("give `")
                .text(at.source(if left.rank() < 2 { 0 } else { narrow }))
                .text("` the axes that are missing: `unsqueeze`")
                .blame(LAYER);
        }
        if left.last() == right.last() && left.last() != right.dim(right.rank() - 2) {
            let dim = right.rank();
            return text
                .fix("transpose the second: transpose(`")
                .text(at.source(1))
                .text("`, ")
                .number(dim - 1)
                .text(", ")
                .number(dim)
                .text(")")
                .blame(LAYER);
        }
        text.fix("make `")
            .text(at.source(1))
            .text("` produce ")
            .shape(left.with(left.rank() - 2, left.last()).with(left.rank() - 1, right.last()))
            .blame(LAYER)
    }

    /// The shape of the output.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// The inputs, the kernels' working space, and room for one gradient of a left matrix.
    pub const fn needs(&self) -> Needs {
        let mut steps = if self.rows > self.steps { self.rows } else { self.steps };
        steps = if steps > self.columns { steps } else { self.columns };
        let panel = tile::panel(steps, tile::MAX_WIDTH);
        Needs {
            forward_scratch: panel,
            backward_scratch: self.rows.saturating_mul(self.steps).saturating_add(panel),
            ..Needs::INPUTS
        }
    }
}

without_parameters! { Matmul, |this| {
    this.count.saturating_mul(this.rows).saturating_mul(this.steps).saturating_mul(this.columns)
} }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "Matmul",
        is_layer: false,
        function: Some("matmul"),
        inputs: Inputs::Exactly(2),
        doc: "the product of matrices",
        shape: "[.., n, k], [.., k, m] -> [.., n, m]",
        ..operation!(Matmul::new)
    },
    Entry {
        name: "Bmm",
        is_layer: false,
        function: Some("bmm"),
        inputs: Inputs::Exactly(2),
        doc: "the product of two matrices",
        shape: "[n, k], [k, m] -> [n, m], the batch of PyTorch's bmm being outside",
        ..operation!(Matmul::batched)
    },
];
