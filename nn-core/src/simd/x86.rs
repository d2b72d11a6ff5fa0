//! AVX2 and AVX-512.

use core::arch::x86_64::*;

use super::Vector;

macro_rules! vector {
    ($name:ident($register:ty) of $element:ty, $lanes:literal, $accumulators:literal: $splat:ident $load:ident $store:ident $fma:ident) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name($register);

        impl Vector for $name {
            type Element = $element;
            const LANES: usize = $lanes;
            const ACCUMULATORS: usize = $accumulators;

            #[inline(always)]
            unsafe fn splat(value: $element) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $splat(value) })
            }
            #[inline(always)]
            unsafe fn load(from: *const $element) -> Self {
                // SAFETY: the caller vouches for the instruction set and for `LANES` readable numbers; the load need not be aligned.
                $name(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $element) {
                // SAFETY: the caller vouches for the instruction set and for room for `LANES` numbers; the store need not be aligned.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            unsafe fn add_product(self, a: Self, b: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $fma(a.0, b.0, self.0) })
            }
        }
    };
}

vector!(F32x16(__m512) of f32, 16, 24: _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_fmadd_ps);
vector!(F64x8(__m512d) of f64, 8, 24: _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd _mm512_fmadd_pd);
vector!(F32x8(__m256) of f32, 8, 12: _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps _mm256_fmadd_ps);
vector!(F64x4(__m256d) of f64, 4, 12: _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd _mm256_fmadd_pd);
