//! Runs a program: one loop over its steps, compiled once for each instruction set.

use core::ops::Range;

use nn_shape::frozen::{Place, Sizes, Step, Work};
use nn_shape::tile::MAX_LANES;

use super::conv::{self, Job, Tiles};
use super::cut::Cut;
use super::linear::Row;
use super::lines::Lines;
use super::norm::{self, Norm};
use super::pack::{self, Parameters};
use super::part::{self, Target};
use super::shift::Shift;
use super::{Program, choose, layout, linear, planes, pool, recurrent, resample, runs, transposed};
use crate::kernels::Kernels;
use crate::simd::{Isa, Lanes, Vector};
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
        LayerOperands { reads, writes, scratch }
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

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn body<V: Vector>(
    program: Program<'_>,
    memory: &mut Memory<'_, V::Element>,
    tiles: Tiles<V::Element>,
    mut workers: Option<&mut dyn Workers>,
) where
    V::Element: Element,
{
    assert!(program.arena() <= memory.arena.len(), "the arena of a frozen network");
    for step in program.steps() {
        if let Work::Recurrent { recurrence, operands } = &step.work {
            let layer = &program.layers()[*operands];
            let packed = &memory.packed[place_of(step, memory.squares)];
            let operands = LayerOperands::cut::<3>(program, *operands, memory.inputs, memory.arena, memory.outputs);
            // SAFETY: passed on to the caller; a frozen network runs on the set that it was packed for.
            unsafe {
                recurrent::run::<V, recurrent::Every>(
                    recurrence,
                    layer.reads.len(),
                    layer.writes.len(),
                    operands,
                    packed,
                )
            };
            continue;
        }
        // SAFETY: the step is the program's, and the arena large enough, as asserted.
        let mut operands = unsafe { memory.operands(step) };
        let bounds = step.bounds.map(V::Element::from_f64);
        if let Some(row) = Row::of(&step.work)
            && (row.pieces[1] > 0 || part::parts_of_row(&workers, row.inputs() * row.outputs) == 1)
        {
            let widest = Cut::widest_of(operands.packed);
            // SAFETY: passed on to the caller; a frozen network runs on the set that it was packed for.
            unsafe { linear::run::<V, false>(row, widest, &mut operands, bounds) };
            continue;
        }
        let planar = matches!(step.work, Work::Conv { planar: true, .. });
        let lines = match step.work {
            // SAFETY: passed on to the caller; a frozen network runs on the set that it was packed for.
            Work::Conv { ref geometry, .. } | Work::Squares { ref geometry, .. } => unsafe {
                conv::prepare::<V>(geometry, planar, &mut operands, bounds, &mut workers)
            },
            Work::Linear { rows, inputs, outputs } => Some(Lines::linear(rows, inputs, outputs)),
            _ => None,
        };
        if let Some(lines) = lines {
            // SAFETY: as above.
            unsafe { conv::share_out::<V>(&lines, operands, tiles, bounds, &mut workers) };
            continue;
        }
        match step.work {
            Work::Conv { .. }
            | Work::Squares { .. }
            | Work::Linear { .. }
            | Work::Joined { .. }
            | Work::Recurrent { .. } => {}
            // SAFETY: as above.
            Work::Transposed(ref geometry) => unsafe {
                transposed::run::<V>(geometry, operands, tiles, bounds, &mut workers)
            },
            // SAFETY: as above.
            Work::Norm { ref around, value, groups, eps } => unsafe {
                let norm = Norm { around, value: V::Element::from_f64(value), groups, eps };
                norm::run::<V>(&norm, operands, bounds, &mut workers)
            },
            Work::Pad { ref geometry, value, planar } => {
                let (input, output) = (operands.inputs[0], operands.output);
                let value = V::Element::from_f64(value);
                if planar {
                    V::Element::pad_forward(geometry, 1, value, input, output);
                } else {
                    let (parts, output) = (part::parts_of(&workers, output.len()), Target::new(output));
                    // SAFETY: no two parts have an output in common.
                    let some = |part| unsafe { layout::surround(geometry, value, part, input, output) };
                    part::each_part(&mut workers, parts, some);
                }
            }
            // SAFETY: as above.
            Work::Resample(ref geometry) => unsafe {
                resample::run::<V>(geometry, operands.inputs[0], operands.output)
            },
            // SAFETY: as above.
            Work::Planes(ref geometry) => unsafe { planes::run::<V>(geometry, operands, bounds, &mut workers) },
            // SAFETY: as above.
            Work::Pool { ref geometry, reduction, planar: true } => unsafe {
                pool::planes::<V>(geometry, reduction, operands.inputs[0], operands.output)
            },
            Work::Pool { ref geometry, reduction, planar: false } => {
                let (input, output) = (operands.inputs[0], Target::new(operands.output));
                let parts = part::parts_of(&workers, input.len());
                // SAFETY: as above; no two parts have an output in common.
                let some = |part| unsafe { pool::run::<V>(geometry, reduction, part, input, output) };
                part::each_part(&mut workers, parts, some);
            }
            // SAFETY: as above.
            Work::ToLast { channels, places } => unsafe {
                layout::turned::<V>(operands.inputs[0], places, [channels, places], operands.output)
            },
            // SAFETY: as above.
            Work::ToPlain { channels, places } => unsafe {
                layout::turned::<V>(operands.inputs[0], channels, [places, channels], operands.output)
            },
            Work::Layer(_) => panic!("nn: a layer is not run by the program"),
            ref work => light(work, operands, bounds),
        }
    }
}

