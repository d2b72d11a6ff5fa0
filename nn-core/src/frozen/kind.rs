//! Functions for each kind of steps, compiled here once, and tables of those that a network needs. A table is a constant: what it does not name, the linker
//! leaves out of the program.

use nn_shape::frozen::{Kind, Step};

use super::kinds;
use super::pack::Parameters;
use super::run::{LayerOperands, Operands, has_vectors};
use crate::simd::{Apart, Isa, Lanes, Vector};
use crate::{Element, Workers};

/// A step of a program, and what it runs on, on a machine that has the instruction set: only the loop over a program's steps makes one.
pub struct Running<'a, E> {
    pub(super) isa: Isa,
    pub(super) step: &'a Step,
    pub(super) operands: Operands<'a, E>,
    /// The operands of a recurrent layer.
    pub(super) layer: Option<LayerOperands<'a, E, 3>>,
    pub(super) workers: Option<&'a mut dyn Workers>,
}

impl<E: Element> Running<'_, E> {
    /// The least and the largest value of the step's result.
    #[inline(always)]
    pub(super) fn bounds(&self) -> [E; 2] {
        self.step.bounds.map(E::from_f64)
    }
}

/// A step's parameters, and where they go.
pub struct Packing<'a, E> {
    pub(super) isa: Isa,
    pub(super) step: &'a Step,
    pub(super) parameters: Parameters<'a, E>,
    /// The error that a convolution in squares may have.
    pub(super) bound: f64,
    /// Zeros.
    pub(super) packed: &'a mut [E],
}

/// Runs steps of one kind.
pub type RunStep<E> = for<'a> fn(&'a mut Running<'a, E>);

/// Packs for steps of one kind, and says whether it did: a convolution is not packed for squares if they are not worth it, or not exact enough.
pub type PackStep<E> = for<'a> fn(Packing<'a, E>) -> bool;

/// A kind of steps, for all vectors.
pub(super) trait Steps {
    /// Whether [`Steps::run`] is compiled for the instruction set, as a function of its own; else it calls one that is.
    const APART: bool = true;

    /// # Safety
    /// The machine has the vector's instruction set, for which the parameters were packed.
    unsafe fn run<'a, V: Vector>(running: &'a mut Running<'a, V::Element>)
    where
        V::Element: Element;

    /// As [`PackStep`]; most kinds have no parameters.
    fn pack<V: Vector>(_: Packing<'_, V::Element>) -> bool
    where
        V::Element: Element,
    {
        true
    }
}

/// [`Steps::run`] as a function of its own.
struct Run<K>(K);

impl<K: Steps, V: Vector<Element: Element>> Apart<V> for Run<K> {
    type Given<'a> = &'a mut Running<'a, V::Element>;
    #[inline(always)]
    unsafe fn run<'a>(running: &'a mut Running<'a, V::Element>) {
        // SAFETY: passed on to the caller.
        unsafe { K::run::<V>(running) }
    }
}

/// Runs a step with the vectors of its instruction set.
pub(super) fn run<'a, K: Steps, E: Lanes + Element>(running: &'a mut Running<'a, E>) {
    /// # Safety
    /// As for [`Steps::run`].
    #[inline(always)]
    unsafe fn with<'a, K: Steps, V: Vector<Element: Element>>(running: &'a mut Running<'a, V::Element>) {
        // SAFETY: passed on to the caller.
        unsafe { if K::APART { V::apart::<Run<K>>(running) } else { K::run::<V>(running) } }
    }
    // SAFETY: the machine has the set, for which the parameters were packed.
    unsafe {
        if const { !has_vectors::<E>() } {
            return with::<K, E::Portable>(running);
        }
        match running.isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => with::<K, E::Avx512>(running),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => with::<K, E::Avx2>(running),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => with::<K, E::Neon>(running),
            _ => with::<K, E::Portable>(running),
        }
    }
}

/// Packs a step's parameters for the vectors of an instruction set.
pub(super) fn pack<K: Steps, E: Lanes + Element>(packing: Packing<'_, E>) -> bool {
    if const { !has_vectors::<E>() } {
        return K::pack::<E::Portable>(packing);
    }
    match packing.isa {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => K::pack::<E::Avx512>(packing),
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => K::pack::<E::Avx2>(packing),
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => K::pack::<E::Neon>(packing),
        _ => K::pack::<E::Portable>(packing),
    }
}

/// An element type, for which each kind of steps is compiled.
pub trait StepKernels: Sized {
    /// What runs them, by kind.
    const RUN: [RunStep<Self>; Kind::COUNT];
    /// What packs for them, by kind.
    const PACK: [PackStep<Self>; Kind::COUNT];
}

