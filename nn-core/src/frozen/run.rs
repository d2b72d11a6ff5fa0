//! Runs a program: one loop over its steps, each of which the function of its kind does.

use core::ops::Range;

use nn_shape::frozen::{Kind, Place, Sizes, Step, Work};

use super::Program;
use super::conv::SIDE;
use super::kind::{ByKind, PackStep, Packing, RunStep, Running};
use super::pack::Parameters;
use crate::simd::Isa;
use crate::{Element, Float, Forward, Saved, Workers};

/// What a frozen network runs on.
pub struct Memory<'a, E> {
    /// The packed parameters.
    pub packed: &'a [E],
    /// Whether convolutions may be done in squares: where parameters lie depends on it.
    pub squares: bool,
    /// Values and working space.
    pub arena: &'a mut [E],
    /// The tensors of the network's input.
    pub inputs: &'a [&'a [E]],
    /// The tensors of the network's output.
    pub outputs: &'a mut [&'a mut [E]],
}

/// Runs the layer of an operation as it is.
pub type RunLayer<'a, E> = dyn FnMut(usize, Forward<'_, E>) + 'a;

/// The most inputs and outputs of a layer that runs as it is.
const OPERANDS: usize = nn_shape::MAX_PIECES;

/// The operands of a layer.
pub(super) struct LayerOperands<'a, E, const N: usize> {
    pub(super) reads: [&'a [E]; N],
    pub(super) writes: [&'a mut [E]; N],
    pub(super) scratch: &'a mut [E],
    /// How many inputs and outputs there are.
    pub(super) counts: [usize; 2],
}

impl<'a, E> LayerOperands<'a, E, 0> {
    /// Cuts at most `N` inputs and outputs of a program's layer from the arena.
    ///
    /// # Panics
    /// If the program has no such layer, or the arena is too small for the program.
    #[inline(always)]
    pub(super) fn cut<const N: usize>(
        program: Program<'_>,
        layer: usize,
        inputs: &[&'a [E]],
        arena: &'a mut [E],
        outputs: &'a mut [&mut [E]],
    ) -> LayerOperands<'a, E, N> {
        let step = &program.layers()[layer];
        assert!(program.arena() <= arena.len(), "the arena of a frozen network");
        let base = arena.as_mut_ptr();
        let mut reads = [&[][..]; N];
        for (to, (place, count)) in reads.iter_mut().zip(step.reads) {
            *to = match place {
                // SAFETY: the range lies in what the program uses of the arena, borrowed mutably until the end, and meets nothing that the
                // layer writes: that is what a program stands for.
                Place::Arena(offset) => unsafe { core::slice::from_raw_parts(base.add(*offset), *count) },
                Place::Part(part) => &inputs[*part][..*count],
                _ => &inputs[0][..*count],
            };
        }
        let mut writes: [&mut [E]; N] = core::array::from_fn(|_| &mut [][..]);
        for (to, (place, count)) in writes.iter_mut().zip(step.writes) {
            let first = match place {
                // SAFETY: the place lies in the arena, as above.
                Place::Arena(offset) => unsafe { base.add(*offset) },
                Place::Result(part) => outputs[*part][..*count].as_mut_ptr(),
                Place::Output => outputs[0][..*count].as_mut_ptr(),
                Place::None | Place::Input | Place::Part(_) => continue,
            };
            // SAFETY: what is written meets nothing else, as above; an output is as long as that, and written once.
            *to = unsafe { core::slice::from_raw_parts_mut(first, *count) };
        }
        // SAFETY: as above.
        let scratch = unsafe { core::slice::from_raw_parts_mut(base.add(step.scratch.0), step.scratch.1) };
        LayerOperands { reads, writes, scratch, counts: [step.reads.len(), step.writes.len()] }
    }
}

/// The operands of one step.
pub(super) struct Operands<'a, E> {
    pub(super) inputs: [&'a [E]; 2],
    pub(super) output: &'a mut [E],
    pub(super) scratch: &'a mut [E],
    pub(super) packed: &'a [E],
}

impl<'a, E> Operands<'a, E> {
    /// All of them; nothing is written any more.
    #[inline(always)]
    pub(super) fn take(&mut self) -> Operands<'a, E> {
        let (output, scratch) = (core::mem::take(&mut self.output), core::mem::take(&mut self.scratch));
        Operands { inputs: self.inputs, output, scratch, packed: self.packed }
    }

    /// The first input, as it was laid out, if it was.
    #[inline(always)]
    pub(super) fn source(&mut self) -> &'a [E] {
        let laid_out = core::mem::take(&mut self.scratch);
        if laid_out.is_empty() { self.inputs[0] } else { laid_out }
    }
}

