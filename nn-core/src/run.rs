//! Running one operation: finds its operands in the planned memory and calls its layer. What `network!` emits is a list of these calls.

use nn_shape::plan::{Life, Plan};

use crate::sample::{Sample, gather, gather_indices, scatter, scatter_indices};
use crate::{Backward, Content, Element, Extra, Forward, Gradient, Layer, Memory, Random, Slot, Slots, Words};

/// The slot of each buffer of a plan, for each sample.
pub const fn sample_slots<const COUNT: usize>(lives: &[Life; COUNT], plan: &Plan<COUNT>) -> [Slot; COUNT] {
    let mut slots = [Slot::EMPTY; COUNT];
    let mut i = 0;
    while i < COUNT {
        slots[i] = Slot::sample(plan.offsets[i], lives[i].len);
        i += 1;
    }
    slots
}

/// The slot of each buffer of a plan, once for the batch.
pub const fn batch_slots<const COUNT: usize>(lives: &[Life; COUNT], plan: &Plan<COUNT>) -> [Slot; COUNT] {
    let mut slots = [Slot::EMPTY; COUNT];
    let mut i = 0;
    while i < COUNT {
        slots[i] = Slot::batch(plan.offsets[i], lives[i].len);
        i += 1;
    }
    slots
}

/// The last of several steps, of those that count.
pub const fn latest(steps: &[(usize, bool)]) -> usize {
    let mut latest = 0;
    let mut i = 0;
    while i < steps.len() {
        if steps[i].1 && steps[i].0 > latest {
            latest = steps[i].0;
        }
        i += 1;
    }
    latest
}

/// Where an operand lies in evaluation.
#[derive(Clone, Copy)]
pub enum Place {
    /// In the user's input.
    Input,
    /// In the user's output.
    Output,
    /// In the workspace.
    Slot(Slot),
}

impl Place {
    const fn slot(self) -> Slot {
        match self {
            Place::Slot(slot) => slot,
            Place::Input | Place::Output => Slot::EMPTY,
        }
    }
}

/// The operands of one operation in evaluation.
#[derive(Clone, Copy)]
pub struct Operands<const R: usize, const O: usize, const IR: usize, const IW: usize> {
    reads: [Place; R],
    writes: [Place; O],
    /// Those that lie in the workspace; the others are empty.
    slots: Slots<R, O, IR, IW>,
}

impl<const R: usize, const O: usize, const IR: usize, const IW: usize> Operands<R, O, IR, IW> {
    /// The operands of an operation.
    ///
    /// # Panics
    /// As [`Slots::new`].
    pub const fn new(reads: [Place; R], writes: [Place; O], indices: Words<IR, IW>, scratch: Slot) -> Self {
        let slots = Slots::new(slots(&reads), slots(&writes), indices, Extra::scratch(scratch));
        Operands { reads, writes, slots }
    }
}

const fn slots<const COUNT: usize>(places: &[Place; COUNT]) -> [Slot; COUNT] {
    let mut slots = [Slot::EMPTY; COUNT];
    let mut i = 0;
    while i < COUNT {
        slots[i] = places[i].slot();
        i += 1;
    }
    slots
}

/// An evaluation under way.
pub struct Evaluation<'a, E, const S: usize, const B: usize, const W: usize, const N: usize> {
    /// The workspace.
    pub memory: &'a mut Memory<E, S, B, W, N>,
    /// The user's input, if it is one tensor.
    pub input: &'a [E],
    /// The user's output, if it is one tensor.
    pub output: &'a mut [E],
    /// Not drawn from.
    pub random: Random,
}

