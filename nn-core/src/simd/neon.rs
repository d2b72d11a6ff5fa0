//! NEON, which every aarch64 machine has.

use core::arch::aarch64::*;

use super::{Apart, Vector};

macro_rules! vector {
    ($name:ident($register:ty) of $element:ty, $lanes:literal: $splat:ident $load:ident $store:ident $add:ident $sum:ident $fma:ident $mul:ident $max:ident $min:ident) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name($register);

        impl Vector for $name {
            type Element = $element;
            type Narrow = Self;
            const LANES: usize = $lanes;
            const ACCUMULATORS: usize = 24;

            #[inline(always)]
            unsafe fn apart<F: Apart<Self>>(given: F::Given<'_>) {
                /// # Safety
                /// The machine has the vector's instruction set, and what the function says.
                #[target_feature(enable = "neon")]
                #[inline(never)]
                unsafe fn call<F: Apart<$name>>(given: F::Given<'_>) {
                    // SAFETY: passed on to the caller.
                    unsafe { F::run(given) }
                }
                // SAFETY: passed on to the caller.
                unsafe { call::<F>(given) }
            }

            #[inline(always)]
            unsafe fn splat(value: $element) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $splat(value) })
            }
            #[inline(always)]
            unsafe fn load(from: *const $element) -> Self {
                // SAFETY: the caller vouches for the instruction set and for `LANES` readable numbers.
                $name(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $element) {
                // SAFETY: the caller vouches for the instruction set and for room for `LANES` numbers.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            unsafe fn add(self, other: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn sum(self) -> $element {
                // SAFETY: the caller vouches for the instruction set.
                unsafe { $sum(self.0) }
            }
            #[inline(always)]
            unsafe fn mul(self, other: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $mul(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn at_least(self, bound: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set; NaN stays.
                $name(unsafe { $max(self.0, bound.0) })
            }
            #[inline(always)]
            unsafe fn at_most(self, bound: Self) -> Self {
                // SAFETY: as for `at_least`.
                $name(unsafe { $min(self.0, bound.0) })
            }
            #[inline(always)]
            unsafe fn maximum(self, other: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set; NaN stays.
                $name(unsafe { $max(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn add_product(self, a: Self, b: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $fma(self.0, a.0, b.0) })
            }
        }
    };
}

vector!(F32x4(float32x4_t) of f32, 4: vdupq_n_f32 vld1q_f32 vst1q_f32 vaddq_f32 vaddvq_f32 vfmaq_f32 vmulq_f32 vmaxq_f32 vminq_f32);
vector!(F64x2(float64x2_t) of f64, 2: vdupq_n_f64 vld1q_f64 vst1q_f64 vaddq_f64 vaddvq_f64 vfmaq_f64 vmulq_f64 vmaxq_f64 vminq_f64);
