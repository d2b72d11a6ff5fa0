//! The program of a network's inference form: which operations become one step, how values lie, where they live.
//!
//! A convolution or a linear layer takes the BatchNorm behind it into its weights, and the sum with another value and the ReLU behind that into its
//! store, as long as nobody else reads what lies between. Values with channels lie channels last from the first convolution or pool on; who
//! needs them plain gets a copy. A flattened value stays as it lies: the linear layer behind has its weights in that order.

use std::collections::HashMap;

use nn_shape::frozen::{UNBOUNDED, Work};
use nn_shape::plan::Life;
use nn_shape::{Arg, BatchNorm, Conv, Element, Function, Linear, Padding, Pointwise, Recurrent, Shape};

use super::Context;
use crate::ir::{Op, ValueId};
use crate::lives::is_alias;

/// What a step does: [`Work`] without what the constant of its operation holds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Kind {
    Conv {
        planar: bool,
    },
    Linear {
        rows: usize,
        inputs: usize,
        outputs: usize,
    },
    Pool,
    Pointwise(usize),
    Arithmetic(usize),
    Affine {
        channels: usize,
        places: usize,
    },
    ToLast {
        channels: usize,
        places: usize,
    },
    ToPlain {
        channels: usize,
        places: usize,
    },
    Copy(usize),
    /// A place in [`Program::layers`].
    Recurrent(usize),
    /// A place in [`Program::layers`].
    Layer(usize),
}

/// A parameter: an operation and the field of its layer.
pub(super) type Source = (usize, String);

/// One step.
pub(super) struct Step {
    pub(super) kind: Kind,
    pub(super) op: usize,
    /// Buffers.
    pub(super) reads: [Option<usize>; 2],
    pub(super) write: Option<usize>,
    pub(super) scratch: Option<usize>,
    pub(super) packed: usize,
    /// Places in [`Program::sources`].
    pub(super) weight: Option<usize>,
    pub(super) norm: Option<usize>,
    pub(super) eps: f64,
    pub(super) permuted: [usize; 2],
    pub(super) bounds: [f64; 2],
}

/// A layer that runs as it is: its operands' buffers.
pub(super) struct LayerStep {
    pub(super) op: usize,
    pub(super) reads: Vec<usize>,
    pub(super) writes: Vec<usize>,
    pub(super) scratch: Option<usize>,
}

/// Where a buffer lies.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Where {
    Input,
    /// One of several inputs.
    Part(usize),
    Output,
    Arena(usize),
}

/// A buffer, and from which step to which it lives.
pub(super) struct Buffer {
    pub(super) len: usize,
    pub(super) place: Where,
    from: usize,
    to: usize,
}

/// The whole program.
#[derive(Default)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    pub(super) layers: Vec<LayerStep>,
    pub(super) sources: Vec<Source>,
    pub(super) buffers: Vec<Buffer>,
    /// Buffers of several results.
    pub(super) outputs: Vec<usize>,
    pub(super) packed: usize,
    pub(super) arena: usize,
}

/// How a value lies.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Layout {
    Plain,
    Last,
    /// Flattened, having lain channels last.
    Permuted(usize, usize),
}

/// Operations that become one step, run where the last of them stands.
struct Chain {
    last: usize,
    norm: Option<usize>,
    /// The other value of the sum.
    beside: Option<ValueId>,
    bounds: [f64; 2],
    /// What the step gives.
    result: ValueId,
}

/// The program of a network all of whose sizes the macro can read, and whose values are all numbers; `None` for others.
pub(super) fn program(context: &Context<'_>) -> Option<Program> {
    let known = context.facts.shapes.iter().all(|shape| shape.is_some_and(|shape| shape.element() == Element::Real))
        && context.facts.ops.iter().all(Option::is_some);
    if !known {
        return None;
    }
    let mut fusion =
        Fusion { context, program: Program::default(), held: HashMap::new(), copies: HashMap::new(), packed: 0 };
    fusion.run()?;
    Some(fusion.program)
}

