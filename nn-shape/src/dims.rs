//! Axes as PyTorch counts them: the batch is 0, and negative numbers count from the end.

use crate::{At, Element, LAYER, Message, Shape, Violation};

/// What a `dim` stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dim {
    /// An axis of the sample, counted from 0.
    Axis(usize),
    /// The batch.
    Batch,
    /// Nothing.
    Outside,
}

impl Dim {
    /// What `written` stands for in a batch of samples with `rank` axes.
    pub(crate) const fn of(written: i64, rank: usize) -> Dim {
        let axes = rank as i64 + 1;
        let place = if written < 0 { written.saturating_add(axes) } else { written };
        match place {
            0 => Dim::Batch,
            1.. if place < axes => Dim::Axis(place as usize - 1),
            _ => Dim::Outside,
        }
    }

    /// The axis of the sample.
    pub(crate) const fn axis(self) -> Option<usize> {
        if let Dim::Axis(axis) = self { Some(axis) } else { None }
    }
}

/// A `dim` must be an axis of the sample. `argument` is its place in the signature, and its name there is `name`.
pub(crate) const fn check_dim(
    at: &At,
    name: &'static str,
    argument: usize,
    written: i64,
    input: Shape,
) -> Option<Violation> {
    check_dim_among(at, name, argument, written, input, input.rank())
}

/// As [`check_dim`], where `rank` axes can be chosen among: `unsqueeze` has one more than its input.
pub(crate) const fn check_dim_among(
    at: &At,
    name: &'static str,
    argument: usize,
    written: i64,
    input: Shape,
    rank: usize,
) -> Option<Violation> {
    let text = match Dim::of(written, rank) {
        Dim::Axis(_) => return None,
        Dim::Batch => Message::title(at, name)
            .text(" = ")
            .integer(written)
            .text(" is the batch")
            .rule("axes count the batch as 0, as in PyTorch, and the samples of a batch stay apart"),
        Dim::Outside => Message::title(at, name)
            .text(" = ")
            .integer(written)
            .text(" is no axis of the input")
            .rule("axes count from the batch, which is 0, or backwards from the last, which is -1"),
    };
    let text = text.found("").source(at, 0, input);
    if rank == 0 {
        return text.text(", which has no axis beside the batch").fix("give it an input with axes").blame(argument);
    }
    let text = text.text(", so ").text(name);
    let text = if rank == 1 {
        text.text(" is 1 or -1")
    } else {
        text.text(" lies between 1 and ").number(rank).text(", or between ").integer(-(rank as i64)).text(" and -1")
    };
    text.fix("write ")
        .text(name)
        .text(" = ")
        .number(if written > 0 { rank } else { 1 })
        .text(if rank == 1 { "" } else { ", or -1 for the last axis" })
        .blame(argument)
}

/// Computing takes numbers: none of the inputs may hold indices.
pub(crate) const fn check_numbers(at: &At, inputs: &[Shape]) -> Option<Violation> {
    let mut i = 0;
    while i < inputs.len() {
        if inputs[i].is_valid() && matches!(inputs[i].element(), Element::Index) {
            return Message::title(at, "the input holds indices")
                .rule("this operation computes with numbers")
                .found("")
                .source(at, i, inputs[i])
                .fix(if inputs[i].bound() == 2 {
                    "choose by truth values: `where(mask, a, b)` or `masked_fill(x, mask, 0.0)`; make the numbers 0.0 and 1.0 of them: `float(mask)`"
                } else {
                    "make numbers of the indices first: `Embedding`, `one_hot(indices, ...)`, or `float(indices)`"
                })
                .blame(LAYER);
        }
        i += 1;
    }
    None
}

/// Whether every shape stands for a value without a mistake.
pub(crate) const fn all_valid(shapes: &[Shape]) -> bool {
    let mut i = 0;
    while i < shapes.len() {
        if !shapes[i].is_valid() {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dims_count_the_batch_as_0() {
        assert_eq!(Dim::of(0, 2), Dim::Batch);
        assert_eq!(Dim::of(-3, 2), Dim::Batch);
        assert_eq!(Dim::of(1, 2), Dim::Axis(0));
        assert_eq!(Dim::of(2, 2), Dim::Axis(1));
        assert_eq!(Dim::of(-1, 2), Dim::Axis(1));
        assert_eq!(Dim::of(-2, 2), Dim::Axis(0));
        assert_eq!(Dim::of(3, 2), Dim::Outside);
        assert_eq!(Dim::of(-4, 2), Dim::Outside);
        assert_eq!(Dim::of(-1, 0), Dim::Batch);
        assert_eq!(Dim::of(i64::MIN, 6), Dim::Outside);
        assert_eq!(Dim::of(i64::MAX, 6), Dim::Outside);
    }
}
