//! The inference form of a network: parameters packed for the kernels, normalisations folded in, a program of fused steps.
//!
//! `network!` writes the program, whose steps are plain data ([`nn_shape::frozen`]); here it is packed for the instruction set of the machine and run by
//! one precompiled loop. What has no fused form runs as the layer that it is.

mod across;
pub(crate) mod blocks;
mod choose;
mod combed;
mod conv;
mod cut;
mod depthwise;
mod dots;
mod eights;
mod few;
mod kind;
mod kinds;
mod layout;
mod linear;
mod lines;
#[cfg(feature = "alloc")]
mod measure;
mod norm;
mod overlap;
mod pack;
mod pairs;
mod part;
mod pixels;
mod places;
mod planes;
mod pool;
mod program;
mod quads;
mod recurrent;
mod recurrent_weights;
mod resample;
pub(crate) mod run;
mod runs;
mod saved;
mod shift;
mod single;
mod slide;
mod special;
mod squares;
mod stem;
mod tile;
mod transposed;
mod twins;

use core::mem::MaybeUninit;

#[cfg(feature = "alloc")]
use alloc::boxed::Box;
use bytemuck::Zeroable;
pub use kind::{ByKind, PackStep, RunStep, StepKernels};
pub use nn_shape::frozen::{Place, Runs, Sizes, Sources, Step, UNBOUNDED, Work};
pub use program::Program;
pub use run::{Memory, RunLayer};
pub use saved::{FrozenError, check, include};
pub use special::{EachStep, Specialize, pays};

use crate::kernels::Kernels;
use crate::{Float, Forward, Isa, Network, Sample, Workers};

/// So many numbers on a cache line of their own.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Block<E, const N: usize>([E; N]);

impl<E: Float, const N: usize> Block<E, N> {
    /// Zeros, for a `static`.
    pub const fn new() -> Self {
        Block([E::ZERO; N])
    }
}

impl<E: Float, const N: usize> Default for Block<E, N> {
    fn default() -> Self {
        Block::new()
    }
}

// SAFETY: an array of numbers, for which all-zero bytes are valid; padding at the end may be anything.
unsafe impl<E: Zeroable, const N: usize> Zeroable for Block<E, N> {}

/// What holds numbers: [`Block`].
///
/// # Safety
/// The first `LEN` numbers of it lie at its beginning, without gaps.
pub unsafe trait Numbers: Zeroable {
    /// What it holds.
    type Element;
    /// How many.
    const LEN: usize;
    /// All of it.
    fn as_slice(&self) -> &[Self::Element];
    /// All of it.
    fn as_mut_slice(&mut self) -> &mut [Self::Element];
}

// SAFETY: the array is the first field of a `repr(C)` struct.
unsafe impl<E: Zeroable, const N: usize> Numbers for Block<E, N> {
    type Element = E;
    const LEN: usize = N;
    fn as_slice(&self) -> &[E] {
        &self.0
    }
    fn as_mut_slice(&mut self) -> &mut [E] {
        &mut self.0
    }
}

/// A layer that runs as it is, or a recurrent one, and its operands: places and lengths.
#[derive(Clone, Copy, Debug)]
pub struct LayerStep {
    /// The operation.
    pub operation: usize,
    /// Its inputs.
    pub reads: &'static [(Place, usize)],
    /// Its outputs.
    pub writes: &'static [(Place, usize)],
    /// Its working space.
    pub scratch: (usize, usize),
}

/// What takes the parameters of a network.
pub type TakeSources<'a, E> = dyn FnMut(&[&[E]]) + 'a;

/// A network that has an inference form, which [`Network::freeze`] gives. `network!` implements it for networks of numbers, without
/// indices, whose sizes all stand in the declaration as numbers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no inference form",
    label = "it cannot be frozen",
    note = "a network has one if each of its sizes is written as a number, none of its values holds indices, and no layer of one's own has tensors: `net.freeze()` says what is in the way"
)]
pub trait Freeze: Network {
    /// Memory for the packed parameters.
    type Packed: Numbers<Element = Self::Element>;
    /// The same where convolutions may be done in squares: see [`Network::freeze_with`].
    type PackedSquares: Numbers<Element = Self::Element>;
    /// Memory for the values of one sample.
    type Arena: Numbers<Element = Self::Element>;
    /// The network itself, where layers with tensors run as they are.
    type Kept: Zeroable;