impl<E: Element, const S: usize, const B: usize, const W: usize, const N: usize> Evaluation<'_, E, S, B, W, N> {
    /// Runs an operation.
    pub fn run<L: Layer<Element = E>, const R: usize, const O: usize, const IR: usize, const IW: usize>(
        &mut self,
        layer: &L,
        config: &L::Config,
        operands: &Operands<R, O, IR, IW>,
    ) {
        let mut step = self.memory.step(&operands.slots);
        // Loops over indices: debug builds compile them as they stand.
        let (mut output, mut i) = (Some(&mut *self.output), 0);
        while i < O {
            if let Place::Output = operands.writes[i]
                && let Some(output) = output.take()
            {
                step.writes[i] = output;
            }
            i += 1;
        }
        // An operation never reads what it writes.
        let readable: &[E] = match output {
            Some(output) => output,
            None => &[],
        };
        i = 0;
        while i < R {
            match operands.reads[i] {
                Place::Input => step.reads[i] = self.input,
                Place::Output => step.reads[i] = readable,
                Place::Slot(_) => {}
            }
            i += 1;
        }
        layer.forward(
            config,
            Forward {
                batch: N,
                inputs: &step.reads,
                indices: &step.index_reads,
                outputs: &mut step.writes,
                index_outputs: &mut step.index_writes,
                saved: step.saved,
                scratch: step.scratch,
                random: &mut self.random,
            },
        );
    }

    /// Copies an operand out.
    pub fn read(&mut self, place: Place) -> &[E] {
        match place {
            Place::Input => self.input,
            Place::Output => self.output,
            Place::Slot(slot) => self.memory.read(slot),
        }
    }

    /// Brings one of the inputs into its place.
    pub fn load_indices<X: Sample<E>>(&mut self, input: &[X; N], part: usize, slot: Slot) {
        gather_indices(input, part, self.memory.write_indices(slot));
    }

    /// Gives the user one of the results.
    pub fn store_indices<X: Sample<E>>(&mut self, slot: Slot, part: usize, output: &mut [X; N]) {
        scatter_indices(self.memory.read_indices(slot), part, output);
    }
}

/// Memory for training: the planned part, and the results and input gradients in the form that the user has them in.
#[repr(C)]
pub struct Tape<M, G, O, const N: usize> {
    /// The planned part.
    pub memory: M,
    /// What the last forward pass gave.
    pub output: [O; N],
    /// What the last backward pass gave.
    pub input_gradients: [G; N],
}

/// Bytes of a [`Tape`] for `n` samples.
pub const fn tape_bytes<E, G, O>(sample: usize, batch: usize, words: usize, n: usize) -> usize {
    let memory = crate::memory_bytes::<E>(sample, batch, words, n);
    (memory + n * (size_of::<G>() + size_of::<O>())).next_multiple_of(64)
}

/// A layer without parameters, for a function.
pub fn zeroed<L: crate::Zeroable>() -> L {
    L::zeroed()
}

// SAFETY: all parts are zeroable.
unsafe impl<M: crate::Zeroable, G: crate::Zeroable, O: crate::Zeroable, const N: usize> crate::Zeroable
    for Tape<M, G, O, N>
{
}

impl<E: Element, const S: usize, const B: usize, const W: usize, const N: usize, G, O>
    Tape<Memory<E, S, B, W, N>, G, O, N>