struct Fusion<'a> {
    context: &'a Context<'a>,
    program: Program,
    held: HashMap<ValueId, (usize, Layout)>,
    /// Values that were copied to another layout.
    copies: HashMap<(usize, bool), usize>,
    packed: usize,
}

impl Fusion<'_> {
    fn run(&mut self) -> Option<()> {
        let network = self.context.network;
        for input in 0..network.inputs.len() {
            let place = if network.inputs_tuple { Where::Part(input) } else { Where::Input };
            let buffer = self.buffer(self.shape(input).len(), place);
            self.held.insert(input, (buffer, Layout::Plain));
        }
        let mut chains: HashMap<usize, (usize, Chain)> = HashMap::new();
        let mut taken = vec![false; network.ops.len()];
        for op in 0..network.ops.len() {
            if taken[op] {
                continue;
            }
            if let Some((members, chain)) = self.chain(op, &taken) {
                members.iter().for_each(|member| taken[*member] = true);
                chains.insert(chain.last, (op, chain));
            }
        }
        for op in 0..network.ops.len() {
            match chains.remove(&op) {
                Some((head, chain)) => self.fused(head, &chain)?,
                None if taken[op] => {}
                None => self.single(op)?,
            }
        }
        self.results();
        self.place();
        Some(())
    }

    fn shape(&self, value: ValueId) -> Shape {
        self.context.facts.shapes[value].unwrap_or(Shape::INVALID)
    }

    fn op(&self, op: usize) -> &Op {
        &self.context.network.ops[op]
    }

    /// The arguments and input shapes of an operation.
    fn arguments(&self, index: usize) -> Option<(Vec<Arg>, Vec<Shape>)> {
        let network = self.context.network;
        let op = self.op(index);
        let first = op.layer.and_then(|layer| network.layers[layer].first_use).filter(|first| *first != index);
        let args = network.args(op).map(|bound| match (bound.known, first) {
            (Some(Arg::Inferred), Some(first)) => Some(Arg::size(self.context.facts.ops[first]?.inferred)),
            (known, _) => known,
        });
        Some((args.collect::<Option<_>>()?, op.inputs.iter().map(|input| self.shape(*input)).collect()))
    }

    fn conv(&self, op: usize) -> Option<Conv> {
        let entry = self.op(op).entry;
        if entry.operation != "Conv" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let conv = Conv::new(entry.axes, &args, &inputs);
        matches!(conv.padding, Padding::Zeros).then_some(conv)
    }

    fn linear(&self, op: usize) -> Option<Linear> {
        let entry = self.op(op).entry;
        if entry.operation != "Linear" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        Some(Linear::new(entry.axes, &args, &inputs))
    }

    /// A BatchNorm with running statistics.
    fn norm(&self, op: usize) -> Option<BatchNorm> {
        let entry = self.op(op).entry;
        if entry.operation != "BatchNorm" || entry.constructor != "new" || self.op(op).layer.is_none() {
            return None;
        }
        let (args, inputs) = self.arguments(op)?;
        let norm = BatchNorm::new(entry.axes, &args, &inputs);
        norm.running.then_some(norm)
    }

    /// A recurrent layer that can be packed.
    fn recurrent(&self, op: usize) -> Option<Recurrent> {
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
    fn bounds(&self, op: usize) -> Option<[f64; 2]> {
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

    fn is_pairwise(&self, op: usize) -> bool {
        let op = self.op(op);
        op.entry.operation == "Arithmetic" && self.shape(op.inputs[0]) == self.shape(op.inputs[1])
    }

    /// The one operation that reads a value, if there is no other and the value is no result.
    fn only_reader(&self, value: ValueId) -> Option<usize> {
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

    /// The operations that become one step with `head`, which begins it.
    fn chain(&self, head: usize, taken: &[bool]) -> Option<(Vec<usize>, Chain)> {
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

    fn buffer(&mut self, len: usize, place: Where) -> usize {
        let now = self.program.steps.len() + 1;
        let from = if self.program.steps.is_empty() { 0 } else { now };
        self.program.buffers.push(Buffer { len, place, from, to: now });
        self.program.buffers.len() - 1
    }

    fn arena(&mut self, len: usize) -> usize {
        self.buffer(len, Where::Arena(0))
    }

    /// Adds a step that writes a new buffer, and gives the buffer.
    fn push(&mut self, op: usize, kind: Kind, reads: [Option<usize>; 2], len: usize) -> usize {
        let write = self.arena(len);
        let now = self.program.steps.len() + 1;
        for read in reads.iter().flatten() {
            self.program.buffers[*read].to = now;
        }
        self.program.steps.push(Step {
            kind,
            op,
            reads,
            write: Some(write),
            scratch: None,
            packed: self.packed,
            weight: None,
            norm: None,
            eps: 0.0,
            permuted: [1, 1],
            bounds: UNBOUNDED,
        });
        write
    }

    /// Gives the step that was added last its working space and room for its parameters.
    fn complete(&mut self, work: Work, head: usize, chain: &Chain) {
        let step = self.program.steps.len() - 1;
        if work.scratch() > 0 {
            let len = work.scratch();
            self.program.buffers.push(Buffer { len, place: Where::Arena(0), from: step + 1, to: step + 1 });
            self.program.steps[step].scratch = Some(self.program.buffers.len() - 1);
        }
        self.packed = (self.packed + work.packed()).next_multiple_of(nn_shape::plan::ALIGN);
        let mut source = |op: usize, fields: &[&'static str]| {
            let first = self.program.sources.len();
            self.program.sources.extend(fields.iter().map(|field| (op, field.to_string())));
            Some(first)
        };
        const NORM: &[&str] = &["running_mean", "running_var", "weight", "bias"];
        let affine = matches!(work, Work::Affine { .. });
        let weight = if affine { None } else { source(head, &["weight", "bias"]) };
        let normed = if affine { Some(head) } else { chain.norm };
        let norm = normed.and_then(|norm| source(norm, NORM));
        let eps = normed.and_then(|norm| self.norm(norm)).map_or(0.0, |norm| norm.eps);
        let step = &mut self.program.steps[step];
        (step.weight, step.norm, step.eps, step.bounds) = (weight, norm, eps, chain.bounds);
    }

    /// The buffer of a value in some layout.
    fn want(&mut self, value: ValueId, last: bool, op: usize) -> usize {
        let (buffer, layout) = self.held[&value];
        let shape = self.shape(value);
        let [channels, places] = match layout {
            Layout::Permuted(channels, places) => [channels, places],
            _ => channels_and_places(shape),
        };
        // A flattened value has no channels: it is plain, or as it lay.
        let last = last && !matches!(layout, Layout::Permuted(..));
        let is_last = layout != Layout::Plain;
        if is_last == last || channels <= 1 || places <= 1 {
            return buffer;
        }
        if let Some(copy) = self.copies.get(&(buffer, last)) {
            return *copy;
        }
        let kind = if last { Kind::ToLast { channels, places } } else { Kind::ToPlain { channels, places } };
        let copy = self.push(op, kind, [Some(buffer), None], shape.len());
        self.copies.insert((buffer, last), copy);
        copy
    }

    /// A chain that begins with `head`.
    fn fused(&mut self, head: usize, chain: &Chain) -> Option<()> {
        let (input, len) = (self.op(head).inputs[0], self.shape(chain.result).len());
        if let Some(conv) = self.conv(head) {
            let beside = chain.beside.map(|beside| self.want(beside, true, head));
            let (buffer, layout) = self.held[&input];
            let planar = layout == Layout::Plain;
            let work = Work::Conv { geometry: conv.geometry, planar };
            let write = self.push(head, Kind::Conv { planar }, [Some(buffer), beside], len);
            self.complete(work, head, chain);
            self.held.insert(chain.result, (write, Layout::Last));
        } else if let Some(linear) = self.linear(head) {
            let Linear { rows, in_features: inputs, out_features: outputs, .. } = linear;
            let beside = chain.beside.map(|beside| self.want(beside, false, head));
            let (buffer, permuted) = match self.held[&input] {
                (buffer, Layout::Permuted(channels, places)) => (buffer, [channels, places]),
                _ => (self.want(input, false, head), [1, 1]),
            };
            let work = Work::Linear { rows, inputs, outputs };
            let write = self.push(head, Kind::Linear { rows, inputs, outputs }, [Some(buffer), beside], len);
            self.complete(work, head, chain);
            self.program.steps.last_mut()?.permuted = permuted;
            self.held.insert(chain.result, (write, Layout::Plain));
        } else if self.norm(head).is_some() {
            let buffer = self.want(input, true, head);
            let [channels, places] = channels_and_places(self.shape(input));
            let write = self.push(head, Kind::Affine { channels, places }, [Some(buffer), None], len);
            self.complete(Work::Affine { channels, places }, head, chain);
            self.held.insert(chain.result, (write, Layout::Last));
        } else {
            let inputs = [input, self.op(head).inputs[1]];
            let last = inputs.iter().any(|input| self.held[input].1 == Layout::Last);
            let buffers = inputs.map(|input| Some(self.want(input, last, head)));
            let write = self.push(head, Kind::Arithmetic(len), buffers, len);
            self.program.steps.last_mut()?.bounds = chain.bounds;
            self.held.insert(chain.result, (write, if last { Layout::Last } else { Layout::Plain }));
        }
        Some(())
    }

    /// An operation on its own.
    fn single(&mut self, index: usize) -> Option<()> {
        let op = &self.context.network.ops[index];
        let input = *op.inputs.first()?;
        let len = self.shape(op.outputs[0]).len();
        if is_alias(op, false) {
            self.alias(index, input, op.outputs[0]);
        } else if op.entry.operation == "Pointwise" {
            let (buffer, layout) = self.held[&input];
            let write = self.push(index, Kind::Pointwise(len), [Some(buffer), None], len);
            self.held.insert(op.outputs[0], (write, layout));
        } else if op.entry.operation == "Pool" && op.outputs.len() == 1 {
            let buffer = self.want(input, true, index);
            let write = self.push(index, Kind::Pool, [Some(buffer), None], len);
            self.held.insert(op.outputs[0], (write, Layout::Last));
        } else {
            self.layer(index)?;
        }
        Some(())
    }

    /// The input's memory under another shape.
    fn alias(&mut self, op: usize, input: ValueId, output: ValueId) {
        let (buffer, layout) = self.held[&input];
        let (from, to) = (self.shape(input), self.shape(output));
        let held = if from == to {
            (buffer, layout)
        } else if to.rank() == 1 && layout == Layout::Last {
            let [channels, places] = channels_and_places(from);
            let trivial = channels <= 1 || places <= 1;
            (buffer, if trivial { Layout::Plain } else { Layout::Permuted(channels, places) })
        } else {
            (self.want(input, false, op), Layout::Plain)
        };
        self.held.insert(output, held);
    }

    /// A layer as it is.
    fn layer(&mut self, index: usize) -> Option<()> {
        let op = &self.context.network.ops[index];
        let reads: Vec<usize> = op.inputs.iter().map(|input| self.want(*input, false, index)).collect();
        if reads.len() > nn_shape::MAX_PIECES || op.outputs.len() > nn_shape::MAX_PIECES {
            return None;
        }
        let writes: Vec<usize> = op.outputs.iter().map(|output| self.arena(self.shape(*output).len())).collect();
        let now = self.program.steps.len() + 1;
        let recurrent = self.recurrent(index);
        let len = match &recurrent {
            Some(recurrent) => recurrent.recurrence().between(),
            None => self.context.facts.ops[index]?.needs.forward_scratch,
        };
        let scratch = (len > 0).then(|| {
            self.program.buffers.push(Buffer { len, place: Where::Arena(0), from: now, to: now });
            self.program.buffers.len() - 1
        });
        for buffer in &reads {
            self.program.buffers[*buffer].to = now;
        }
        for (output, buffer) in op.outputs.iter().zip(&writes) {
            self.held.insert(*output, (*buffer, Layout::Plain));
        }
        let place = self.program.layers.len();
        let kind = if recurrent.is_some() { Kind::Recurrent(place) } else { Kind::Layer(place) };
        let weight = recurrent.map(|recurrent| self.recurrent_sources(index, &recurrent));
        self.program.layers.push(LayerStep { op: index, reads, writes, scratch });
        self.program.steps.push(Step {
            kind,
            op: index,
            reads: [None, None],
            write: None,
            scratch: None,
            packed: self.packed,
            weight,
            norm: None,
            eps: 0.0,
            permuted: [1, 1],
            bounds: UNBOUNDED,
        });
        if let Some(recurrent) = recurrent {
            let work = Work::Recurrent { recurrence: recurrent.recurrence(), operands: place };
            self.packed = (self.packed + work.packed()).next_multiple_of(nn_shape::plan::ALIGN);
        }
        Some(())
    }

    /// The four parameters of each direction of each layer; gives the place of the first.
    fn recurrent_sources(&mut self, op: usize, recurrent: &Recurrent) -> usize {
        let (first, recurrence) = (self.program.sources.len(), recurrent.recurrence());
        let is_cell = self.op(op).entry.constructor.ends_with("_cell");
        for layer in 0..recurrence.layers {
            for direction in 0..recurrence.directions {
                let own = match layer.checked_sub(1) {
                    _ if is_cell => String::new(),
                    None => format!("first[{direction}]."),
                    Some(layer) => format!("deeper[{layer}][{direction}]."),
                };
                let fields = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
                self.program.sources.extend(fields.map(|field| (op, format!("{own}{field}"))));
            }
        }
        first
    }

    /// Brings the results to where they belong.
    fn results(&mut self) {
        let network = self.context.network;
        let last = network.ops.len().saturating_sub(1);
        for result in &network.results {
            let mut buffer = self.want(*result, false, last);
            let is_input = matches!(self.program.buffers[buffer].place, Where::Input | Where::Part(_));
            if network.results_tuple {
                if is_input {
                    let len = self.program.buffers[buffer].len;
                    buffer = self.push(last, Kind::Copy(len), [Some(buffer), None], len);
                }
                let end = self.program.steps.len() + 2;
                self.program.buffers[buffer].to = end;
                self.program.outputs.push(buffer);
                continue;
            }
            let steps = &self.program.steps;
            let reads = |step: &Step| step.reads.contains(&Some(buffer));
            let by_layer =
                self.program.layers.iter().any(|layer| layer.reads.contains(&buffer) || layer.writes.contains(&buffer));
            let direct = !is_input && !by_layer && !steps.iter().any(reads);
            let target = if direct {
                buffer
            } else {
                let len = self.program.buffers[buffer].len;
                self.push(last, Kind::Copy(len), [Some(buffer), None], len)
            };
            self.program.buffers[target].place = Where::Output;
        }
        // Several results wait for the end, whatever is copied meanwhile.
        let end = self.program.steps.len() + 1;
        for output in &self.program.outputs {
            self.program.buffers[*output].to = end;
        }
    }

    /// Gives each buffer its place.
    fn place(&mut self) {
        let buffers = &mut self.program.buffers;
        let lives: Vec<Life> = buffers
            .iter()
            .map(|buffer| {
                let len = if matches!(buffer.place, Where::Arena(_)) { buffer.len } else { 0 };
                Life { len, from: buffer.from, to: buffer.to }
            })
            .collect();
        let count = lives.len();
        let (mut offsets, mut order, mut placed) = (vec![0; count], vec![0; count], vec![0; count]);
        self.program.arena = nn_shape::plan::place(&lives, &mut offsets, &mut order, &mut placed);
        assert!(nn_shape::plan::is_sound(&lives, &offsets, self.program.arena), "two values share memory");
        for (buffer, offset) in buffers.iter_mut().zip(offsets) {
            if let Where::Arena(place) = &mut buffer.place {
                *place = offset;
            }
        }
        self.program.packed = self.packed;
    }
}

/// The first axis, and the product of the others.
fn channels_and_places(shape: Shape) -> [usize; 2] {
    if shape.rank() == 0 { [1, 1] } else { [shape.dim(0), shape.product(1, shape.rank())] }
}