    /// Another number for every other declaration: of layers, sizes, steps.
    #[doc(hidden)]
    const FINGERPRINT: u64;
    /// What is done.
    #[doc(hidden)]
    const PROGRAM: &'static [Step];
    /// The layers that run as they are, and the recurrent ones.
    #[doc(hidden)]
    const LAYER_STEPS: &'static [LayerStep];
    /// The layers that the network is kept for: `norm (LayerNorm), ...`.
    #[doc(hidden)]
    const KEPT_LAYERS: &'static str;

    /// Whether its steps are compiled for their sizes: [`Freeze::each_step`].
    #[doc(hidden)]
    const SPECIALIZED: bool = false;

    /// Has each step run in turn, those of `#[specialize]` by their numbers.
    #[doc(hidden)]
    #[inline(always)]
    fn each_step(run: &mut impl EachStep) {
        run.steps(0, Self::PROGRAM.len());
    }
    /// Calls `take` with the parameters that the steps name.
    #[doc(hidden)]
    fn with_sources(&self, take: &mut TakeSources<'_, Self::Element>);
    /// The network that was kept, if one was.
    #[doc(hidden)]
    fn kept(kept: &Self::Kept) -> Option<&Self>;
    /// The same for writing.
    #[doc(hidden)]
    fn kept_mut(kept: &mut Self::Kept) -> Option<&mut Self>;
    /// Runs the layer of an operation, one of the network that was kept if it has tensors.
    #[doc(hidden)]
    fn run_layer(kept: Option<&Self>, operation: usize, pass: Forward<'_, Self::Element>);
}

/// All zeros, in place.
fn zeroed_in<T: Zeroable>(memory: &mut MaybeUninit<T>) -> &mut T {
    // SAFETY: the pointer is valid for writing one value, and all-zero bytes are a valid one, for it is `Zeroable`.
    unsafe {
        core::ptr::write_bytes(memory.as_mut_ptr(), 0, 1);
        memory.assume_init_mut()
    }
}

/// What a frozen network may do to be faster.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FreezeOptions {
    /// The error that a convolution may have on top of rounding its sum, as part of its largest output. Within that bound, 3x3 convolutions with stride 1 and
    /// at least 16 channels are done in squares of 4x4 or 2x2 outputs ([Lavin and Gray 2016](https://arxiv.org/abs/1509.09308)), which takes a quarter or four
    /// ninths of the products. Each is measured with its own weights and random inputs when the network is frozen, and twice what was found
    /// must stay below the bound; where 4x4 is not exact enough 2x2 may be, and else the convolution stays as it is. In `f32`, errors are near
    /// 1e-5 for 4x4 and 1e-6 for 2x2; networks of `f64`, and those on the portable set, do none in squares. With 0 the network is that of [`Network::freeze`], which takes less memory.
    pub winograd_error: f64,
}

impl Default for FreezeOptions {
    /// Errors of at most 1e-4.
    fn default() -> Self {
        FreezeOptions { winograd_error: 1e-4 }
    }
}

/// The inference form of a network, for one instruction set: see [`Network::freeze`].
#[repr(C)]
pub struct Frozen<N: Freeze, P = <N as Freeze>::Packed> {
    packed: P,
    kept: N::Kept,
    isa: Isa,
    /// Whether convolutions may be done in squares.
    squares: u8,
}

// SAFETY: all parts are zeroable; the instruction set whose number is 0 is the portable one.
unsafe impl<N: Freeze, P: Zeroable> Zeroable for Frozen<N, P> {}

impl<N: Freeze, P: Numbers<Element = N::Element>> Frozen<N, P> {
    /// Whether some convolutions may be in squares: where none can be, both forms are one type.
    const SQUARES: bool = P::LEN != N::Packed::LEN;
    /// What packs for it.
    const PACK: ByKind<PackStep<N::Element>> = ByKind::of(N::PROGRAM, Self::SQUARES, &N::Element::PACK);
    /// What runs it.
    const RUN: ByKind<RunStep<N::Element>> = ByKind::of(N::PROGRAM, Self::SQUARES, &N::Element::RUN);

