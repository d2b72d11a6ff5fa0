//! Runs a program: one loop over its steps, compiled once for each instruction set.

use nn_shape::frozen::{Place, Step, Work};
use nn_shape::tile::MAX_LANES;

use super::conv::{self, Lines};
use super::{LayerStep, linear, pack, pool, recurrent};
use crate::kernels::Kernels;
use crate::simd::{Isa, Lanes, Vector};
use crate::{Element, Float};

/// What a frozen network runs on.
pub struct Memory<'a, E> {
    /// Operands of recurrent layers.
    pub layers: &'static [LayerStep],
    /// The packed parameters.
    pub packed: &'a [E],
    /// Values and working space.
    pub arena: &'a mut [E],
    /// The tensors of the network's input.
    pub inputs: &'a [&'a [E]],
    /// The network's output, if it is one tensor.
    pub output: &'a mut [E],
}

/// The operands of a layer.
pub(super) struct LayerOperands<'a, E, const N: usize> {
    pub(super) reads: [&'a [E]; N],
    pub(super) writes: [&'a mut [E]; N],
    pub(super) scratch: &'a mut [E],
}

impl<'a, E> LayerOperands<'a, E, 0> {
    /// Cuts at most `N` inputs and outputs from the arena.
    ///
    /// # Panics
    /// If what is written meets anything else.
    #[inline(always)]
    pub(super) fn cut<const N: usize>(
        step: &LayerStep,
        inputs: &[&'a [E]],
        arena: &'a mut [E],
    ) -> LayerOperands<'a, E, N> {
        let len = arena.len();
        let range = |(place, len): (Place, usize)| match place {
            Place::Arena(offset) => (offset, offset + len),
            _ => (0, 0),
        };
        let scratch = (step.scratch.0, step.scratch.0 + step.scratch.1);
        let written = |index: usize| if index < step.writes.len() { range(step.writes[index]) } else { scratch };
        let meets = |a: (usize, usize), b: (usize, usize)| a.0.max(b.0) < a.1.min(b.1);
        let mut sound = true;
        for index in 0..=step.writes.len() {
            let own = written(index);
            sound &= own.1 <= len;
            for other in 0..index {
                sound &= !meets(own, written(other));
            }
            for read in step.reads {
                sound &= !meets(own, range(*read));
            }
        }
        assert!(sound, "nn: two values share a place in the plan of a frozen network");
        let base = arena.as_mut_ptr();
        let mut reads = [&[][..]; N];
        for (to, (place, count)) in reads.iter_mut().zip(step.reads) {
            *to = match place {
                Place::Arena(offset) => {
                    assert!(offset + count <= len, "nn: a value lies outside of the plan of a frozen network");
                    // SAFETY: the range lies in the arena, borrowed mutably until the end, and meets nothing that is written, as asserted.
                    unsafe { core::slice::from_raw_parts(base.add(*offset), *count) }
                }
                Place::Part(part) => &inputs[*part][..*count],
                _ => &inputs[0][..*count],
            };
        }
        let mut writes: [&mut [E]; N] = core::array::from_fn(|_| &mut [][..]);
        for (to, place) in writes.iter_mut().zip(step.writes) {
            let (start, end) = range(*place);
            // SAFETY: as above; what is written meets nothing else.
            *to = unsafe { core::slice::from_raw_parts_mut(base.add(start), end - start) };
        }
        // SAFETY: as above.
        let scratch = unsafe { core::slice::from_raw_parts_mut(base.add(scratch.0), step.scratch.1) };
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
    #[inline(always)]
    fn operands(&mut self, step: &Step) -> Operands<'_, E> {
        let [first, second, output] = step.work.lens();
        let (scratch_len, packed_len) = (step.work.scratch(), step.work.packed());
        let place = |place: Place, len: usize| match place {
            Place::Arena(offset) => Some((offset, offset + len)),
            _ => None,
        };
        let written = [place(step.write, output), Some((step.scratch, step.scratch + scratch_len))];
        let read = [place(step.reads[0], first), place(step.reads[1], second)];
        let disjoint = |a: Option<(usize, usize)>, b: Option<(usize, usize)>| match (a, b) {
            (Some(a), Some(b)) => a.0 == a.1 || b.0 == b.1 || a.1 <= b.0 || b.1 <= a.0,
            _ => true,
        };
        let sound = disjoint(written[0], written[1])
            && written.iter().all(|written| read.iter().all(|read| disjoint(*written, *read)))
            && written.iter().chain(&read).flatten().all(|range| range.1 <= self.arena.len());
        assert!(sound, "nn: two values share a place in the plan of a frozen network");
        let arena = self.arena.as_mut_ptr();
        let input = |place: Place, len: usize| match place {
            Place::None => &[][..],
            Place::Input => &self.inputs[0][..len],
            Place::Part(part) => &self.inputs[part][..len],
            Place::Output => panic!("nn: a step reads the output of the network"),
            // SAFETY: the range lies in the arena, which is borrowed mutably for the life of the result, and meets nothing that is written, as
            // asserted.
            Place::Arena(offset) => unsafe { core::slice::from_raw_parts(arena.add(offset), len) },
        };
        // SAFETY: as for `input`; what is written meets nothing else.
        let arena_mut = |offset, len| unsafe { core::slice::from_raw_parts_mut(arena.add(offset), len) };
        let inputs = [input(step.reads[0], first), input(step.reads[1], second)];
        let output = match step.write {
            Place::Arena(offset) => arena_mut(offset, output),
            _ => &mut self.output[..output],
        };
        let packed = &self.packed[step.packed..][..packed_len];
        Operands { inputs, output, scratch: arena_mut(step.scratch, scratch_len), packed }
    }
}

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn body<V: Vector>(program: &[Step], memory: &mut Memory<'_, V::Element>)
where
    V::Element: Element,
{
    for step in program {
        if let Work::Recurrent { recurrence, operands } = &step.work {
            let layer = &memory.layers[*operands];
            let packed = &memory.packed[step.packed..][..recurrence.packed()];
            let operands = LayerOperands::cut::<3>(layer, memory.inputs, memory.arena);
            // SAFETY: passed on to the caller; a frozen network runs on the set that it was packed for.
            unsafe { recurrent::run::<V>(recurrence, layer.reads.len(), layer.writes.len(), operands, packed) };
            continue;
        }
        let mut operands = memory.operands(step);
        let bounds = step.bounds.map(V::Element::from_f64);
        if let Work::Linear { rows: 1, inputs, outputs } = step.work {
            // SAFETY: passed on to the caller; a frozen network runs on the set that it was packed for.
            unsafe { linear::run::<V>(inputs, outputs, &mut operands, bounds) };
            continue;
        }
        let lines = match step.work {
            // SAFETY: passed on to the caller; a frozen network runs on the set that it was packed for.
            Work::Conv { ref geometry, planar } => unsafe {
                conv::prepare::<V>(geometry, planar, &mut operands, bounds)
            },
            Work::Linear { rows, inputs, outputs } => Some(Lines::linear(rows, inputs, outputs)),
            _ => None,
        };
        if let Some(lines) = lines {
            let source = operands.source();
            // SAFETY: as above.
            unsafe {
                conv::each_tile::<V>(&lines, source, operands.inputs[1], operands.packed, bounds, operands.output)
            }
            continue;
        }
        match step.work {
            Work::Conv { .. } | Work::Linear { .. } | Work::Recurrent { .. } => {}
            // SAFETY: as above.
            Work::Pool { ref geometry, reduction } => unsafe {
                pool::run::<V>(geometry, reduction, operands.inputs[0], operands.output)
            },
            Work::Pointwise { ref function, .. } => {
                V::Element::pointwise_forward(function, operands.inputs[0], operands.output)
            }
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
            Work::ToLast { channels, places } => transpose(channels, places, operands.inputs[0], operands.output),
            Work::ToPlain { channels, places } => transpose(places, channels, operands.inputs[0], operands.output),
            Work::Copy(_) => operands.output.copy_from_slice(operands.inputs[0]),
            Work::Layer(_) => panic!("nn: a layer is not run by the program"),
        }
    }
}

/// `[rows, columns]` to `[columns, rows]`.
#[inline(always)]
fn transpose<E: Float>(rows: usize, columns: usize, from: &[E], to: &mut [E]) {
    for row in 0..rows {
        for (to, from) in to[row..].iter_mut().step_by(rows).zip(&from[row * columns..][..columns]) {
            *to = *from;
        }
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

/// Packs the parameters of a program for an instruction set.
pub(crate) fn frozen_pack<E: Lanes + Element>(isa: Isa, program: &[Step], sources: &[&[E]], packed: &mut [E]) {
    if const { size_of::<E>() != 4 } {
        return pack::pack::<E::Portable>(program, sources, packed);
    }
    match isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => pack::pack::<E::Avx512>(program, sources, packed),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => pack::pack::<E::Avx2>(program, sources, packed),
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => pack::pack::<E::Neon>(program, sources, packed),
        _ => pack::pack::<E::Portable>(program, sources, packed),
    }
}

/// Runs a program that was packed for an instruction set.
///
/// # Panics
/// If the machine does not have the set.
pub(crate) fn frozen_run<E: Lanes + Element>(isa: Isa, program: &[Step], mut memory: Memory<'_, E>) {
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn avx512<E: Lanes + Element>(program: &[Step], memory: &mut Memory<'_, E>) {
        // SAFETY: passed on to the caller.
        unsafe { body::<E::Avx512>(program, memory) }
    }
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2<E: Lanes + Element>(program: &[Step], memory: &mut Memory<'_, E>) {
        // SAFETY: passed on to the caller.
        unsafe { body::<E::Avx2>(program, memory) }
    }
    #[cfg(target_arch = "aarch64")]
    #[target_feature(enable = "neon")]
    unsafe fn neon<E: Lanes + Element>(program: &[Step], memory: &mut Memory<'_, E>) {
        // SAFETY: passed on to the caller.
        unsafe { body::<E::Neon>(program, memory) }
    }
    // Few networks are of `f64`: one set does for them.
    if const { size_of::<E>() != 4 } {
        // SAFETY: every machine has this set.
        return unsafe { body::<E::Portable>(program, &mut memory) };
    }
    assert!(
        isa == Isa::current() || isa.is_available(),
        "nn: the network was frozen for {isa:?}, which this machine does not have"
    );
    match isa {
        // SAFETY: the machine has the set.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => unsafe { avx512(program, &mut memory) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => unsafe { avx2(program, &mut memory) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => unsafe { neon(program, &mut memory) },
        // SAFETY: every machine has this set.
        _ => unsafe { body::<E::Portable>(program, &mut memory) },
    }
}
