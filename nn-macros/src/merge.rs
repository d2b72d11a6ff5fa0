//! Operations that are done with the one in front of them, where both are bound by memory: a ReLU behind a BatchNorm or behind a sum of two values of
//! one shape, if nobody else reads what lies between. The ReLU then is nothing but another name of the value, and the operation in front is rectified.

use crate::ir::{Network, Op, ValueId};

/// Which operations of a network are done together.
pub(crate) struct Merges {
    /// For each operation whether the one in front does it.
    pub(crate) merged: Vec<bool>,
    /// For each operation whether it does a ReLU as well.
    pub(crate) rectified: Vec<bool>,
    /// For each operation whether its backward pass can write an input's gradient over that of its output.
    pub(crate) in_place: Vec<bool>,
}

impl Merges {
    /// `is_pairwise` tells of a sum whether both values have one shape.
    pub(crate) fn of(network: &Network, is_pairwise: impl Fn(&Op) -> bool) -> Merges {
        let count = network.ops.len();
        let mut merges =
            Merges { merged: vec![false; count], rectified: vec![false; count], in_place: vec![false; count] };
        for (index, op) in network.ops.iter().enumerate() {
            let rectifies = match (op.entry.operation, op.entry.constructor) {
                ("BatchNorm", "new") => op.layer.is_some(),
                ("Arithmetic", "add") => is_pairwise(op),
                _ => false,
            };
            merges.in_place[index] = rectifies || op.entry.operation == "Pointwise";
            if !rectifies {
                continue;
            }
            if let Some(reader) = only_reader(network, op.outputs[0]).filter(|reader| is_relu(&network.ops[*reader])) {
                (merges.rectified[index], merges.merged[reader]) = (true, true);
            }
        }
        merges
    }
}

fn is_relu(op: &Op) -> bool {
    (op.entry.operation, op.entry.constructor) == ("Pointwise", "relu")
}

/// The one operation that reads a value, if there is no other and the value is no result.
pub(crate) fn only_reader(network: &Network, value: ValueId) -> Option<usize> {
    if network.results.contains(&value) {
        return None;
    }
    let ops = network.ops.iter().enumerate();
    let mut readers = ops.flat_map(|(index, op)| op.inputs.iter().filter(|input| **input == value).map(move |_| index));
    let reader = readers.next()?;
    readers.next().is_none().then_some(reader)
}
