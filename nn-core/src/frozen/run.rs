//! Runs a program: one loop over its steps, compiled once for each instruction set.

use nn_shape::frozen::{Place, Step, Work};
use nn_shape::tile::MAX_LANES;

use super::conv::{self, Lines};
use super::{pack, pool};
use crate::kernels::Kernels;
use crate::simd::{Isa, Lanes, Vector};
use crate::{Element, Float};

/// What a frozen network runs on.
pub struct Memory<'a, E> {
    /// The packed parameters.
    pub packed: &'a [E],
    /// Values and working space.
    pub arena: &'a mut [E],
    /// The network's input, if it is one tensor.
    pub input: &'a [E],
    /// The network's output, if it is one tensor.
    pub output: &'a mut [E],
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
            Place::Input => &self.input[..len],
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
        let mut operands = memory.operands(step);
        let bounds = step.bounds.map(V::Element::from_f64);
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
            Work::Conv { .. } | Work::Linear { .. } => {}
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
    assert!(isa.is_available(), "nn: the network was frozen for {isa:?}, which this machine does not have");
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
