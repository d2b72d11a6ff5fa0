//! Which operations become one step, and how their values lie.

use nn_shape::frozen::{UNBOUNDED, is_depthwise};
use nn_shape::{Arg, BatchNorm, Conv, Function, Join, Linear, Padding, Pointwise, Recurrent, Shape};

use super::{Chain, Fusion};
use crate::ir::ValueId;
use crate::lives::is_alias;

impl Fusion<'_> {
    /// The arguments and input shapes of an operation.
    pub(super) fn arguments(&self, index: usize) -> Option<(Vec<Arg>, Vec<Shape>)> {
        let network = self.context.network;
        let op = self.op(index);
        let first = op.layer.and_then(|layer| network.layers[layer].first_use).filter(|first| *first != index);
        let args = network.args(op).map(|bound| match (bound.known, first) {
            (Some(Arg::Inferred), Some(first)) => Some(Arg::size(self.context.facts.ops[first]?.inferred)),
            (known, _) => known,
        });
        Some((args.collect::<Option<_>>()?, op.inputs.iter().map(|input| self.shape(*input)).collect()))
    }

    pub(super) fn conv(&self, op: usize) -> Option<Conv> {
        let entry = self.op(op).entry;
        if entry.operation != "Conv" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let conv = Conv::new(entry.axes, &args, &inputs);
        matches!(conv.padding, Padding::Zeros).then_some(conv)
    }

    pub(super) fn linear(&self, op: usize) -> Option<Linear> {
        let entry = self.op(op).entry;
        if entry.operation != "Linear" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        Some(Linear::new(entry.axes, &args, &inputs))
    }

    /// Values that are laid side by side along their channels.
    pub(super) fn joined_channels(&self, op: usize) -> Option<Join> {
        let entry = self.op(op).entry;
        if entry.operation != "Join" || entry.constructor != "cat" {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let join = Join::cat(entry.axes, &args, &inputs);
        (join.outer == 1 && join.inner > 1).then_some(join)
    }

    /// A BatchNorm with running statistics.
    pub(super) fn norm(&self, op: usize) -> Option<BatchNorm> {
        let entry = self.op(op).entry;
        if entry.operation != "BatchNorm" || entry.constructor != "new" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let norm = BatchNorm::new(entry.axes, &args, &inputs);
        norm.running.then_some(norm)
    }

    /// A recurrent layer that can be packed.
    pub(super) fn recurrent(&self, op: usize) -> Option<Recurrent> {
        let entry = self.op(op).entry;
        if entry.operation != "Recurrent" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let new = match entry.constructor {
            "rnn" => Recurrent::rnn,
            "lstm" => Recurrent::lstm,
            "gru" => Recurrent::gru,
            "rnn_cell" => Recurrent::rnn_cell,
            "lstm_cell" => Recurrent::lstm_cell,
            "gru_cell" => Recurrent::gru_cell,
            _ => return None,
        };
        let recurrent = new(entry.axes, &args, &inputs);
        (!recurrent.recurrence().first.projects).then_some(recurrent)
    }

    /// The bounds of a function that does nothing else than bounding.
    pub(super) fn bounds(&self, op: usize) -> Option<[f64; 2]> {
        let entry = self.op(op).entry;
        if entry.operation != "Pointwise" {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let function = match entry.constructor {
            "relu" => return Some([0.0, f64::INFINITY]),
            "relu6" => Pointwise::relu6(entry.axes, &args, &inputs),
            "hardtanh" => Pointwise::hardtanh(entry.axes, &args, &inputs),
            _ => return None,
        };
        match function.function {
            Function::Clamp { low, high } if low <= high => Some([low, high]),
            _ => None,
        }
    }

    pub(super) fn is_pairwise(&self, op: usize) -> bool {
        let op = self.op(op);
        op.entry.operation == "Arithmetic" && self.shape(op.inputs[0]).same(&self.shape(op.inputs[1]))
    }

    /// The one operation that reads a value, if there is no other and the value is no result.
    pub(super) fn only_reader(&self, value: ValueId) -> Option<usize> {
        let network = self.context.network;
        if network.results.contains(&value) {
            return None;
        }
        let mut readers = network
            .ops
            .iter()
            .enumerate()
            .flat_map(|(index, op)| op.inputs.iter().filter(|input| **input == value).map(move |_| index));
        let reader = readers.next()?;
        readers.next().is_none().then_some(reader)
    }

    /// Whether everybody who reads a value does as well, or better, if it is plain.
    pub(super) fn likes_plain(&self, value: ValueId) -> bool {
        let ops = &self.context.network.ops;
        let mut readers = ops.iter().enumerate().filter(|(_, op)| op.inputs.contains(&value));
        readers.all(|(index, op)| {
            let passes_on = is_alias(op, false) || matches!(op.entry.operation, "Pool" | "Pointwise");
            match self.conv(index) {
                Some(conv) => !is_depthwise(&conv.geometry) && conv.geometry.axes[0].kernel == 1,
                None if passes_on => op.outputs.iter().all(|output| self.likes_plain(*output)),
                None => self.norm(index).is_none() && !self.is_pairwise(index) && self.joined_channels(index).is_none(),
            }
        })
    }

    /// The operations that become one step with `head`, which begins it.
    pub(super) fn chain(&self, head: usize, taken: &[bool]) -> Option<(Vec<usize>, Chain)> {
        let (conv, linear) = (self.conv(head), self.linear(head));
        let multiplies = conv.is_some() || linear.is_some();
        if !multiplies && !self.is_pairwise(head) && self.norm(head).is_none() {
            return None;
        }
        let mut members = vec![head];
        let result = self.op(head).outputs[0];
        let mut chain = Chain { last: head, norm: None, beside: None, bounds: UNBOUNDED, result };
        let folds = conv.is_some() || linear.is_some_and(|linear| linear.rows == 1);
        let next = |chain: &Chain| self.only_reader(chain.result).filter(|next| !taken[*next]);
        let mut take = |chain: &mut Chain, op: usize| {
            members.push(op);
            (chain.last, chain.result) = (op, self.op(op).outputs[0]);
        };
        if let Some(norm) = next(&chain).filter(|next| folds && self.norm(*next).is_some()) {
            chain.norm = Some(norm);
            take(&mut chain, norm);
        }
        let is_sum = |op: usize| self.is_pairwise(op) && self.op(op).entry.constructor == "add";
        if let Some(sum) = next(&chain).filter(|next| multiplies && is_sum(*next)) {
            let inputs = &self.op(sum).inputs;
            chain.beside = inputs.iter().copied().find(|input| *input != chain.result);
            take(&mut chain, sum);
        }
        if let Some(activation) = next(&chain).filter(|next| self.bounds(*next).is_some()) {
            chain.bounds = self.bounds(activation).unwrap_or(UNBOUNDED);
            take(&mut chain, activation);
        }
        Some((members, chain))
    }
}