impl<E: Float> Memory<'_, E> {
    /// Hands out the operands of a step.
    ///
    /// # Safety
    /// The step is one of a [`Program`], whose arena is no larger than this one.
    #[inline(always)]
    pub(super) unsafe fn operands(&mut self, step: &Step) -> Operands<'_, E> {
        let Sizes { reads: [first, second], write, scratch, .. } = step.sizes;
        let arena = self.arena.as_mut_ptr();
        let input = |place: Place, len: usize| match place {
            Place::Input => &self.inputs[0][..len],
            Place::Part(part) => &self.inputs[part][..len],
            // SAFETY: the range lies in the arena, which is borrowed mutably for the life of the result, and meets nothing that is written: that
            // is what a program stands for.
            Place::Arena(offset) => unsafe { core::slice::from_raw_parts(arena.add(offset), len) },
            Place::None | Place::Output | Place::Result(_) => &[][..],
        };
        // SAFETY: as for `input`; what is written meets nothing else.
        let arena_mut = |offset, len| unsafe { core::slice::from_raw_parts_mut(arena.add(offset), len) };
        let inputs = [input(step.reads[0], first), input(step.reads[1], second)];
        let output = match step.write {
            Place::Arena(offset) => arena_mut(offset, write),
            Place::Result(part) => &mut self.outputs[part][..write],
            _ => &mut self.outputs[0][..write],
        };
        let packed = &self.packed[place_of(step, self.squares)];
        Operands { inputs, output, scratch: arena_mut(step.scratch, scratch), packed }
    }
}

/// Where the packed parameters of a step lie.
#[inline(always)]
pub(super) fn place_of(step: &Step, squares: bool) -> Range<usize> {
    let way = usize::from(squares);
    step.packed[way]..step.packed[way] + step.sizes.packed[way]
}

/// Whether there are vectors of the machine's own for an element: few networks are of `f64`, and the portable set does for them.
pub(super) const fn has_vectors<E>() -> bool {
    size_of::<E>() == 4
}

/// Packs the parameters of a program for an instruction set, by the functions of a table; with a bound of the relative error, convolutions may be done in squares.
pub(crate) fn frozen_pack_by<E: Element>(
    table: &ByKind<PackStep<E>>,
    isa: Isa,
    program: &[Step],
    sources: &[&[E]],
    bound: Option<f64>,
    packed: &mut [E],
) {
    for step in program {
        let packed = &mut packed[place_of(step, bound.is_some())];
        packed.fill(E::ZERO);
        let squares = bound.filter(|_| step.may_have_squares()).map(|bound| (Kind::Squares, bound));
        for (kind, bound) in squares.into_iter().chain([(step.kind, 0.0)]) {
            let parameters = Parameters::new(&step.sources, sources);
            let packing = Packing { isa, step, parameters, bound, packed: &mut *packed };
            if function(table, kind)(packing) {
                break;
            }
        }
        crate::flush_subnormals(packed);
    }
}

/// The same, whatever the kinds of its steps.
pub(crate) fn frozen_pack<E: Element>(
    isa: Isa,
    program: &[Step],
    sources: &[&[E]],
    bound: Option<f64>,
    packed: &mut [E],
) {
    frozen_pack_by(const { &ByKind::all(&E::PACK) }, isa, program, sources, bound, packed);
}

fn function<F: Copy>(table: &ByKind<F>, kind: Kind) -> F {
    table.get(kind).expect("a table has the kinds of its network's steps")
}