where
    G: Sample<E>,
    O: Sample<E>,
{
    /// Fixes what dropout and its like draw from here on.
    pub fn seed(&mut self, seed: u64) {
        self.memory.seed(seed);
    }

    /// Begins a backward pass.
    ///
    /// # Panics
    /// If there is no forward pass in front of it: the gradients take the memory of values, so there is one backward pass for each.
    #[track_caller]
    pub fn use_up(&mut self) {
        assert!(
            self.memory.use_up(),
            "this tape holds no forward pass: `forward_train` fills it for one backward pass, which uses it up"
        );
    }

    /// Brings one of the network's inputs into its place.
    pub fn load<I: Sample<E>>(&mut self, input: &[I; N], part: usize, slot: Slot) {
        gather(input, part, self.memory.write(slot));
    }

    /// Brings one of the network's inputs, which holds indices, into its place.
    pub fn load_indices<I: Sample<E>>(&mut self, input: &[I; N], part: usize, slot: Slot) {
        gather_indices(input, part, self.memory.write_indices(slot));
    }

    /// Gives the user one of the results.
    pub fn store(&mut self, part: usize, slot: Slot) {
        scatter(self.memory.read(slot), part, &mut self.output);
    }

    /// Gives the user one of the results, which holds indices.
    pub fn store_indices(&mut self, part: usize, slot: Slot) {
        scatter_indices(self.memory.read_indices(slot), part, &mut self.output);
    }

    /// Brings the gradient of one of the results into its place.
    pub fn load_gradient(&mut self, gradients: &[O; N], part: usize, slot: Slot, fresh: bool) {
        let to = self.memory.write(slot);
        if fresh {
            return gather(gradients, part, to);
        }
        let len = to.len() / N.max(1);
        for (sample, to) in gradients.iter().zip(to.chunks_exact_mut(len.max(1))) {
            for (to, from) in to.iter_mut().zip(sample.part(part)) {
                *to += *from;
            }
        }
    }

    /// Gives the user the gradient of one of the inputs; zero if nothing depends on it.
    pub fn store_gradient(&mut self, part: usize, slot: Option<Slot>) {
        match slot {
            Some(slot) => scatter(self.memory.read(slot), part, &mut self.input_gradients),
            None => self.input_gradients.iter_mut().for_each(|sample| sample.part_mut(part).fill(E::ZERO)),
        }
    }

    /// Runs an operation in training mode.
    pub fn forward<L: Layer<Element = E>, const R: usize, const O_: usize, const IR: usize, const IW: usize>(
        &mut self,
        layer: &mut L,
        config: &L::Config,
        random: &mut Random,
        slots: &Slots<R, O_, IR, IW>,
    ) {
        let mut step = self.memory.step(slots);
        layer.forward_train(
            config,
            Forward {
                batch: N,
                inputs: &step.reads,
                indices: &step.index_reads,
                outputs: &mut step.writes,
                index_outputs: &mut step.index_writes,
                saved: step.saved,
                scratch: step.scratch,
                random,
            },
        );
    }

    /// Runs the backward pass of an operation with `inputs` inputs and `outputs` outputs that hold numbers, and `index_inputs` inputs that hold
    /// indices. It reads those inputs, those outputs and the gradients of those outputs, and its inputs and then its outputs that hold indices; it
    /// writes the gradients of those inputs, each with whether it is wanted and what is there in `state`. `gradients` are those of the parameters, and whether
    /// they are fresh.
    pub fn backward<L: Layer<Element = E>, const R: usize, const G_: usize, const IR: usize>(
        &mut self,
        layer: &L,
        config: &L::Config,
        (inputs, outputs, index_inputs): (usize, usize, usize),
        slots: &Slots<R, G_, IR, 0>,
        state: [(bool, Content); G_],
        (mut gradients, mut fresh): (Option<&mut L>, bool),
    ) {
        if fresh
            && !L::WRITES_GRADIENTS
            && let Some(gradients) = &mut gradients
        {
            gradients.set_zero();
            fresh = false;
        }
        let mut step = self.memory.step(slots);
        // Loops over indices: debug builds compile them as they stand.
        let (mut input_gradients, mut i) = ([const { Gradient::unwanted() }; G_], 0);
        while i < G_ {
            let (wanted, content) = state[i];
            if wanted {
                input_gradients[i] = Gradient::with(core::mem::take(&mut step.writes[i]), content);
            }
            i += 1;
        }
        let (values, output_gradients) = step.reads.split_at(inputs + outputs);
        let (indices, index_outputs) = step.index_reads.split_at(index_inputs);
        layer.backward(
            config,
            Backward {
                batch: N,
                inputs: &values[..inputs],
                indices,
                outputs: &values[inputs..],
                index_outputs,
                output_gradients,
                fresh,
                input_gradients: &mut input_gradients,
                saved: step.saved,
                scratch: step.scratch,
            },
            gradients,
        );
    }

    /// Sets a gradient that nobody gave to zero.
    pub fn zero(&mut self, slot: Slot) {
        self.memory.write(slot).fill(E::ZERO);
    }

    /// Adds the second gradient of a value that an operation took twice.
    pub fn add(&mut self, from: Slot, to: Slot) {
        let step = self.memory.step(&Slots::new([from], [to], Words::NONE, Extra::NONE));
        let [to] = step.writes;
        for (to, from) in to.iter_mut().zip(step.reads[0]) {
            *to += *from;
        }
    }
}
