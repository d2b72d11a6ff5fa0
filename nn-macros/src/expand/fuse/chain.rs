//! Which operations become one step, and how their values lie.

use nn_shape::frozen::{UNBOUNDED, is_depthwise, is_linear};
use nn_shape::{
    Arg, BatchNorm, Conv, ConvTranspose, Function, GroupNorm, Groups, Linear, PRelu, Pad, Pointwise, Recurrent,
    Resample, Shape, Shuffle, phases,
};

use super::{Chain, Fusion};
use crate::ir::ValueId;
use crate::lives::is_alias;
use crate::merge;

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

    /// A convolution that is no linear layer.
    pub(super) fn conv(&self, op: usize) -> Option<Conv> {
        self.any_conv(op).filter(|conv| !is_linear(&conv.geometry))
    }

    fn any_conv(&self, op: usize) -> Option<Conv> {
        let entry = self.op(op).entry;
        if entry.operation != "Conv" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        Some(Conv::new(entry.axes, &args, &inputs))
    }

    /// A transposed convolution that is worth its phases.
    pub(super) fn transposed(&self, op: usize) -> Option<ConvTranspose> {
        let entry = self.op(op).entry;
        if entry.operation != "ConvTranspose" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let transposed = ConvTranspose::new(entry.axes, &args, &inputs);
        phases::is_worth(&transposed.geometry).then_some(transposed)
    }

    /// A padding layer that leaves the channels alone.
    pub(super) fn pad(&self, op: usize) -> Option<Pad> {
        let entry = self.op(op).entry;
        if entry.operation != "Pad" {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let new = match entry.constructor {
            "reflect" => Pad::reflect,
            "replicate" => Pad::replicate,
            "circular" => Pad::circular,
            "zero" => Pad::zero,
            "constant" => Pad::constant,
            "function" => Pad::function,
            _ => return None,
        };
        let pad = new(entry.axes, &args, &inputs);
        pad.keeps_channels().then_some(pad)
    }

    /// Whether an operation is a function of each number that has no fused form.
    pub(super) fn is_of_numbers(&self, op: usize) -> bool {
        let entry = self.op(op).entry;
        match entry.operation {
            "RRelu" => true,
            "PRelu" => self
                .arguments(op)
                .is_some_and(|(args, inputs)| PRelu::new(entry.axes, &args, &inputs).planes.channels == 1),
            _ => false,
        }
    }

    /// Whether an operation gives its input another size, by sums over neighbours.
    pub(super) fn resamples(&self, op: usize) -> bool {
        let entry = self.op(op).entry;
        let new = match (entry.operation, entry.constructor) {
            ("Resample", "upsample") => Resample::upsample,
            ("Resample", "interpolate") => Resample::interpolate,
            ("Resample", "nearest") => Resample::nearest,
            ("Resample", "bilinear") => Resample::bilinear,
            _ => return false,
        };
        self.arguments(op).is_some_and(|(args, inputs)| new(entry.axes, &args, &inputs).area.is_none())
    }

    /// Whether an operation moves numbers between channels and pixels.
    pub(super) fn shuffles(&self, op: usize) -> bool {
        let entry = self.op(op).entry;
        let new = match (entry.operation, entry.constructor) {
            ("Shuffle", "up") => Shuffle::up,
            ("Shuffle", "down") => Shuffle::down,
            ("Shuffle", "channels") => Shuffle::channels,
            _ => return false,
        };
        self.arguments(op).is_some_and(|(args, inputs)| new(entry.axes, &args, &inputs).is_of_channels())
    }

    /// A normalisation of groups of channels by their own statistics, of which a batch of one has no others.
    pub(super) fn groups(&self, op: usize) -> Option<(Groups, f64)> {
        let entry = self.op(op).entry;
        let (args, inputs) = self.arguments(op)?;
        let own = |norm: BatchNorm| (!norm.running).then_some((norm.groups(), norm.eps));
        let of_groups = |norm: GroupNorm| Some((norm.groups, norm.eps));
        match (entry.operation, entry.constructor) {
            ("BatchNorm", "new") => own(BatchNorm::new(entry.axes, &args, &inputs)),
            ("BatchNorm", "instance") => own(BatchNorm::instance(entry.axes, &args, &inputs)),
            ("BatchNorm", "instance_function") => own(BatchNorm::instance_function(entry.axes, &args, &inputs)),
            ("GroupNorm", "new") => of_groups(GroupNorm::new(entry.axes, &args, &inputs)),
            ("GroupNorm", "function") => of_groups(GroupNorm::function(entry.axes, &args, &inputs)),
            _ => None,
        }
    }

    /// Rows, inputs and outputs of a linear layer, or of a convolution that is one.
    pub(super) fn linear(&self, op: usize) -> Option<[usize; 3]> {
        let entry = self.op(op).entry;
        if let Some(Conv { geometry, .. }) = self.any_conv(op) {
            return is_linear(&geometry).then(|| [1, geometry.input_len(), geometry.out_channels]);
        }
        if entry.operation != "Linear" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let linear = Linear::new(entry.axes, &args, &inputs);
        Some([linear.rows, linear.in_features, linear.out_features])
    }

    /// A BatchNorm or an InstanceNorm with running statistics.
    pub(super) fn norm(&self, op: usize) -> Option<BatchNorm> {
        let entry = self.op(op).entry;
        if entry.operation != "BatchNorm" || self.op(op).layer.is_none() {
            return None;
        }
        let new = match entry.constructor {
            "new" => BatchNorm::new,
            "instance" => BatchNorm::instance,
            _ => return None,
        };
        let (args, inputs) = self.arguments(op)?;
        let norm = new(entry.axes, &args, &inputs);
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
        merge::only_reader(self.context.network, value)
    }

    /// Whether everybody who reads a value does as well, or better, if it is plain.
    pub(super) fn likes_plain(&self, value: ValueId) -> bool {
        let ops = &self.context.network.ops;
        let mut readers = ops.iter().enumerate().filter(|(_, op)| op.inputs.contains(&value));
        readers.all(|(index, op)| {
            let passes_on =
                is_alias(self.context.network, op, false) || matches!(op.entry.operation, "Pool" | "Pointwise" | "Pad");
            match self.conv(index) {
                Some(conv) => !is_depthwise(&conv.geometry) && conv.geometry.axes[0].kernel == 1,
                None if passes_on || self.parts(index).is_some() => {
                    op.outputs.iter().all(|output| self.likes_plain(*output))
                }
                None => {
                    let lasts = self.norm(index).is_some()
                        || self.groups(index).is_some()
                        || self.transposed(index).is_some()
                        || self.joins_channels(index);
                    !lasts && !self.is_pairwise(index)
                }
            }
        })
    }

    /// The operations that become one step with `head`, which begins it.
    pub(super) fn chain(&self, head: usize, taken: &[bool]) -> Option<(Vec<usize>, Chain)> {
        let (convolves, linear) = (self.conv(head).is_some() || self.transposed(head).is_some(), self.linear(head));
        let adds = convolves || linear.is_some() || self.groups(head).is_some();
        if !adds && !self.is_pairwise(head) && self.norm(head).is_none() {
            return None;
        }
        let mut members = vec![head];
        let result = self.op(head).outputs[0];
        let mut chain = Chain { last: head, norm: None, beside: None, bounds: UNBOUNDED, result };
        let folds = convolves || linear.is_some_and(|[rows, ..]| rows == 1);
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
        if let Some(sum) = next(&chain).filter(|next| adds && is_sum(*next)) {
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