/// Runs a program that was packed for an instruction set, by the functions of a table, with the help of others, if there are any.
///
/// # Panics
/// If the machine does not have the set, or the table a function.
pub(super) fn frozen_run_by<E: Element>(
    table: &ByKind<RunStep<E>>,
    isa: Isa,
    program: Program<'_>,
    memory: &mut Memory<'_, E>,
    mut workers: Option<&mut dyn Workers>,
) {
    isa.expect();
    assert!(program.arena() <= memory.arena.len(), "the arena of a frozen network");
    let squares = memory.squares;
    for step in program.steps() {
        let (operands, layer) = if let Work::Recurrent { operands, .. } = step.work {
            let packed = &memory.packed[place_of(step, memory.squares)];
            let layer = LayerOperands::cut(program, operands, memory.inputs, memory.arena, memory.outputs);
            (Operands { inputs: [&[]; 2], output: &mut [], scratch: &mut [], packed }, Some(layer))
        } else {
            // SAFETY: the step is the program's, and the arena large enough, as asserted.
            (unsafe { memory.operands(step) }, None)
        };
        let in_squares = squares && step.may_have_squares() && operands.packed[SIDE] > E::ZERO;
        let kind = if in_squares { Kind::Squares } else { step.kind };
        let workers = workers.as_mut().map(|workers| &mut **workers as &mut dyn Workers);
        function(table, kind)(&mut Running { isa, step, operands, layer, workers });
    }
}

/// Runs a program that was packed for an instruction set, whatever the kinds of its steps.
///
/// # Panics
/// If the machine does not have the set.
pub(crate) fn frozen_run<E: Element>(isa: Isa, program: Program<'_>, memory: Memory<'_, E>) {
    frozen_run_with(isa, program, memory, None);
}

/// The same with the help of others, if there are any.
///
/// # Panics
/// As [`frozen_run`].
pub(crate) fn frozen_run_with<E: Element>(
    isa: Isa,
    program: Program<'_>,
    mut memory: Memory<'_, E>,
    workers: Option<&mut dyn Workers>,
) {
    frozen_run_by(const { &ByKind::all(&E::RUN) }, isa, program, &mut memory, workers);
}

/// Runs a program, and the layers between its steps, which `run_layer` knows.
///
/// # Panics
/// As [`frozen_run`].
pub(crate) fn frozen_run_all<E: Element>(
    table: &ByKind<RunStep<E>>,
    isa: Isa,
    program: Program<'_>,
    mut memory: Memory<'_, E>,
    mut workers: Option<&mut dyn Workers>,
    run_layer: &mut RunLayer<'_, E>,
) {
    let is_layer = |step: &Step| matches!(step.work, Work::Layer(_));
    if !program.steps().iter().any(is_layer) {
        return frozen_run_by(table, isa, program, &mut memory, workers);
    }
    let Memory { packed, squares, arena, inputs, outputs } = memory;
    // No layer draws outside of training.
    let mut random = crate::seed(0);
    let mut rest = program;
    loop {
        let end = rest.steps().iter().position(is_layer).unwrap_or(rest.steps().len());
        let (fused, behind) = rest.split_at(end);
        // Shorter borrows of the outputs and the workers, and of what they borrow.
        let mut shorter = crate::sample::no_parts();
        for (to, from) in shorter.iter_mut().zip(outputs.iter_mut()) {
            *to = &mut **from;
        }
        let mut memory = Memory { packed, squares, arena: &mut *arena, inputs, outputs: &mut shorter };
        let workers = workers.as_mut().map(|workers| &mut **workers as &mut dyn Workers);
        frozen_run_by(table, isa, fused, &mut memory, workers);
        if behind.steps().is_empty() {
            return;
        }
        let (step, behind) = behind.split_at(1);
        if let Work::Layer(layer) = step.steps()[0].work {
            let LayerOperands { reads, mut writes, scratch, counts } =
                LayerOperands::cut::<OPERANDS>(step, layer, inputs, arena, outputs);
            let pass = Forward {
                batch: 1,
                inputs: &reads[..counts[0]],
                indices: &[],
                outputs: &mut writes[..counts[1]],
                index_outputs: &mut [],
                saved: Saved { batch: &mut [], sample: &mut [], words: &mut [] },
                scratch,
                random: &mut random,
            };
            run_layer(step.layers()[layer].operation, pass);
        }
        rest = behind;
    }
}