/// Compiles each kind of steps for some element types, in the order of [`Kind`].
macro_rules! compile {
    ($kinds:tt for $($element:ident)*) => { $(compile!(@for $element $kinds);)* };
    (@for $element:ident [$($kind:ident)*]) => {
        impl StepKernels for $element {
            const RUN: [RunStep<$element>; Kind::COUNT] = [$({
                // Not generic, so that it is compiled in this crate.
                fn function<'a>(running: &'a mut Running<'a, $element>) {
                    run::<kinds::$kind, $element>(running)
                }
                function
            }),*];
            const PACK: [PackStep<$element>; Kind::COUNT] = [$({
                fn function(packing: Packing<'_, $element>) -> bool {
                    pack::<kinds::$kind, $element>(packing)
                }
                function
            }),*];
        }
        const _: () = {
            let (kinds, mut index) = ([$(Kind::$kind),*], 0);
            while index < Kind::COUNT {
                assert!(kinds[index] as usize == index, "kinds stand in the order of `Kind`");
                index += 1;
            }
        };
    };
}

compile!([
    Tiles Plain Dots Depthwise Squares Planes Transposed Row Rnn Lstm Gru Norm Pool PlanarPool Pad Resample Turn Pointwise Move Light Layer
] for f32 f64);

/// A function for each kind of steps that a network has.
pub struct ByKind<F>([Option<F>; Kind::COUNT]);

impl<F: Copy> ByKind<F> {
    /// For all kinds.
    pub const fn all(functions: &[F; Kind::COUNT]) -> Self {
        let (mut table, mut kind) = ([None; Kind::COUNT], 0);
        while kind < Kind::COUNT {
            table[kind] = Some(functions[kind]);
            kind += 1;
        }
        ByKind(table)
    }

    /// For one kind.
    pub const fn only(kind: Kind, functions: &[F; Kind::COUNT]) -> Self {
        let mut table = [None; Kind::COUNT];
        table[kind as usize] = Some(functions[kind as usize]);
        ByKind(table)
    }

    /// For the kinds of a program's steps, of which some may be done in squares or none.
    pub const fn of(program: &[Step], squares: bool, functions: &[F; Kind::COUNT]) -> Self {
        let (mut table, mut index) = ([None; Kind::COUNT], 0);
        while index < program.len() {
            let step = &program[index];
            table[step.kind as usize] = Some(functions[step.kind as usize]);
            if squares && step.may_have_squares() {
                table[Kind::Squares as usize] = Some(functions[Kind::Squares as usize]);
            }
            index += 1;
        }
        ByKind(table)
    }

    /// The function for a kind, if the network has such steps.
    #[inline(always)]
    pub(super) fn get(&self, kind: Kind) -> Option<F> {
        self.0[kind as usize]
    }
}

#[cfg(test)]
mod tests {
    use nn_shape::frozen::{Place, Work};
    use nn_shape::{Axis, ConvGeometry};

    use super::*;

    const ROW: Step =
        Step::new(Work::Linear { rows: 1, inputs: 8, outputs: 4 }, [Place::Input, Place::None], Place::Output);

    /// A convolution that may be done in squares.
    const WIDE: Step = {
        let one = Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };
        let axis = Axis { input: 16, output: 16, kernel: 3, stride: 1, dilation: 1, before: 1, after: 1 };
        let geometry = ConvGeometry { in_channels: 64, out_channels: 64, groups: 1, axes: [one, axis, axis] };
        Step::new(Work::Conv { geometry, planar: false }, [Place::Input, Place::None], Place::Output)
    };

    /// Whether a table has functions for these kinds and no others.
    fn has<F: Copy>(table: &ByKind<F>, kinds: &[Kind]) -> bool {
        (0..Kind::COUNT).all(|at| table.0[at].is_some() == kinds.iter().any(|kind| *kind as usize == at))
    }

    #[test]
    fn a_network_has_functions_for_its_own_steps_alone() {
        const ROWS: ByKind<RunStep<f32>> = ByKind::of(&[ROW, ROW], true, &f32::RUN);
        assert!(has(&ROWS, &[Kind::Row]));
        assert!(has(&ByKind::of(&[ROW, WIDE], false, &f32::PACK), &[Kind::Tiles, Kind::Row]));
        assert!(has(&ByKind::only(Kind::Pad, &f32::RUN), &[Kind::Pad]));
        assert!(ByKind::all(&f64::RUN).0.iter().all(Option::is_some));
    }

    #[test]
    fn squares_are_there_where_a_convolution_may_be_done_in_them() {
        assert!(has(&ByKind::of(&[WIDE], true, &f32::RUN), &[Kind::Tiles, Kind::Squares]));
        assert!(has(&ByKind::of(&[WIDE], false, &f32::RUN), &[Kind::Tiles]));
    }
}
