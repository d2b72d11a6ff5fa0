//! Running one operation: finds its operands in the planned memory and calls its layer. What `network!` emits is a list of these calls.

use nn_shape::plan::{Life, Plan};

use crate::{Backward, Element, Extra, Forward, Gradient, Layer, Memory, Random, Slot, Tensor};

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
    pub fn run<L: Layer<Element = E>, const R: usize, const O: usize>(
        &mut self,
        layer: &L,
        config: &L::Config,
        reads: [Place; R],
        writes: [Place; O],
        scratch: Slot,
    ) {
        let mut step = self.memory.step(reads.map(Place::slot), writes.map(Place::slot), Extra::scratch(scratch));
        let writes_output = writes.iter().any(|place| matches!(place, Place::Output));
        // An operation never reads what it writes.
        let (readable, mut writable): (&[E], &mut [E]) =
            if writes_output { (&[], &mut *self.output) } else { (&*self.output, &mut []) };
        for (read, place) in step.reads.iter_mut().zip(reads) {
            match place {
                Place::Input => *read = self.input,
                Place::Output => *read = readable,
                Place::Slot(_) => {}
            }
        }
        for (write, place) in step.writes.iter_mut().zip(writes) {
            if let Place::Output = place {
                *write = core::mem::take(&mut writable);
            }
        }
        layer.forward(
            config,
            Forward {
                batch: N,
                inputs: &step.reads,
                indices: &[],
                outputs: &mut step.writes,
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
}

/// A tensor, or a tuple of tensors: what goes into a network and comes out of it, one sample.
pub trait Sample: Copy {
    /// The element type.
    type Element: Copy;
    /// The elements of one tensor of the tuple.
    fn part(&self, part: usize) -> &[Self::Element];
    /// The elements of one tensor of the tuple.
    fn part_mut(&mut self, part: usize) -> &mut [Self::Element];
}

impl<T: Tensor> Sample for T {
    type Element = T::Element;
    fn part(&self, _part: usize) -> &[T::Element] {
        self.as_slice()
    }
    fn part_mut(&mut self, _part: usize) -> &mut [T::Element] {
        self.as_mut_slice()
    }
}

macro_rules! tuple_sample {
    ($first:ident $($name:ident $index:tt)*) => {
        impl<$first: Tensor, $($name: Tensor<Element = $first::Element>),*> Sample for ($first, $($name),*) {
            type Element = $first::Element;
            fn part(&self, part: usize) -> &[$first::Element] {
                match part {
                    $($index => self.$index.as_slice(),)*
                    _ => self.0.as_slice(),
                }
            }
            fn part_mut(&mut self, part: usize) -> &mut [$first::Element] {
                match part {
                    $($index => self.$index.as_mut_slice(),)*
                    _ => self.0.as_mut_slice(),
                }
            }
        }
    };
}

tuple_sample!(T0);
tuple_sample!(T0 T1 1);
tuple_sample!(T0 T1 1 T2 2);
tuple_sample!(T0 T1 1 T2 2 T3 3);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4 T5 5);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7);

/// Brings one tensor of each sample together.
pub fn gather<X: Sample>(samples: &[X], part: usize, to: &mut [X::Element]) {
    let len = to.len() / samples.len().max(1);
    for (sample, to) in samples.iter().zip(to.chunks_exact_mut(len.max(1))) {
        to.copy_from_slice(sample.part(part));
    }
}

/// Gives each sample its tensor.
pub fn scatter<X: Sample>(from: &[X::Element], part: usize, samples: &mut [X]) {
    let len = from.len() / samples.len().max(1);
    for (sample, from) in samples.iter_mut().zip(from.chunks_exact(len.max(1))) {
        sample.part_mut(part).copy_from_slice(from);
    }
}

/// Memory for training: the planned part, and the results and input gradients in the form that the user has them in.
#[repr(C)]
pub struct Tape<M, I, O, const N: usize> {
    /// The planned part.
    pub memory: M,
    /// What the last forward pass gave.
    pub output: [O; N],
    /// What the last backward pass gave.
    pub input_gradients: [I; N],
}

/// Bytes of a [`Tape`] for `n` samples.
pub const fn tape_bytes<E, I, O>(sample: usize, batch: usize, words: usize, n: usize) -> usize {
    let memory = crate::memory_bytes::<E>(sample, batch, words, n);
    (memory + n * (size_of::<I>() + size_of::<O>())).next_multiple_of(64)
}

/// A layer without parameters, for a function.
pub fn zeroed<L: crate::Zeroable>() -> L {
    L::zeroed()
}

// SAFETY: all parts are zeroable.
unsafe impl<M: crate::Zeroable, I: crate::Zeroable, O: crate::Zeroable, const N: usize> crate::Zeroable
    for Tape<M, I, O, N>
{
}

impl<E: Element, const S: usize, const B: usize, const W: usize, const N: usize, I, O>
    Tape<Memory<E, S, B, W, N>, I, O, N>
where
    I: Sample<Element = E>,
    O: Sample<Element = E>,
{
    /// Fixes what dropout and its like draw from here on.
    pub fn seed(&mut self, seed: u64) {
        self.memory.seed(seed);
    }

    /// Brings one of the network's inputs into its place.
    pub fn load(&mut self, input: &[I; N], part: usize, slot: Slot) {
        gather(input, part, self.memory.write(slot));
    }

    /// Gives the user one of the results.
    pub fn store(&mut self, part: usize, slot: Slot) {
        scatter(self.memory.read(slot), part, &mut self.output);
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
    pub fn forward<L: Layer<Element = E>, const R: usize, const O_: usize>(
        &mut self,
        layer: &mut L,
        config: &L::Config,
        random: &mut Random,
        reads: [Slot; R],
        writes: [Slot; O_],
        extra: Extra,
    ) {
        let mut step = self.memory.step(reads, writes, extra);
        layer.forward_train(
            config,
            Forward {
                batch: N,
                inputs: &step.reads,
                indices: &[],
                outputs: &mut step.writes,
                saved: step.saved,
                scratch: step.scratch,
                random,
            },
        );
    }

    /// Runs the backward pass of an operation with `inputs` inputs and `outputs` outputs. `reads` are its inputs, its outputs and the
    /// gradients of its outputs; `writes` the gradients of its inputs, each with whether it is wanted and fresh.
    #[allow(clippy::too_many_arguments)]
    pub fn backward<L: Layer<Element = E>, const R: usize, const G: usize>(
        &mut self,
        layer: &L,
        config: &L::Config,
        (inputs, outputs): (usize, usize),
        reads: [Slot; R],
        writes: [Slot; G],
        state: [(bool, bool); G],
        extra: Extra,
        gradients: Option<&mut L>,
    ) {
        let step = self.memory.step(reads, writes, extra);
        let mut index = 0;
        let mut input_gradients = step.writes.map(|values| {
            let (wanted, fresh) = state[index];
            index += 1;
            if wanted { Gradient::new(values, fresh) } else { Gradient::unwanted() }
        });
        let (values, output_gradients) = step.reads.split_at(inputs + outputs);
        layer.backward(
            config,
            Backward {
                batch: N,
                inputs: &values[..inputs],
                indices: &[],
                outputs: &values[inputs..],
                output_gradients,
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
        let step = self.memory.step([from], [to], Extra::NONE);
        let [to] = step.writes;
        for (to, from) in to.iter_mut().zip(step.reads[0]) {
            *to += *from;
        }
    }
}
