//! logical_and, logical_or, logical_xor: truth values of truth values.

use crate::arithmetic::{broadcast, check_broadcast};
use crate::catalogue::{Entry, Inputs, operation};
use crate::dims::all_valid;
use crate::unit::without_parameters;
use crate::{Arg, At, Broadcast, Element, LAYER, Message, Needs, Shape, Violation};

/// How two truth values make one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Connective {
    /// Both are true.
    And,
    /// One is true, or both.
    Or,
    /// One is true, and not the other.
    Xor,
}

/// `logical_and`, `logical_or` and `logical_xor` of each pair of truth values, an axis of size 1 being repeated: 0 is false, all others are
/// true; the results are 0 and 1.
///
/// See [`torch.logical_and`](https://docs.pytorch.org/docs/stable/generated/torch.logical_and.html).
#[derive(Clone, Copy, Debug)]
pub struct Logic {
    /// How two make one.
    pub connective: Connective,
    /// How the elements meet.
    pub broadcast: Broadcast,
    inputs: [Shape; 2],
    output: Shape,
}

impl Logic {
    const fn of(connective: Connective, inputs: &[Shape]) -> Logic {
        let (left, right) = (inputs[0], inputs[1]);
        let output = broadcast(left, right).below(2);
        Logic { connective, broadcast: Broadcast::of(left, right), inputs: [left, right], output }
    }

    /// `logical_and`.
    pub const fn and(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Logic {
        Logic::of(Connective::And, inputs)
    }

    /// `logical_or`.
    pub const fn or(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Logic {
        Logic::of(Connective::Or, inputs)
    }

    /// `logical_xor`.
    pub const fn xor(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Logic {
        Logic::of(Connective::Xor, inputs)
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        if !all_valid(&self.inputs) {
            return None;
        }
        let mut place = 0;
        while place < 2 {
            let input = self.inputs[place];
            if !matches!(input.element(), Element::Index) {
                return Message::title(at, "the input holds numbers")
                    .rule("it takes truth values, which are u32: 0 is false, all others are true")
                    .found("")
                    .source(at, place, input)
                    .fix("compare the numbers first: `x != 0.0`, `x > 0.5`")
                    .blame(LAYER);
            }
            place += 1;
        }
        check_broadcast(at, self.inputs[0], self.inputs[1])
    }

    /// The shape of the output: truth values.
    pub const fn output(&self, _index: usize) -> Shape {
        self.output
    }

    /// Nothing: truth values have no gradient.
    pub const fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

without_parameters! { Logic, |_| 0 }

const fn entry(name: &'static str, function: &'static str, doc: &'static str, operation: Entry) -> Entry {
    Entry {
        name,
        is_layer: false,
        function: Some(function),
        inputs: Inputs::Exactly(2),
        index_outputs: &[0],
        doc,
        shape: "[u32; ..], [u32; ..] -> [u32; ..], axes of size 1 being stretched",
        ..operation
    }
}

/// The catalogue's entries.
pub(crate) const ENTRIES: &[Entry] = &[
    entry("LogicalAnd", "logical_and", "1 where both masks are true, else 0", operation!(Logic::and)),
    entry("LogicalOr", "logical_or", "1 where one mask is true or both, else 0", operation!(Logic::or)),
    entry("LogicalXor", "logical_xor", "1 where one mask is true and not the other, else 0", operation!(Logic::xor)),
];
