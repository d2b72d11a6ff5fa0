//! Networks compiled for their sizes: `#[specialize]`.
//!
//! [`run`](super::run) is a loop over steps whose sizes are data, compiled here once for all networks. This is the other way: each step of one network is code
//! of its own, in the user's crate, in which every size and place is a constant, all of them in one function for each instruction set. What such code
//! saves is what stands around a kernel: the way to it, and loops over few numbers. Kernels are the same, and so are the bits. Networks for which it
//! [`pays`] are compiled so without being asked.

use core::marker::PhantomData;

use nn_shape::Recurrence;
use nn_shape::frozen::{Kind, Step, Work};

use super::kinds::simple;
use super::linear::{self, Row};
use super::part::{Part, Target};
use super::run::{LayerOperands, Memory, Operands, has_vectors, place_of};
use super::shift::Shift;
use super::{Freeze, Frozen, Numbers, Program, recurrent};
use crate::simd::{Isa, Lanes, Vector};
use crate::{Element, Float, Sample};

/// The most products of a network that is compiled for its sizes without being asked: with 4096 it takes four fifths of the time, with 25 000 nine tenths.
const SMALL: usize = 16384;

/// Whether a step gains from being compiled for its sizes.
const fn gains(work: &Work) -> bool {
    matches!(
        Kind::of(work),
        Kind::Row | Kind::Rnn | Kind::Lstm | Kind::Gru | Kind::Pointwise | Kind::Move | Kind::Light
    )
}

/// Whether a network is so small that what stands around its kernels counts.
pub const fn pays(program: &[Step]) -> bool {
    let (mut products, mut index) = (0usize, 0);
    while index < program.len() {
        let work = &program[index].work;
        products = products.saturating_add(match work {
            Work::Recurrent { recurrence, .. } => recurrence.packed().saturating_mul(recurrence.first.steps),
            work => match Row::of(work) {
                Some(row) => row.inputs() * row.outputs,
                None => 0,
            },
        });
        if !gains(work) {
            return false;
        }
        index += 1;
    }
    products <= SMALL
}

/// Runs the steps of one network in turn.
pub trait EachStep {
    /// The step with this number, compiled for its sizes; as the steps of all networks where it would gain nothing.
    fn step<const INDEX: usize>(&mut self);
    /// Some steps as those of all networks.
    fn steps(&mut self, from: usize, to: usize);
}

/// Elements whose networks can be compiled for their sizes.
pub trait Specialize: Sized {
    /// Runs a network that is [`Freeze::SPECIALIZED`].
    ///
    /// # Panics
    /// If the machine does not have the instruction set that the network was frozen for.
    fn run<N: Freeze<Element = Self>, P: Numbers<Element = Self>>(
        frozen: &Frozen<N, P>,
        input: &N::Input,
        arena: &mut N::Arena,
        output: &mut N::Output,
    );
}