    /// That of a network, in place; convolutions may be done in squares within a bound.
    pub(crate) fn new_in<'m>(network: &N, bound: Option<f64>, memory: &'m mut MaybeUninit<Self>) -> &'m mut Self {
        let frozen = zeroed_in(memory);
        frozen.pack(network, bound);
        frozen
    }

    #[cfg(feature = "alloc")]
    pub(crate) fn new(network: &N, bound: Option<f64>) -> Box<Self> {
        let mut frozen: Box<Self> = crate::heap::zeroed_box();
        frozen.pack(network, bound);
        frozen
    }

    fn pack(&mut self, network: &N, bound: Option<f64>) {
        let isa = Isa::current();
        self.isa = isa;
        self.squares = u8::from(bound.is_some());
        let packed = self.packed.as_mut_slice();
        network.with_sources(&mut |sources| {
            N::Element::frozen_pack_by(&Self::PACK, isa, N::PROGRAM, sources, bound, packed)
        });
        if let Some(kept) = N::kept_mut(&mut self.kept) {
            kept.copy_from(network);
        }
    }

    /// The instruction set that it was frozen for, and runs on.
    pub fn isa(&self) -> Isa {
        self.isa
    }

    /// One sample, without heap.
    pub fn forward(&self, input: &N::Input, workspace: &mut N::Arena, output: &mut N::Output) {
        self.run(None, input, workspace, output);
    }

    /// [`Frozen::forward`] by what all networks share, also where the network is compiled for its sizes: to measure one against the other.
    #[doc(hidden)]
    pub fn forward_shared(&self, input: &N::Input, workspace: &mut N::Arena, output: &mut N::Output) {
        self.each(const { Program::new(N::PROGRAM, N::LAYER_STEPS) }, None, input, workspace, output);
    }

    /// One sample by several threads, without heap and locks, with the bits of one. Large convolutions, in squares or not, linear layers, pools, padding
    /// layers and InstanceNorm are cut into parts, of lines, channels or squares, which the workers do at the same time; the rest the calling thread does alone.
    ///
    /// ```
    /// # mod nn { pub use nn_core::*; }
    /// # fn f<N: nn::Freeze>(net: &N, input: &N::Input, mut threads: impl nn::Workers, output: &mut N::Output) {
    /// let frozen = net.freeze();
    /// let mut workspace = nn::Frozen::<N>::workspace();
    /// frozen.forward_with(&mut threads, input, &mut workspace, output);
    /// # }
    /// ```
    pub fn forward_with(
        &self,
        workers: &mut dyn Workers,
        input: &N::Input,
        workspace: &mut N::Arena,
        output: &mut N::Output,
    ) {
        self.run(Some(workers), input, workspace, output);
    }

    #[inline]
    fn run(
        &self,
        workers: Option<&mut dyn Workers>,
        input: &N::Input,
        workspace: &mut N::Arena,
        output: &mut N::Output,
    ) {
        if const { N::SPECIALIZED } && workers.is_none() {
            return N::Element::run(self, input, workspace, output);
        }
        self.each(const { Program::new(N::PROGRAM, N::LAYER_STEPS) }, workers, input, workspace, output);
    }

    /// Runs steps by the loop that all networks share, and the layers between them. A debug build of the user's compiles this without optimisation: it is a
    /// thin shell.
    fn each(
        &self,
        program: Program<'_>,
        workers: Option<&mut dyn Workers>,
        input: &N::Input,
        workspace: &mut N::Arena,
        output: &mut N::Output,
    ) {
        let memory = Memory {
            packed: self.packed.as_slice(),
            squares: self.squares > 0,
            arena: workspace.as_mut_slice(),
            inputs: &input.parts(),
            outputs: &mut output.parts_mut(),
        };
        N::Element::frozen_run_all(&Self::RUN, self.isa, program, memory, workers, &mut |operation, pass| {
            N::run_layer(N::kept(&self.kept), operation, pass);
        });
    }

    /// One sample, in memory of its own. The output comes by value, over the stack: [`Frozen::forward`] is for large ones.
    #[cfg(feature = "alloc")]
    pub fn predict(&self, input: &N::Input) -> N::Output {
        let mut output = N::Output::zeroed();
        self.forward(input, &mut Self::workspace(), &mut output);
        output
    }

    /// Memory for [`Frozen::forward`].
    #[cfg(feature = "alloc")]
    pub fn workspace() -> Box<N::Arena> {
        crate::heap::zeroed_box()
    }
}
