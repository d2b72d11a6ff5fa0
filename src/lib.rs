//! Neural networks whose shapes the compiler knows.

pub use nn_core::{
    Absent, Backward, Buffer, BufferMut, Element, Field, Float, Forward, Gradient, Layer, LayerSummary, Name, Network, Parameter,
    Parameters, Path, Presence, Present, Random, Rng, Sample, Saved, Summary, Tensor, Tensor0, Tensor1, Tensor2, Tensor3, Tensor4, Tensor5,
    Tensor6, Zeroable, init, layers, parameters, seed,
};
pub use nn_macros::network;

pub mod prelude;

/// Memory for evaluating `N` samples of a network at once.
pub type Workspace<M, const N: usize = 1> = <M as Network>::Workspace<N>;
/// Memory for training a network on `N` samples at once.
pub type Tape<M, const N: usize> = <M as Network>::Tape<N>;
/// One input of a network.
pub type Input<M> = <M as Network>::Input;
/// One output of a network.
pub type Output<M> = <M as Network>::Output;

/// What expansions of the macros may name. Nothing here is for users.
#[doc(hidden)]
pub mod __private {
    pub use nn_core::{
        Evaluation, Extra, Flag, Memory, Place, Rank, Ranked, Select, Slot, Tape, Zeroable, Zip, batch_slice, batch_slice_mut, batch_slots,
        gather, latest, memory_bytes, sample_slots, scatter, shape, tape_bytes, zeroed,
    };
}