impl<E: Lanes + Element> Specialize for E {
    #[inline]
    fn run<N: Freeze<Element = E>, P: Numbers<Element = E>>(
        frozen: &Frozen<N, P>,
        input: &N::Input,
        arena: &mut N::Arena,
        output: &mut N::Output,
    ) {
        /// All steps, with the vectors of an instruction set. What they are given goes there in registers.
        macro_rules! entries {
            ($($name:ident $vector:ident $(#[$attribute:meta])*;)*) => {$(
                $(#[$attribute])*
                unsafe fn $name<E: Lanes + Element, N: Freeze<Element = E>, P: Numbers<Element = E>>(
                    frozen: &Frozen<N, P>,
                    input: &N::Input,
                    arena: &mut N::Arena,
                    output: &mut N::Output,
                ) {
                    let vector = PhantomData::<E::$vector>;
                    N::each_step(&mut Runner { frozen, input, arena, output, vector });
                }
            )*};
        }
        entries! {
            avx512 Avx512 #[cfg(target_arch = "x86_64")] #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")];
            avx2 Avx2 #[cfg(target_arch = "x86_64")] #[target_feature(enable = "avx2,fma")];
            neon Neon #[cfg(target_arch = "aarch64")] #[target_feature(enable = "neon")];
            portable Portable;
        }
        let isa = if const { has_vectors::<E>() } { frozen.isa } else { Isa::Portable };
        isa.expect();
        // SAFETY: the machine has the set.
        unsafe {
            match isa {
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 => avx512::<E, N, P>(frozen, input, arena, output),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2::<E, N, P>(frozen, input, arena, output),
                #[cfg(target_arch = "aarch64")]
                Isa::Neon => neon::<E, N, P>(frozen, input, arena, output),
                _ => portable::<E, N, P>(frozen, input, arena, output),
            }
        }
    }
}

/// One sample through a frozen network, with the vectors of an instruction set that the machine has.
struct Runner<'a, N: Freeze, P, V> {
    frozen: &'a Frozen<N, P>,
    input: &'a N::Input,
    arena: &'a mut N::Arena,
    output: &'a mut N::Output,
    vector: PhantomData<V>,
}

/// The recurrent layer that a step of a network runs.
struct Only<N, const INDEX: usize>(PhantomData<N>);

impl<N: Freeze, const INDEX: usize> recurrent::Known for Only<N, INDEX> {
    const GATES: usize = match Self::LAYER {
        Some(layer) => layer.first.cell.gates(),
        None => 0,
    };
    const LAYER: Option<Recurrence> = match N::PROGRAM[INDEX].work {
        Work::Recurrent { recurrence, .. } => Some(recurrence),
        _ => None,
    };
}

/// The widest block of a linear layer's weights.
const fn widest<V: Vector>(work: &Work) -> usize {
    match Row::of(work) {
        Some(row) => row.cut::<V>().widest,
        None => 0,
    }
}

impl<N, P, V> EachStep for Runner<'_, N, P, V>
where
    N: Freeze<Element = V::Element>,
    P: Numbers<Element = V::Element>,
    V: Vector,
    V::Element: Element,
{
    #[inline(always)]
    fn step<const INDEX: usize>(&mut self) {
        if const { !gains(&N::PROGRAM[INDEX].work) } {
            return self.steps(INDEX, INDEX + 1);
        }
        let (program, step) = const { (Program::new(N::PROGRAM, N::LAYER_STEPS), &N::PROGRAM[INDEX]) };
        let mut memory = Memory {
            packed: self.frozen.packed.as_slice(),
            // Only steps behind a convolution that may be done in squares lie elsewhere then.
            squares: const { N::PROGRAM[INDEX].packed[0] != N::PROGRAM[INDEX].packed[1] } && self.frozen.squares > 0,
            arena: self.arena.as_mut_slice(),
            inputs: &self.input.parts(),
            outputs: &mut self.output.parts_mut(),
        };
        assert!(program.arena() <= memory.arena.len(), "the arena of a frozen network");
        if let Work::Recurrent { recurrence, operands } = &step.work {
            let packed = &memory.packed[place_of(step, memory.squares)];
            let operands = LayerOperands::cut::<3>(program, *operands, memory.inputs, memory.arena, memory.outputs);
            // SAFETY: the machine has the set that the network was frozen for, and its vector's.
            unsafe { recurrent::run::<V, Only<N, INDEX>>(recurrence, operands, packed) };
            return;
        }
        // SAFETY: the step is the program's, and the arena large enough, as asserted.
        let operands = unsafe { memory.operands(step) };
        let bounds = step.bounds.map(V::Element::from_f64);
        if let Some(row) = const { Row::of(&N::PROGRAM[INDEX].work) } {
            let widest = const { widest::<V>(&N::PROGRAM[INDEX].work) };
            let Operands { inputs, output, packed, .. } = operands;
            let layer = linear::Layer { row, inputs, packed, bounds, output: Target::new(output) };
            // SAFETY: as above; the weights were packed in that cut.
            unsafe { linear::run::<V, true>(&layer, widest, Part::ALL) };
        } else if let Work::Shift { lines, len, new } = step.work {
            // SAFETY: as above.
            unsafe { Shift { lines, len, new }.run_known::<V>(operands.inputs, operands.output) };
        } else {
            simple(&step.work, operands, bounds);
        }
    }

    #[inline(always)]
    fn steps(&mut self, from: usize, to: usize) {
        let program = const { Program::new(N::PROGRAM, N::LAYER_STEPS) };
        self.frozen.each(program.split_at(to).0.split_at(from).1, None, self.input, self.arena, self.output);
    }
}
