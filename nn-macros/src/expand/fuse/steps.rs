//! Steps, buffers, and where they lie.

use nn_shape::frozen::{UNBOUNDED, Work, is_laid_out, prefers_planes};
use nn_shape::plan::Life;
use nn_shape::{PadGeometry, Padding, Recurrent};

use super::moves::Pair;
use super::{Buffer, Chain, Fusion, Kind, LayerStep, Layout, Step, Where, channels_and_places};
use crate::ir::ValueId;
use crate::lives::is_alias;

impl Fusion<'_> {
    pub(super) fn buffer(&mut self, len: usize, place: Where) -> usize {
        let now = self.program.steps.len() + 1;
        let from = if self.program.steps.is_empty() { 0 } else { now };
        self.program.buffers.push(Buffer { len, place, from, to: now });
        self.program.buffers.len() - 1
    }

    pub(super) fn arena(&mut self, len: usize) -> usize {
        self.buffer(len, Where::Arena(0))
    }

    /// Adds a step that writes a new buffer, and gives the buffer.
    pub(super) fn push(&mut self, op: usize, kind: Kind, reads: [Option<usize>; 2], len: usize) -> usize {
        let write = self.arena(len);
        self.push_to(op, kind, reads, write);
        write
    }

    /// Adds a step that writes a buffer.
    pub(super) fn push_to(&mut self, op: usize, kind: Kind, reads: [Option<usize>; 2], write: usize) {
        let now = self.program.steps.len() + 1;
        self.program.buffers[write].to = now;
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
    }

    /// Room for the parameters of a step.
    fn take_packed(&mut self, work: &Work) {
        for (packed, len) in self.packed.iter_mut().zip([work.packed(), work.packed_squares()]) {
            *packed = (*packed + len).next_multiple_of(nn_shape::plan::ALIGN);
        }
    }

    /// Gives the step that was added last its working space and room for its parameters.
    pub(super) fn complete(&mut self, work: Work, head: usize, chain: &Chain) {
        let step = self.program.steps.len() - 1;
        if work.scratch() > 0 {
            let len = work.scratch();
            self.program.buffers.push(Buffer { len, place: Where::Arena(0), from: step + 1, to: step + 1 });
            self.program.steps[step].scratch = Some(self.program.buffers.len() - 1);
        }
        self.take_packed(&work);
        let mut source = |op: usize, fields: &[&'static str]| {
            let first = self.program.sources.len();
            self.program.sources.extend(fields.iter().map(|field| (op, field.to_string())));
            Some(first)
        };
        const NORM: &[&str] = &["running_mean", "running_var", "weight", "bias"];
        let affine = matches!(work, Work::Affine { .. });
        let has_weights = !affine && self.context.network.ops[head].layer.is_some();
        let weight = if has_weights { source(head, &["weight", "bias"]) } else { None };
        let normed = if affine { Some(head) } else { chain.norm };
        let norm = normed.and_then(|norm| source(norm, NORM));
        let eps = normed.and_then(|norm| self.norm(norm)).map_or(0.0, |norm| norm.eps);
        let step = &mut self.program.steps[step];
        (step.weight, step.norm, step.eps, step.bounds) = (weight, norm, eps, chain.bounds);
    }

    /// The buffer of a value in some layout.
    pub(super) fn want(&mut self, value: ValueId, last: bool, op: usize) -> usize {
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
        if let Some(copy) = self.copies.get(&(buffer, channels, last)) {
            return *copy;
        }
        let kind = if last { Kind::ToLast { channels, places } } else { Kind::ToPlain { channels, places } };
        let copy = self.push(op, kind, [Some(buffer), None], shape.len());
        self.copies.insert((buffer, channels, last), copy);
        copy
    }

    /// A chain that begins with `head`.
    pub(super) fn fused(&mut self, head: usize, chain: &Chain) -> Option<()> {
        let (input, len) = (self.op(head).inputs[0], self.shape(chain.result).len());
        if let Some(conv) = self.conv(head) {
            let (geometry, planar) = (conv.kernel_geometry(), self.held[&input].1 == Layout::Plain);
            let planes = prefers_planes(&geometry, planar, self.likes_plain(chain.result));
            let beside = chain.beside.map(|beside| self.want(beside, !planes, head));
            let mut buffer = if planes { self.want(input, false, head) } else { self.held[&input].0 };
            let mut laid_out = false;
            if conv.padding != Padding::Zeros {
                buffer = self.padded(head, &conv.pad_geometry(), [input, buffer], planar || planes);
            } else if !planar && !planes && is_laid_out(&geometry, false) {
                laid_out = self.surround(head, &conv.pad_geometry(), [input, buffer]);
            }
            let geometry = if laid_out { conv.laid_out_geometry() } else { geometry };
            let (kind, work) = if planes {
                (Kind::Planes, Work::Planes(geometry))
            } else {
                (Kind::Conv { planar, laid_out }, Work::Conv { geometry, planar })
            };
            let write = self.push(head, kind, [Some(buffer), beside], len);
            self.complete(work, head, chain);
            self.held.insert(chain.result, (write, if planes { Layout::Plain } else { Layout::Last }));
        } else if let Some(transposed) = self.transposed(head) {
            let beside = chain.beside.map(|beside| self.want(beside, true, head));
            let buffer = self.want(input, true, head);
            let write = self.push(head, Kind::Transposed, [Some(buffer), beside], len);
            self.complete(Work::Transposed(transposed.geometry), head, chain);
            self.held.insert(chain.result, (write, Layout::Last));
        } else if let Some((groups, eps)) = self.groups(head) {
            let beside = chain.beside.map(|beside| self.want(beside, true, head));
            let buffer = self.want(input, true, head);
            let [channels, places] = channels_and_places(self.shape(input));
            let (groups, around) = (groups.count, PadGeometry::nothing(channels, places));
            let kind = Kind::Norm { channels, places, groups, eps, around: None };
            let write = self.push(head, kind, [Some(buffer), beside], len);
            self.complete(Work::Norm { around, value: 0.0, groups, eps }, head, chain);
            self.held.insert(chain.result, (write, Layout::Last));
        } else if let Some((pair, outputs)) = self.joined_row(head).filter(|_| !self.held.contains_key(&input)) {
            let buffers = pair.values.map(|value| Some(self.want(value, false, head)));
            let Pair { lines, sizes, .. } = pair;
            let write = self.push(head, Kind::Joined { lines, sizes, outputs }, buffers, len);
            self.complete(Work::Joined { lines, sizes, outputs }, head, chain);
            self.held.insert(chain.result, (write, Layout::Plain));
        } else if let Some([rows, inputs, outputs]) = self.linear(head) {
            // Its input and its result have channels, which lie last wherever there are several places.
            let convolves = self.op(head).entry.operation == "Conv";
            let beside = chain.beside.map(|beside| self.want(beside, false, head));
            let (buffer, permuted) = match self.held[&input] {
                (buffer, Layout::Permuted(channels, places)) => (buffer, [channels, places]),
                (buffer, Layout::Last) if convolves => (buffer, channels_and_places(self.shape(input))),
                _ => (self.want(input, false, head), [1, 1]),
            };
            let work = Work::Linear { rows, inputs, outputs };
            let write = self.push(head, Kind::Linear { rows, inputs, outputs }, [Some(buffer), beside], len);
            self.complete(work, head, chain);
            self.program.steps.last_mut()?.permuted = permuted;
            self.held.insert(chain.result, (write, if convolves { Layout::Last } else { Layout::Plain }));
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

    /// A value, and its buffer, with the padding of an operation around: another buffer.
    fn padded(&mut self, op: usize, geometry: &PadGeometry, [value, buffer]: [usize; 2], planar: bool) -> usize {
        if !planar && self.surround(op, geometry, [value, buffer]) {
            return buffer;
        }
        self.push(op, Kind::Pad { planar }, [Some(buffer), None], geometry.output_len())
    }

    /// Puts the padding of an operation around its input, channels last, where the step in front of it can, and nobody else reads it.
    fn surround(&mut self, op: usize, geometry: &PadGeometry, [value, buffer]: [usize; 2]) -> bool {
        let names = self.held.values().filter(|(other, _)| *other == buffer).count();
        let only = names == 1 && self.only_reader(value) == Some(op) && geometry.only_adds();
        let Some(step) = self.program.steps.last_mut() else { return false };
        if let Kind::Norm { around: around @ None, .. } = &mut step.kind
            && only
            && step.write == Some(buffer)
        {
            *around = Some(op);
            self.program.buffers[buffer].len = geometry.output_len();
            return true;
        }
        false
    }

    /// An operation on its own.
    pub(super) fn single(&mut self, index: usize) -> Option<()> {
        let op = &self.context.network.ops[index];
        let len = self.shape(op.outputs[0]).len();
        let Some(&input) = op.inputs.first() else { return self.own_numbers(index, len) };
        // A value in pieces has no layout; who reads those only moves numbers.
        let is_last = self.held.get(&input).is_some_and(|(_, layout)| *layout == Layout::Last);
        if is_alias(self.context.network, op, false) {
            self.alias(index, input, op.outputs[0]);
        } else if op.entry.operation == "Pointwise" {
            let (buffer, layout) = self.held[&input];
            let write = self.push(index, Kind::Pointwise(len), [Some(buffer), None], len);
            self.held.insert(op.outputs[0], (write, layout));
        } else if let Some(pad) = self.pad(index) {
            let planar = !is_last;
            let buffer = self.want(input, !planar, index);
            let write = self.padded(index, &pad.by_channel(), [input, buffer], planar);
            self.held.insert(op.outputs[0], (write, if planar { Layout::Plain } else { Layout::Last }));
        } else if is_last && self.resamples(index) {
            let write = self.push(index, Kind::Resample, [Some(self.held[&input].0), None], len);
            self.held.insert(op.outputs[0], (write, Layout::Last));
        } else if is_last && self.shuffles(index) {
            let write = self.push(index, Kind::Move(len), [Some(self.held[&input].0), None], len);
            self.held.insert(op.outputs[0], (write, Layout::Last));
        } else if op.entry.operation == "Pool" && op.outputs.len() == 1 {
            let planar = self.held[&input].1 == Layout::Plain && self.likes_plain(op.outputs[0]);
            let buffer = self.want(input, !planar, index);
            let write = self.push(index, Kind::Pool { planar }, [Some(buffer), None], len);
            self.held.insert(op.outputs[0], (write, if planar { Layout::Plain } else { Layout::Last }));
        } else if !self.moves(index) {
            self.layer(index)?;
        }
        Some(())
    }

    /// A parameter or a buffer of the network itself.
    fn own_numbers(&mut self, index: usize, len: usize) -> Option<()> {
        let op = self.op(index);
        if op.entry.operation != "Held" {
            return self.layer(index);
        }
        let output = op.outputs[0];
        let write = self.push(index, Kind::Held(len), [None, None], len);
        self.program.steps.last_mut()?.weight = Some(self.program.sources.len());
        self.program.sources.push((index, "value".to_string()));
        self.take_packed(&Work::Held(len));
        self.held.insert(output, (write, Layout::Plain));
        Some(())
    }

    /// The input's memory under another shape.
    pub(super) fn alias(&mut self, op: usize, input: ValueId, output: ValueId) {
        let (buffer, layout) = self.held[&input];
        let (from, to) = (self.shape(input), self.shape(output));
        let held = if from == to {
            (buffer, layout)
        } else if to.rank() == 1 && layout == Layout::Last {
            let [channels, places] = channels_and_places(from);
            let trivial = channels <= 1 || places <= 1;
            (buffer, if trivial { Layout::Plain } else { Layout::Permuted(channels, places) })
        } else if to.rank() > 1 && to.dim(0) == from.dim(0) && layout == Layout::Last {
            (buffer, Layout::Last)
        } else {
            (self.want(input, false, op), Layout::Plain)
        };
        self.held.insert(output, held);
    }

    /// A layer as it is.
    pub(super) fn layer(&mut self, index: usize) -> Option<()> {
        let op = &self.context.network.ops[index];
        // What does the same with each number does not mind how they lie.
        let layout = if self.is_of_numbers(index) { self.held[&op.inputs[0]].1 } else { Layout::Plain };
        let reads: Vec<usize> = match layout {
            Layout::Plain => op.inputs.iter().map(|input| self.want(*input, false, index)).collect(),
            _ => op.inputs.iter().map(|input| self.held[input].0).collect(),
        };
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
            self.held.insert(*output, (*buffer, layout));
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
            self.take_packed(&work);
        }
        Some(())
    }

    /// The four parameters of each direction of each layer; gives the place of the first.
    pub(super) fn recurrent_sources(&mut self, op: usize, recurrent: &Recurrent) -> usize {
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

    /// Brings the results to where they belong: what nobody reads is written there at once.
    pub(super) fn results(&mut self) {
        let network = self.context.network;
        let last = network.ops.len().saturating_sub(1);
        let buffers: Vec<usize> = network.results.iter().map(|result| self.want(*result, false, last)).collect();
        for (part, mut buffer) in buffers.iter().copied().enumerate() {
            let once = buffers.iter().filter(|other| **other == buffer).count() == 1;
            let by_step = self.program.steps.iter().any(|step| step.reads.contains(&Some(buffer)));
            let by_layer = self.program.layers.iter().any(|layer| layer.reads.contains(&buffer));
            let in_arena = matches!(self.program.buffers[buffer].place, Where::Arena(_));
            if by_step || by_layer || !in_arena || !once {
                let len = self.program.buffers[buffer].len;
                buffer = self.push(last, Kind::Copy(len), [Some(buffer), None], len);
            }
            self.program.buffers[buffer].place =
                if network.results_tuple { Where::Result(part) } else { Where::Output };
        }
    }

    /// Gives each buffer its place.
    pub(super) fn place(&mut self) {
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
