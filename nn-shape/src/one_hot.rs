//! one_hot: indices as numbers.

use crate::catalogue::{Entry, Kind, operation, required};
use crate::unit::without_parameters;
use crate::{Arg, At, Element, LAYER, MAX_RANK, Message, Needs, Shape, Violation};

/// `one_hot`: for each index a row of zeros with a 1 at its place.
///
/// See [`torch.nn.functional.one_hot`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html). The rows hold numbers of
/// the network's element type, where PyTorch's hold whole numbers, and `num_classes` is given: it is a size.
#[derive(Clone, Copy, Debug)]
pub struct OneHot {
    /// Numbers of a row.
    pub classes: usize,
    input: Shape,
}

impl OneHot {
    /// From the argument `num_classes`.
    pub const fn new(_axes: usize, args: &[Arg], inputs: &[Shape]) -> OneHot {
        OneHot { classes: args[0].size_or(0), input: inputs[0] }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !self.input.is_valid() {
            return None;
        }
        if !matches!(self.input.element(), Element::Index) {
            return Message::title(at, "the input holds numbers")
                .rule("classes are indices: whole numbers, u32")
                .found("")
                .source(at, 0, self.input)
                .fix("declare the indices in the header: ")
                .shape(self.input.with_element(Element::Index))
                .blame(LAYER);
        }
        let bound = self.input.bound();
        let is_known = bound != usize::MAX;
        if self.classes == 0 || self.classes > Shape::MOST || (is_known && self.classes < bound) {
            let text = Message::title(at, "num_classes is no number of classes")
                .text("\n  rule : ")
                .number(if is_known && bound > 0 { bound } else { 1 })
                .text(" <= num_classes <= ")
                .number(Shape::MOST)
                .found("num_classes = ")
                .number(self.classes);
            let text = if is_known {
                text.text(", indices from 0 to ")
                    .number(bound.saturating_sub(1))
                    .text(" (")
                    .source(at, 0, self.input)
                    .text(")")
            } else {
                text
            };
            let text = text.fix("write how many different indices there are");
            return if is_known { text.text(": at least ").number(bound).blame(0) } else { text.blame(0) };
        }
        if self.input.rank() < MAX_RANK {
            return None;
        }
        Message::title(at, "the result has too many axes")
            .text("\n  rule : a value has at most ")
            .number(MAX_RANK)
            .text(" axes, and the rows are one more than the indices have")
            .found("")
            .source(at, 0, self.input)
            .fix("flatten the indices first")
            .blame(LAYER)
    }

    /// The indices' axes, and one for the row.
    pub const fn output(&self, _index: usize) -> Shape {
        if !self.input.is_valid() || self.input.rank() == MAX_RANK {
            return Shape::INVALID;
        }
        self.input.with_element(Element::Real).push(self.classes)
    }

    /// Nothing.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { OneHot, |_| 0 }

/// The catalogue's entry.
pub(crate) const ENTRIES: &[Entry] = &[Entry {
    name: "OneHot",
    is_layer: false,
    function: Some("one_hot"),
    parameters: &[required("num_classes", Kind::Size, "how many different indices there are")],
    doc: "for each index a row of zeros with a 1 at its place",
    shape: "[u32; n..] -> [n.., num_classes]",
    ..operation!(OneHot::new)
}];
