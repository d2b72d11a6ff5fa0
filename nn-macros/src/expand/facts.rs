//! The numbers of a network that the macro can read: for plain types and documentation.

use nn_shape::catalogue::Facts as Numbers;
use nn_shape::{Arg, Shape};

use crate::ir::Network;
use crate::merge::Merges;

/// For each value its shape and for each operation its numbers, where known.
pub(super) struct Facts {
    pub(super) shapes: Vec<Option<Shape>>,
    pub(super) ops: Vec<Option<Numbers>>,
    /// Whether one of them breaks a rule, which is an error of its own.
    pub(super) broken: bool,
}

/// Evaluates every operation whose arguments and inputs stand in the source as numbers.
pub(super) fn facts(network: &Network) -> Facts {
    let mut facts = Facts { shapes: vec![None; network.values.len()], ops: Vec::new(), broken: false };
    for (value, input) in network.inputs.iter().enumerate() {
        let sizes: Option<Vec<usize>> = input.sizes.iter().copied().collect();
        let shape = sizes.map(|sizes| if input.index { Shape::index_header(&sizes) } else { Shape::header(&sizes) });
        facts.broken |= shape.is_some_and(|shape| !shape.is_valid());
        facts.shapes[value] = shape.filter(Shape::is_valid);
    }
    let shared = network.shared();
    for (index, op) in network.ops.iter().enumerate() {
        let inputs: Option<Vec<Shape>> = op.inputs.iter().map(|input| facts.shapes[*input]).collect();
        let first = op.layer.and_then(|layer| network.layers[layer].first_use).filter(|first| *first != index);
        let args: Option<Vec<Arg>> = network
            .args(op)
            .map(|bound| match (bound.known, first) {
                (Some(Arg::Inferred), Some(first)) => {
                    facts.ops[first].map(|numbers: Numbers| Arg::size(numbers.inferred))
                }
                (known, _) => known,
            })
            .collect();
        let (Some(inputs), Some(args)) = (inputs, args) else {
            facts.ops.push(None);
            continue;
        };
        let mut numbers = None;
        for (place, output) in op.outputs.iter().enumerate() {
            let found = (op.entry.evaluate)(op.entry.axes, &args, &inputs, place);
            let shape = if shared[*output] { found.output } else { found.output.own() };
            facts.shapes[*output] = (found.sound && shape.is_valid()).then_some(shape);
            numbers = numbers.or(found.sound.then_some(found));
            // What a layer of one's own gives, rustc alone finds out.
            let is_own = op.layer.is_some_and(|layer| network.layers[layer].own.is_some());
            facts.broken |= !found.sound && !is_own;
        }
        facts.ops.push(numbers);
    }
    facts
}

/// What operations need that do a ReLU as well: a sum's gradient depends on its result then.
pub(super) fn rectify(facts: &mut Facts, network: &Network, merges: &Merges) {
    for (index, op) in network.ops.iter().enumerate() {
        if let Some(numbers) = &mut facts.ops[index]
            && merges.rectified[index]
            && op.entry.operation == "Arithmetic"
        {
            numbers.needs.outputs = true;
        }
    }
}
