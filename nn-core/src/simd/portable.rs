//! Four numbers at a time, in whatever way the target has.

use super::{Apart, Vector};
use crate::Float;

/// Small enough that the optimiser keeps it in registers.
#[derive(Clone, Copy)]
#[repr(align(16))]
pub(crate) struct Portable<E>([E; 4]);

impl<E: Float> Vector for Portable<E> {
    type Element = E;
    type Narrow = Self;
    const LANES: usize = 4;
    const ACCUMULATORS: usize = 8;
    const MANY_SIZES: bool = false;

    #[inline(always)]
    unsafe fn apart<F: Apart<Self>>(given: F::Given<'_>) {
        /// # Safety
        /// The machine has the vector's instruction set, and what the function says.
        #[inline(never)]
        unsafe fn call<E: Float, F: Apart<Portable<E>>>(given: F::Given<'_>) {
            // SAFETY: passed on to the caller.
            unsafe { F::run(given) }
        }
        // SAFETY: passed on to the caller.
        unsafe { call::<E, F>(given) }
    }
    #[inline(always)]
    unsafe fn splat(value: E) -> Self {
        Portable([value; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const E) -> Self {
        // SAFETY: the caller vouches for four readable numbers; an array of them has their alignment.
        Portable(unsafe { from.cast::<[E; 4]>().read() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut E) {
        // SAFETY: the caller vouches for room for four numbers; an array of them has their alignment.
        unsafe { to.cast::<[E; 4]>().write(self.0) }
    }
    #[inline(always)]
    unsafe fn add(self, other: Self) -> Self {
        Portable(core::array::from_fn(|lane| self.0[lane] + other.0[lane]))
    }
    #[inline(always)]
    unsafe fn sum(self) -> E {
        (self.0[0] + self.0[2]) + (self.0[1] + self.0[3])
    }
    #[inline(always)]
    unsafe fn mul(self, other: Self) -> Self {
        Portable(core::array::from_fn(|lane| self.0[lane] * other.0[lane]))
    }
    #[inline(always)]
    unsafe fn at_least(self, bound: Self) -> Self {
        let largest = |lane| if bound.0[lane] > self.0[lane] { bound.0[lane] } else { self.0[lane] };
        Portable(core::array::from_fn(largest))
    }
    #[inline(always)]
    unsafe fn at_most(self, bound: Self) -> Self {
        let smallest = |lane| if bound.0[lane] < self.0[lane] { bound.0[lane] } else { self.0[lane] };
        Portable(core::array::from_fn(smallest))
    }
    #[inline(always)]
    unsafe fn maximum(self, other: Self) -> Self {
        Portable(core::array::from_fn(|lane| self.0[lane].maximum(other.0[lane])))
    }
    #[inline(always)]
    unsafe fn add_product(self, a: Self, b: Self) -> Self {
        // `mul_add` would call a function on machines without the instruction.
        Portable(core::array::from_fn(|lane| self.0[lane] + a.0[lane] * b.0[lane]))
    }
}
