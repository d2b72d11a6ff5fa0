//! The run time of `nn`: tensors, layers, kernels, losses and optimisers, without heap and, if need be, without `std`.
//!
//! Use the package `nn`, which re-exports what a program needs.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod clusters;
mod debug;
pub mod describe;
mod element;
pub mod frozen;
mod gradient;
#[cfg(feature = "alloc")]
mod heap;
pub mod init;
pub mod kernels;
mod layer;
pub mod layers;
pub mod layout;
#[doc(hidden)]
pub mod listing;
pub mod loss;
mod memory;
pub mod metrics;
mod network;
pub mod optim;
mod parameters;
mod run;
mod sample;
mod simd;
mod subnormal;
mod tensor;
mod workers;

pub use bytemuck::Zeroable;
pub use clusters::{Cluster, Clustered, Clusters, Tail};
pub use element::{Element, Float};
pub use frozen::{Freeze, FreezeOptions, Frozen};
pub use gradient::{Content, Gradient};
#[cfg(feature = "alloc")]
pub use heap::zeroed_box;
pub use layer::{Backward, Forward, Layer, Saved};
pub use layout::{Layout, Region};
pub use memory::{Extra, Memory, Slot, Slots, Space, Step, Words, memory_bytes};
pub use network::Network;
pub use nn_shape as shape;
pub use parameters::{
    Absent, Buffer, BufferMut, Field, Flag, Missing, Name, NamedParameter, Parameter, Parameters, Path, Presence,
    Present, Select, Zip, field_shape,
};
pub use rand_core::Rng;
pub use run::{Evaluation, Operands, Place, Tape, batch_slots, latest, sample_slots, tape_bytes, zeroed};
pub use sample::{Holds, Sample, gather, scatter};
pub use simd::{Isa, force_isa};
pub use subnormal::{flush_subnormals, subnormals};
pub use tensor::{
    Rank, Ranked, Tensor, Tensor0, Tensor1, Tensor2, Tensor3, Tensor4, Tensor5, Tensor6, batch_slice, batch_slice_mut,
    slice_batch,
};
pub use workers::Workers;

/// The generator of random numbers behind dropout and initialisation: small, fast and the same on every machine.
pub type Random = rand_xoshiro::Xoshiro256PlusPlus;

/// A generator of random numbers that starts from `seed`.
pub fn seed(seed: u64) -> Random {
    rand_core::SeedableRng::seed_from_u64(seed)
}