/// Whether [`light`] does a step: a kernel of the layers', or so little that it needs no registers of its own.
pub(super) const fn is_light(work: &Work) -> bool {
    matches!(
        work,
        Work::Pointwise { .. }
            | Work::Move { .. }
            | Work::Arithmetic { .. }
            | Work::Affine { .. }
            | Work::Runs(_)
            | Work::Shift { .. }
            | Work::Copy(_)
            | Work::Held(_)
    )
}

/// A step that [`is_light`].
#[inline(always)]
pub(super) fn light<E: Element>(work: &Work, operands: Operands<'_, E>, bounds: [E; 2]) {
    match *work {
        Work::Pointwise { ref function, .. } => E::pointwise_forward(function, operands.inputs[0], operands.output),
        Work::Move { ref walk, .. } => E::permute_forward(walk, 1, operands.inputs[0], operands.output),
        Work::Arithmetic { operator, .. } => {
            let [left, right] = operands.inputs;
            pairs(operator, left, right, operands.output, bounds);
        }
        Work::Affine { channels, .. } => {
            let (factors, addends) = operands.packed.split_at(channels.next_multiple_of(MAX_LANES));
            let pixels = operands.inputs[0].chunks_exact(channels);
            for (x, y) in pixels.zip(operands.output.chunks_exact_mut(channels)) {
                for ((y, x), (factor, addend)) in y.iter_mut().zip(x).zip(factors.iter().zip(addends)) {
                    let value = *x * *factor + *addend;
                    *y = value.maximum(bounds[0]).minimum(bounds[1]);
                }
            }
        }
        Work::Runs(ref runs) => runs::run(runs, operands.inputs[0], operands.output),
        Work::Shift { lines, len, new } => Shift { lines, len, new }.run(operands.inputs, operands.output),
        Work::Copy(_) => operands.output.copy_from_slice(operands.inputs[0]),
        Work::Held(len) => operands.output.copy_from_slice(&operands.packed[..len]),
        _ => unreachable!("a step that is light"),
    }
}

#[inline(always)]
fn pairs<E: Float>(operator: nn_shape::Operator, left: &[E], right: &[E], to: &mut [E], bounds: [E; 2]) {
    use nn_shape::Operator;
    #[inline(always)]
    fn each<E: Float>(left: &[E], right: &[E], to: &mut [E], bounds: [E; 2], function: impl Fn(E, E) -> E) {
        for (to, (left, right)) in to.iter_mut().zip(left.iter().zip(right)) {
            *to = function(*left, *right).maximum(bounds[0]).minimum(bounds[1]);
        }
    }
    match operator {
        Operator::Add => each(left, right, to, bounds, |a, b| a + b),
        Operator::Subtract => each(left, right, to, bounds, |a, b| a - b),
        Operator::Multiply => each(left, right, to, bounds, |a, b| a * b),
        Operator::Divide => each(left, right, to, bounds, |a, b| a / b),
        Operator::Maximum => each(left, right, to, bounds, |a, b| a.maximum(b)),
        Operator::Minimum => each(left, right, to, bounds, |a, b| a.minimum(b)),
    }
}

/// Whether there are vectors of the machine's own for an element: few networks are of `f64`, and the portable set does for them.
pub(super) const fn has_vectors<E>() -> bool {
    size_of::<E>() == 4
}

/// Packs the parameters of a program for an instruction set; with a bound of the relative error, convolutions may be done in squares.
pub(crate) fn frozen_pack<E: Lanes + Element>(
    isa: Isa,
    program: &[Step],
    sources: &[&[E]],
    bound: Option<f64>,
    packed: &mut [E],
) {
    for step in program {
        let packed = &mut packed[place_of(step, bound.is_some())];
        let parameters = Parameters::new(&step.sources, sources);
        let side = match (&step.work, bound) {
            (Work::Squares { side, .. }, _) => *side,
            (_, Some(bound)) => choose::side(isa, step, &parameters, bound),
            (_, None) => 0,
        };
        frozen_pack_step(isa, &step.work, side, step.sources.permuted, &parameters, packed);
        crate::flush_subnormals(packed);
    }
}

