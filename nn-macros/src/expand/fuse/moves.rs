//! Operations that only move numbers: copies of runs, or another way of looking at the same memory.

use nn_shape::frozen::{Runs, joins};
use nn_shape::{Join, Permute, Shape, Split, Take};

use super::{Fusion, Kind, Layout, channels_and_places};
use crate::ir::ValueId;

/// Parts of a value along one of its axes.
pub(super) struct Parts {
    axis: usize,
    /// Where each begins, and its size.
    parts: Vec<[usize; 2]>,
}

/// Two plain values that a `cat` lays side by side, line by line.
pub(super) struct Pair {
    pub(super) values: [ValueId; 2],
    pub(super) lines: usize,
    /// Numbers of a line of each.
    pub(super) sizes: [usize; 2],
    axis: usize,
}

/// The product of the axes in front of one, its size, the product of those behind it, in the order in which the value lies.
fn around(shape: Shape, axis: usize, last: bool) -> [usize; 3] {
    let (front, size, behind) = (shape.product(0, axis), shape.dim(axis), shape.product(axis + 1, shape.rank()));
    match (last, axis) {
        (false, _) => [front, size, behind],
        (true, 0) => [behind, size, 1],
        (true, _) => [front / shape.dim(0).max(1), size, behind * shape.dim(0)],
    }
}

