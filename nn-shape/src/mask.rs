//! masked_fill, where, logical_not, additive_mask, float: truth values, which are values that hold indices.

use crate::arithmetic::Broadcast;
use crate::catalogue::{Channels, Entry, Inputs, Kind, operation, required};
use crate::dims::check_numbers;
use crate::unit::without_parameters;
use crate::{Arg, At, Element, LAYER, Message, Needs, Shape, Violation};

/// What is made of a mask.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Masking {
    /// `value` where it is true, else the input.
    Fill(f64),
    /// The first value where it is true, else the second.
    Where,
    /// -∞ where it is true, else 0.
    Additive,
    /// The opposite.
    Not,
    /// Numbers: 0.0 and 1.0 of truth values.
    Number,
}

/// `masked_fill`, `where`, `additive_mask`, `logical_not` and `float`. A mask holds indices: 0 is false, all others are true.
///
/// See [`torch.Tensor.masked_fill`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html),
/// [`torch.where`](https://docs.pytorch.org/docs/stable/generated/torch.where.html).
#[derive(Clone, Copy, Debug)]
pub struct Mask {
    /// What is made of it.
    pub masking: Masking,
    /// How the mask, on the right, meets the values.
    pub broadcast: Broadcast,
    mask: Shape,
    /// Where the mask stands among the inputs.
    place: usize,
    values: [Shape; 2],
}

impl Mask {
    const fn of(masking: Masking, mask: Shape, place: usize, values: [Shape; 2]) -> Mask {
        Mask { masking, broadcast: Broadcast::of(values[0], mask), mask, place, values }
    }

    /// From `value`: the input, then the mask.
    pub const fn fill(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Mask {
        Mask::of(Masking::Fill(args[0].real_or(0.0)), inputs[1], 1, [inputs[0]; 2])
    }

    /// The mask, then both values.
    pub const fn choose(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Mask {
        Mask::of(Masking::Where, inputs[0], 0, [inputs[1], inputs[2]])
    }

    /// What attention adds.
    pub const fn additive(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Mask {
        Mask::of(Masking::Additive, inputs[0], 0, [inputs[0].with_element(Element::Real); 2])
    }

    /// The opposite of a mask.
    pub const fn not(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Mask {
        Mask::of(Masking::Not, inputs[0], 0, [inputs[0]; 2])
    }

    /// Numbers of truth values, and of other indices.
    pub const fn number(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Mask {
        Mask::of(Masking::Number, inputs[0], 0, [inputs[0].with_element(Element::Real); 2])
    }

    const fn first_value(&self) -> usize {
        if self.place == 0 { 1 } else { 0 }
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let [first, second] = self.values;
        if !(self.mask.is_valid() && first.is_valid() && second.is_valid()) {
            return None;
        }
        let is_index = matches!(self.mask.element(), Element::Index);
        if !is_index && matches!(self.masking, Masking::Number) {
            return Message::title(at, "these are numbers already")
                .rule("`float` makes numbers of indices, which are u32")
                .found("")
                .source(at, self.place, self.mask)
                .fix("leave `float` out")
                .blame(LAYER);
        }
        if !is_index {
            return Message::title(at, "the mask holds numbers")
                .rule("a mask holds truth values, which are u32: 0 is false, all others are true")
                .found("")
                .source(at, self.place, self.mask)
                .fix("declare it in the header: ")
                .shape(self.mask.with_element(Element::Index))
                .blame(LAYER);
        }
        if matches!(self.masking, Masking::Additive | Masking::Not | Masking::Number) {
            return None;
        }
        if let Some(violation) = check_numbers(at, &self.values) {
            return Some(violation);
        }
        if matches!(self.masking, Masking::Where) && !first.same(&second) {
            return Message::title(at, "the values have different shapes")
                .rule("where(mask, a, b) chooses between values of one shape")
                .found("")
                .source(at, 1, first)
                .text(", ")
                .source(at, 2, second)
                .fix("make them the same, with `expand` say")
                .blame(LAYER);
        }
        if self.fits() {
            return None;
        }
        Message::title(at, "the mask does not fit the values")
            .rule("it has as many axes as the values; each has the same size, or size 1 and is repeated")
            .found("")
            .source(at, self.place, self.mask)
            .text(", and ")
            .source(at, self.first_value(), first)
            .fix("give the mask the shape ")
            .shape(first.with_element(Element::Index))
            .text(", or axes of size 1: `unsqueeze`")
            .blame(LAYER)
    }

    /// Whether the mask can be repeated to the values' shape.
    const fn fits(&self) -> bool {
        let values = self.values[0];
        let mut fits = self.mask.rank() == values.rank();
        let mut axis = 0;
        while fits && axis < values.rank() {
            fits = self.mask.dim(axis) == values.dim(axis) || self.mask.dim(axis) == 1;
            axis += 1;
        }
        fits
    }

    /// The values' shape.
    pub const fn output(&self, _index: usize) -> Shape {
        // Truth values are 0 and 1, whatever the indices were.
        if matches!(self.masking, Masking::Not) { self.values[0].below(2) } else { self.values[0] }
    }

    /// Only the mask, which is always there.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Mask, |_| 0 }

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    Entry {
        name: "MaskedFill",
        is_layer: false,
        function: Some("masked_fill"),
        inputs: Inputs::Exactly(2),
        parameters: &[required("value", Kind::Real, "what stands where the mask is true")],
        channels: Channels::Input,
        doc: "x, or a number where the mask is true",
        shape: "[..], mask [u32; ..] -> [..], axes of size 1 of the mask being stretched",
        ..operation!(Mask::fill)
    },
    Entry {
        name: "Where",
        is_layer: false,
        function: Some("where"),
        inputs: Inputs::Exactly(3),
        doc: "where(mask, a, b): a where the mask is true, else b",
        shape: "mask [u32; ..], [..], [..] -> [..], axes of size 1 of the mask being stretched",
        ..operation!(Mask::choose)
    },
    Entry {
        name: "AdditiveMask",
        is_layer: false,
        function: Some("additive_mask"),
        doc: "a mask of truth values as the one that attention adds: -∞ where it is true, else 0",
        shape: "[u32; ..] -> [..]",
        ..operation!(Mask::additive)
    },
    Entry {
        name: "LogicalNot",
        is_layer: false,
        function: Some("logical_not"),
        index_outputs: &[0],
        doc: "1 where the mask is 0, else 0",
        shape: "[u32; ..] -> [u32; ..]",
        ..operation!(Mask::not)
    },
    Entry {
        name: "ToFloat",
        is_layer: false,
        function: Some("float"),
        doc: "the numbers 0.0 and 1.0 of truth values, and those of other indices",
        shape: "[u32; ..] -> [..]",
        ..operation!(Mask::number)
    },
];
