//! Neural networks whose shapes the compiler knows.
//!
//! A network is declared once, in PyTorch's own words, with [`network!`]. rustc checks every shape under `cargo check` and gives back a plain
//! struct with forward and backward code specialised to it: no heap, no tape, no `dyn`.
//!
//! ```
//! use nn::prelude::*;
//!
//! network! {
//!     pub struct Mlp: [4] -> [3] {
//!         fc1: Linear(4, 16),
//!         ReLU,
//!         fc2: Linear(16, 3),
//!     }
//! }
//!
//! let net = Mlp::init(&mut nn::seed(1));
//! let output = net.predict(&Tensor1([5.1, 3.5, 1.4, 0.2]));
//! assert_eq!(output.len(), 3);
//! assert_eq!(Mlp::PARAMETERS, 4 * 16 + 16 + 16 * 3 + 3);
//! ```
//!
//! | to learn | see |
//! |---|---|
//! | the language, from zero | [`guide::language`] |
//! | layers of one's own | [`guide::own`] |
//! | what a network looks like: PyTorch's text, a table, a graph | [`guide::looking`] |
//! | what the macro writes | [`guide::expansion`] |
//! | subnormal numbers, odd places and sizes, the same bits, threads, other machines | `guide::robust` |
//! | what a network can do | [`Network`] |
//! | PyTorch's names and habits here | `guide::from_pytorch` |
//! | every layer, function, loss and optimiser | [`guide::reference`], [`layers`] |
//! | weights from and to PyTorch, checkpoints | `guide::weights` |
//! | training | `train`, `data`, [`loss`], [`optim`], [`init`], [`metrics`] |
//!
//! # Features
//!
//! `safetensors` (default) reads and writes files of weights; `gzip` reads packed IDX files. `std` (default) chooses the instruction set at run time; `alloc` gives boxed networks without the standard library; without both, networks
//! live in memory of the caller's: [`Network::init_in`], [`Network::forward`].
#![no_std]

#[cfg(feature = "std")]
extern crate std;

pub use nn_core::frozen::FrozenError;
#[cfg(any(feature = "std", feature = "alloc"))]
pub use nn_core::zeroed_box;
pub use nn_core::{
    Absent, Backward, Buffer, BufferMut, Element, Field, Float, Forward, Freeze, FreezeOptions, Frozen, Gradient, Isa,
    Layer, Name, NamedParameter, Network, Parameter, Parameters, Path, Presence, Present, Random, Rng, Sample, Saved,
    Tensor, Tensor0, Tensor1, Tensor2, Tensor3, Tensor4, Tensor5, Tensor6, Workers, Zeroable, describe,
    flush_subnormals, force_isa, init, layers, loss, metrics, optim, parameters, seed, subnormals,
};
pub use nn_macros::{block, include_frozen, include_weights, layer, network};
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use threads::Threads;

pub mod blocks;
#[cfg(feature = "std")]
pub mod data;
pub mod own;
pub mod prelude;

// The library's own blocks name it as everyone's do.
extern crate self as nn;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod threads;
#[cfg(feature = "std")]
pub mod train;
#[cfg(feature = "safetensors")]
pub mod weights;

/// The guide.
pub mod guide {
    #[doc = include_str!("../docs/language.md")]
    pub mod language {}

    #[cfg(feature = "safetensors")]
    #[doc = include_str!("../docs/from-pytorch.md")]
    pub mod from_pytorch {}

    #[doc = include_str!("../docs/reference.md")]
    pub mod reference {}

    #[cfg(feature = "safetensors")]
    #[doc = include_str!("../docs/weights.md")]
    pub mod weights {}

    #[doc = include_str!("../docs/own.md")]
    pub mod own {}

    #[cfg(feature = "std")]
    #[doc = include_str!("../docs/looking.md")]
    pub mod looking {}

    #[cfg(all(feature = "std", target_has_atomic = "64"))]
    #[doc = include_str!("../docs/robust.md")]
    pub mod robust {}

    #[cfg(feature = "std")]
    #[doc = include_str!("../docs/performance.md")]
    pub mod performance {}

    #[doc = include_str!("../docs/expansion.md")]
    pub mod expansion {}
}

/// Memory for evaluating `N` samples of a network at once.
pub type Workspace<M, const N: usize = 1> = <M as Network>::Workspace<N>;
/// Memory for evaluating one sample of a frozen network.
pub type Arena<M> = <M as Freeze>::Arena;
/// Memory for training a network on `N` samples at once.
pub type Tape<M, const N: usize> = <M as Network>::Tape<N>;
/// One input of a network.
pub type Input<M> = <M as Network>::Input;
/// One output of a network.
pub type Output<M> = <M as Network>::Output;

/// What expansions of the macros may name. Nothing here is for users.
#[doc(hidden)]
pub mod __private {
    pub use nn_core::layout::{self, Layout, Region};
    pub use nn_core::{
        Clustered, Clusters, Content, Evaluation, Extra, Flag, Memory, Operands, Place, Rank, Ranked, Select, Slot,
        Slots, Tape, Words, Zeroable, Zip, batch_slice, batch_slice_mut, batch_slots, field_shape, frozen, gather,
        latest, memory_bytes, parameters, sample_slots, scatter, shape, tape_bytes, zeroed,
    };
    pub use nn_macros::resume;

    /// A layer of one's own whose declaration has mistakes: a type that is an error already, for the networks that hold it.
    pub trait Mistaken {
        type Mistake;
    }
}

/// The README's code is tested.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