impl Fusion<'_> {
    /// What `narrow`, `select`, `chunk` and `split` take of their input.
    pub(super) fn parts(&self, op: usize) -> Option<Parts> {
        let entry = self.op(op).entry;
        let take = match (entry.operation, entry.constructor) {
            ("Take", "narrow") => Take::narrow,
            ("Take", "select") => Take::select,
            ("Split", constructor) => {
                let (args, inputs) = self.arguments(op)?;
                let new = if constructor == "chunk" { Split::chunk } else { Split::split };
                let split = new(entry.axes, &args, &inputs);
                let mut start = 0;
                let part = |index| {
                    start += split.piece(index);
                    [start - split.piece(index), split.piece(index)]
                };
                return Some(Parts { axis: split.axis?, parts: (0..split.outputs()).map(part).collect() });
            }
            _ => return None,
        };
        let (args, inputs) = self.arguments(op)?;
        let take = take(entry.axes, &args, &inputs);
        let axis = take.part()?;
        Some(Parts { axis, parts: vec![[take.axes[axis].start, take.axes[axis].output]] })
    }

    /// Values that are laid side by side.
    pub(super) fn join(&self, op: usize) -> Option<Join> {
        let entry = self.op(op).entry;
        let new = match (entry.operation, entry.constructor) {
            ("Join", "cat") => Join::cat,
            ("Join", "stack") => Join::stack,
            _ => return None,
        };
        let (args, inputs) = self.arguments(op)?;
        Some(new(entry.axes, &args, &inputs))
    }

    /// Values that are laid side by side along their channels, of which each has several places.
    pub(super) fn joins_channels(&self, op: usize) -> bool {
        self.op(op).entry.constructor == "cat" && self.join(op).is_some_and(|join| join.axis == 0 && join.inner > 1)
    }

    /// What a value is a `cat` of, if that is two plain values.
    fn pair(&self, value: ValueId) -> Option<Pair> {
        let op = self.context.network.ops.iter().position(|op| op.outputs.contains(&value))?;
        let join = self.join(op).filter(|_| self.op(op).entry.constructor == "cat")?;
        let values: [ValueId; 2] = self.op(op).inputs.as_slice().try_into().ok()?;
        let is_plain = |value: &ValueId| self.held.get(value).is_some_and(|(_, layout)| *layout == Layout::Plain);
        if !values.iter().all(is_plain) {
            return None;
        }
        let [lines, _, behind] = around(self.shape(values[0]), join.axis, false);
        let sizes = [join.sizes[0] * behind, join.sizes[1] * behind];
        Some(Pair { values, lines, sizes, axis: join.axis })
    }

    /// A linear layer over one row, or a convolution that is one, which reads two values where they lie, and its outputs.
    pub(super) fn joined_row(&self, head: usize) -> Option<(Pair, usize)> {
        let [rows, inputs, outputs] = self.linear(head)?;
        let pair = self.pair(self.op(head).inputs[0])?;
        let adds = self.chains.values().any(|(first, chain)| *first == head && chain.beside.is_some());
        (rows == 1 && joins(inputs, outputs) && !adds).then_some((pair, outputs))
    }

    /// The pair whose last numbers an operation takes, as many of each line as the first value has.
    fn shifted(&self, op: usize) -> Option<Pair> {
        let pair = self.pair(*self.op(op).inputs.first()?)?;
        let Parts { axis, parts } = self.parts(op)?;
        let [first, second] = pair.values.map(|value| self.shape(value).dim(pair.axis));
        (axis == pair.axis && parts == [[second, first]] && second < first).then_some(pair)
    }

    /// Whether nobody needs a value in one piece.
    fn stays_in_pieces(&self, value: ValueId) -> bool {
        let network = self.context.network;
        let mut readers = network.ops.iter().enumerate().filter(|(_, op)| op.inputs.contains(&value));
        !network.results.contains(&value)
            && readers.all(|(reader, _)| self.shifted(reader).is_some() || self.joined_row(reader).is_some())
    }

    /// Adds the steps of an operation that only moves numbers; false for others.
    pub(super) fn moves(&mut self, op: usize) -> bool {
        if let Some(Pair { values, lines, sizes: [len, new], .. }) = self.shifted(op) {
            let (buffers, output) = (values.map(|value| Some(self.want(value, false, op))), self.op(op).outputs[0]);
            let write = self.push(op, Kind::Shift { lines, len, new }, buffers, lines * len);
            self.held.insert(output, (write, Layout::Plain));
        } else if let Some(parts) = self.parts(op) {
            self.taken(op, &parts);
        } else if let Some(join) = self.join(op) {
            self.joined(op, &join);
        } else if let Some(permute) = self.permute(op) {
            self.permuted(op, &permute);
        } else {
            return false;
        }
        true
    }

    fn permute(&self, op: usize) -> Option<Permute> {
        let entry = self.op(op).entry;
        let new = match (entry.operation, entry.constructor) {
            ("Permute", "permute") => Permute::permute,
            ("Permute", "transpose") => Permute::transpose,
            _ => return None,
        };
        let (args, inputs) = self.arguments(op)?;
        Some(new(entry.axes, &args, &inputs))
    }

    /// Each part is copied from where it lies.
    fn taken(&mut self, op: usize, Parts { axis, parts }: &Parts) {
        let network = self.context.network;
        let (input, outputs) = (network.ops[op].inputs[0], &network.ops[op].outputs);
        let last = self.held[&input].1 == Layout::Last;
        let buffer = self.want(input, last, op);
        let [front, size, behind] = around(self.shape(input), *axis, last);
        for (output, [start, part]) in outputs.iter().zip(parts) {
            let shape = self.shape(*output);
            let (len, apart) = (part * behind, size * behind);
            let runs = Runs::new(front, len, [start * behind, apart], [0, len]);
            let write = self.push(op, Kind::Runs(runs), [Some(buffer), None], shape.len());
            // `select` may have taken the channels away, or all other axes.
            let has_channels = *axis > 0 || shape.rank() == self.shape(input).rank();
            let is_last = last && has_channels && shape.rank() > 1;
            self.held.insert(*output, (write, if is_last { Layout::Last } else { Layout::Plain }));
        }
    }

    /// Whether values are joined as they lie, channels last: along their channels if one of them lies so, along another axis if all do.
    fn joins_last(&self, op: usize) -> bool {
        let layouts: Vec<Layout> = self.op(op).inputs.iter().map(|input| self.held[input].1).collect();
        let is_last = |layout: &Layout| *layout == Layout::Last;
        match self.op(op).entry.constructor {
            "cat" if self.joins_channels(op) => layouts.iter().any(is_last),
            "cat" => layouts.iter().all(is_last),
            _ => false,
        }
    }

    /// Each value is copied to its part of the whole.
    fn joined(&mut self, op: usize, join: &Join) {
        let network = self.context.network;
        if self.stays_in_pieces(network.ops[op].outputs[0]) {
            return;
        }
        let (inputs, output): (&[ValueId], _) = (&network.ops[op].inputs, network.ops[op].outputs[0]);
        let (last, is_stack) = (self.joins_last(op), network.ops[op].entry.constructor == "stack");
        let mut write = None;
        let mut at = 0;
        for (input, size) in inputs.iter().zip(join.sizes) {
            let from = self.want(*input, last, op);
            // What is copied to another layout first is copied before the whole begins to live.
            let whole = *write.get_or_insert_with(|| self.arena(self.shape(output).len()));
            let [front, _, behind] = match is_stack {
                true => [join.outer, 1, join.inner],
                false => around(self.shape(*input), join.axis, last),
            };
            let len = size * behind;
            let runs = Runs::new(front, len, [0, len], [at * behind, join.total() * behind]);
            self.push_to(op, Kind::Runs(runs), [Some(from), None], whole);
            at += size;
        }
        if let Some(write) = write {
            self.held.insert(output, (write, if last { Layout::Last } else { Layout::Plain }));
        }
    }

    /// The axes in another order: where channels go behind all other axes, or come from there, the numbers stay where they are.
    fn permuted(&mut self, op: usize, permute: &Permute) {
        let network = self.context.network;
        let (input, output) = (network.ops[op].inputs[0], network.ops[op].outputs[0]);
        let (walk, len) = (&permute.walk, self.shape(output).len());
        let is_turned = walk.rank == 2;
        let sizes = [walk.sizes[0], walk.sizes[1]];
        let (buffer, layout) = self.held[&input];
        let held = if walk.rank < 2 {
            (self.want(input, false, op), Layout::Plain)
        } else if is_turned && layout == Layout::Last && channels_and_places(self.shape(input)) == [sizes[1], sizes[0]]
        {
            (buffer, Layout::Plain)
        } else if is_turned && layout == Layout::Plain && channels_and_places(self.shape(output)) == sizes {
            (buffer, Layout::Last)
        } else {
            let from = self.want(input, false, op);
            let kind = match is_turned {
                true => Kind::ToLast { channels: sizes[1], places: sizes[0] },
                false => Kind::Permute(len),
            };
            (self.push(op, kind, [Some(from), None], len), Layout::Plain)
        };
        self.held.insert(output, held);
    }
}
