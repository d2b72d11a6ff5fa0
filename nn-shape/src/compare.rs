//! `> >= < <= == !=`, whose results are truth values.

use crate::arithmetic::{Broadcast, broadcast, check_broadcast};
use crate::catalogue::{Entry, Inputs, Kind, operation, required};
use crate::dims::{all_valid, check_numbers};
use crate::unit::without_parameters;
use crate::{Arg, At, Element, Needs, Shape, Violation};

/// What is asked of two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// a > b
    Greater,
    /// a >= b
    GreaterEqual,
    /// a < b
    Less,
    /// a <= b
    LessEqual,
    /// a == b
    Equal,
    /// a != b
    NotEqual,
}

/// `a > b` and its relatives, of each pair of elements, an axis of size 1 being repeated, or of each element and a constant: 1 where it is true,
/// else 0. Numbers are compared with numbers, indices with indices. There is no gradient.
///
/// See [`torch.gt`](https://docs.pytorch.org/docs/stable/generated/torch.gt.html).
#[derive(Clone, Copy, Debug)]
pub struct Compare {
    /// What is asked.
    pub comparison: Comparison,
    /// The constant; `None` between two values.
    pub constant: Option<f64>,
    /// How the elements meet.
    pub broadcast: Broadcast,
    inputs: [Shape; 2],
    output: Shape,
}

impl Compare {
    const fn of(comparison: Comparison, constant: Option<f64>, inputs: [Shape; 2]) -> Compare {
        let [left, right] = inputs;
        let output = broadcast(left, right).below(2);
        Compare { comparison, constant, broadcast: Broadcast::of(left, right), inputs, output }
    }

    /// Whether indices are compared, with each other or with the constant: `tokens == 0`.
    pub const fn of_indices(&self) -> bool {
        let [left, right] = self.inputs;
        matches!((left.element(), right.element()), (Element::Index, Element::Index))
    }

    /// The first rule that is broken.
    pub const fn check(&self, at: &At) -> Option<Violation> {
        let [left, right] = self.inputs;
        if !all_valid(&self.inputs) {
            return None;
        }
        if !self.of_indices()
            && let Some(violation) = check_numbers(at, &self.inputs)
        {
            return Some(violation);
        }
        check_broadcast(at, left, right)
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

without_parameters! { Compare, |_| 0 }

macro_rules! comparisons {
    ($($values:ident $scalar:ident $comparison:ident $symbol:literal;)*) => {
        impl Compare {
            $(
            /// Two values.
            pub const fn $values(_axes: usize, _args: &[Arg], inputs: &[Shape]) -> Compare {
                Compare::of(Comparison::$comparison, None, [inputs[0], inputs[1]])
            }

            /// A value, and the constant.
            pub const fn $scalar(_axes: usize, args: &[Arg], inputs: &[Shape]) -> Compare {
                Compare::of(Comparison::$comparison, Some(args[0].real_or(0.0)), [inputs[0]; 2])
            }
            )*
        }

        /// The catalogue's entries.
        pub(crate) const ENTRIES: &[Entry] = &[
            $(
            Entry {
                name: "Compare",
                is_layer: false,
                function: Some(stringify!($values)),
                inputs: Inputs::Exactly(2),
                index_outputs: &[0],
                doc: concat!("1 where a ", $symbol, " b, else 0, also the operator"),
                shape: "[..], [..] -> [u32; ..], axes of size 1 being stretched; indices are compared with indices",
                ..operation!(Compare::$values)
            },
            Entry {
                name: "Compare",
                is_layer: false,
                function: Some(stringify!($scalar)),
                parameters: &[required("other", Kind::Real, "the constant")],
                index_outputs: &[0],
                doc: concat!("1 where x ", $symbol, " c, else 0"),
                shape: "[..] or [u32; ..] -> [u32; ..]",
                ..operation!(Compare::$scalar)
            },
            )*
        ];
    };
}

comparisons! {
    gt gt_scalar Greater ">";
    ge ge_scalar GreaterEqual ">=";
    lt lt_scalar Less "<";
    le le_scalar LessEqual "<=";
    eq eq_scalar Equal "==";
    ne ne_scalar NotEqual "!=";
}
