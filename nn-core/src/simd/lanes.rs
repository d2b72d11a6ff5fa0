//! Which vectors the numbers of a kernel lie in.

#[cfg(target_arch = "aarch64")]
use super::neon;
#[cfg(target_arch = "x86_64")]
use super::x86;
use super::{Isa, Vector, portable};
use crate::Float;

/// The vectors of an element type, one for each instruction set.
pub(crate) trait Lanes: Float {
    /// Where the element has none, [`Isa::of`] never asks for it.
    #[cfg(target_arch = "x86_64")]
    type Avx512: Vector<Element = Self>;
    #[cfg(target_arch = "x86_64")]
    type Avx2: Vector<Element = Self>;
    #[cfg(target_arch = "aarch64")]
    type Neon: Vector<Element = Self>;
    type Portable: Vector<Element = Self>;
}

impl Lanes for f32 {
    #[cfg(target_arch = "x86_64")]
    type Avx512 = x86::F32x16;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = x86::F32x8;
    #[cfg(target_arch = "aarch64")]
    type Neon = neon::F32x4;
    type Portable = portable::Portable<f32>;
}

impl Lanes for f64 {
    #[cfg(target_arch = "x86_64")]
    type Avx512 = x86::F64x4;
    #[cfg(target_arch = "x86_64")]
    type Avx2 = x86::F64x4;
    #[cfg(target_arch = "aarch64")]
    type Neon = neon::F64x2;
    type Portable = portable::Portable<f64>;
}

/// The accumulators of a vector of the current instruction set.
pub(crate) fn accumulators<E: Lanes>() -> usize {
    match Isa::of::<E>() {
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => E::Avx512::ACCUMULATORS,
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => E::Avx2::ACCUMULATORS,
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => E::Neon::ACCUMULATORS,
        _ => E::Portable::ACCUMULATORS,
    }
}