/// Packs the parameters of one step.
pub(super) fn frozen_pack_step<E: Lanes + Element>(
    isa: Isa,
    work: &Work,
    side: usize,
    permuted: [usize; 2],
    parameters: &Parameters<'_, E>,
    packed: &mut [E],
) {
    if const { !has_vectors::<E>() } {
        return pack::pack::<E::Portable>(work, side, permuted, parameters, packed);
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => pack::pack::<E::Avx512>(work, side, permuted, parameters, packed),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => pack::pack::<E::Avx2>(work, side, permuted, parameters, packed),
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => pack::pack::<E::Neon>(work, side, permuted, parameters, packed),
        _ => pack::pack::<E::Portable>(work, side, permuted, parameters, packed),
    }
}

/// Runs a program that was packed for an instruction set.
///
/// # Panics
/// If the machine does not have the set.
pub(crate) fn frozen_run<E: Lanes + Element>(isa: Isa, program: Program<'_>, memory: Memory<'_, E>) {
    frozen_run_with(isa, program, memory, None);
}

/// The same with the help of others, if there are any.
///
/// # Panics
/// As [`frozen_run`].
pub(crate) fn frozen_run_with<E: Lanes + Element>(
    isa: Isa,
    program: Program<'_>,
    mut memory: Memory<'_, E>,
    workers: Option<&mut dyn Workers>,
) {
    /// The loop over steps, and the tiles, each a function of its own with the instruction set.
    macro_rules! entries {
        ($run:ident $tiles:ident $vector:ident $(#[$attribute:meta])*) => {
            $(#[$attribute])*
            unsafe fn $tiles<E: Lanes>(job: Job<'_, E>) {
                // SAFETY: passed on to the caller.
                unsafe { conv::each_block::<E::$vector>(job) }
            }
            $(#[$attribute])*
            unsafe fn $run<E: Lanes + Element>(
                program: Program<'_>,
                memory: &mut Memory<'_, E>,
                workers: Option<&mut dyn Workers>,
            ) {
                // SAFETY: passed on to the caller.
                unsafe { body::<E::$vector>(program, memory, $tiles::<E>, workers) }
            }
        };
    }
    entries!(avx512 avx512_tiles Avx512
        #[cfg(target_arch = "x86_64")] #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]);
    entries!(avx2 avx2_tiles Avx2 #[cfg(target_arch = "x86_64")] #[target_feature(enable = "avx2,fma")]);
    entries!(neon neon_tiles Neon #[cfg(target_arch = "aarch64")] #[target_feature(enable = "neon")]);
    entries!(portable portable_tiles Portable);
    if const { !has_vectors::<E>() } {
        // SAFETY: every machine has this set.
        return unsafe { portable(program, &mut memory, workers) };
    }
    isa.expect();
    match isa {
        // SAFETY: the machine has the set.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => unsafe { avx512(program, &mut memory, workers) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => unsafe { avx2(program, &mut memory, workers) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => unsafe { neon(program, &mut memory, workers) },
        // SAFETY: every machine has this set.
        _ => unsafe { portable(program, &mut memory, workers) },
    }
}

/// Runs a program, and the layers between its steps, which `run_layer` knows.
///
/// # Panics
/// As [`frozen_run`].
pub(crate) fn frozen_run_all<E: Lanes + Element>(
    isa: Isa,
    program: Program<'_>,
    memory: Memory<'_, E>,
    mut workers: Option<&mut dyn Workers>,
    run_layer: &mut RunLayer<'_, E>,
) {
    let is_layer = |step: &Step| matches!(step.work, Work::Layer(_));
    if !program.steps().iter().any(is_layer) {
        return frozen_run_with(isa, program, memory, workers);
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
        let memory = Memory { packed, squares, arena: &mut *arena, inputs, outputs: &mut shorter };
        let workers = workers.as_mut().map(|workers| &mut **workers as &mut dyn Workers);
        frozen_run_with(isa, fused, memory, workers);
        if behind.steps().is_empty() {
            return;
        }
        let (step, behind) = behind.split_at(1);
        if let Work::Layer(layer) = step.steps()[0].work {
            let LayerOperands { reads, mut writes, scratch } =
                LayerOperands::cut::<OPERANDS>(step, layer, inputs, arena, outputs);
            let layer = &step.layers()[layer];
            let pass = Forward {
                batch: 1,
                inputs: &reads[..layer.reads.len()],
                indices: &[],
                outputs: &mut writes[..layer.writes.len()],
                index_outputs: &mut [],
                saved: Saved { batch: &mut [], sample: &mut [], words: &mut [] },
                scratch,
                random: &mut random,
            };
            run_layer(layer.operation, pass);
        }
        rest = behind;
    }
}
