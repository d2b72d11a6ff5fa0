//! AVX2 and AVX-512.

use core::arch::x86_64::*;

use nn_shape::tile::MAX_LANES;

use super::x86_functions::{sums256, sums512};
use super::x86_gates::{self, *};
use super::x86_order::*;
use super::x86_pieces::*;
use super::{Apart, Vector};

macro_rules! vector {
    ($name:ident($register:ty) of $element:ty, $lanes:literal, $accumulators:literal, $features:literal:
     $splat:ident $load:ident $store:ident $load_part:ident $store_part:ident $mask:expr, $add:ident $sum:ident $fma:ident $mul:ident $max:ident $min:ident $maximum:ident $evens:ident $(, keep $keep:ident $lane_mask:ty, places $store_evens:ident $between:ident)? $(, narrow $narrow:ident)? $(, functions $load_behind:ident $sums:ident $odds:ident $spread:ident $quad:ident $fold:ident $transpose:ident $zip:ident, gates $load_pieces:ident $store_pieces:ident $tanh:ident $sigmoid:ident $lstm:ident $gru:ident $lstm_quarters:ident $gru_quarters:ident $lstm_halves:ident $gru_halves:ident $fma_in:ident)?) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name($register);

        impl Vector for $name {
            type Element = $element;
            type Narrow = vector!(@first $($narrow)? Self);
            const LANES: usize = $lanes;
            const ACCUMULATORS: usize = $accumulators;

            #[inline(always)]
            unsafe fn apart<F: Apart<Self>>(given: F::Given<'_>) {
                /// # Safety
                /// The machine has the vector's instruction set, and what the function says.
                #[target_feature(enable = $features)]
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
                // SAFETY: the caller vouches for the instruction set and for `LANES` readable numbers; the load need not be aligned.
                $name(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $element) {
                // SAFETY: the caller vouches for the instruction set and for room for `LANES` numbers; the store need not be aligned.
                unsafe { $store(to, self.0) }
            }
            #[inline(always)]
            unsafe fn load_part(from: *const $element, count: usize) -> Self {
                // SAFETY: the caller vouches for the instruction set and for `count` readable numbers; the load touches no others.
                $name(unsafe { $load_part($mask(count), from) })
            }
            #[inline(always)]
            unsafe fn store_part(self, to: *mut $element, count: usize) {
                // SAFETY: the caller vouches for the instruction set and for room for `count` numbers; the store touches no others.
                unsafe { $store_part(to, count, self.0) }
            }
            $(
                #[inline(always)]
                unsafe fn between(self, other: Self) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $between(self.0, other.0) })
                }
                const KEEPS: bool = true;
                #[inline(always)]
                unsafe fn keep(self, lanes: u16) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $keep(lanes as $lane_mask, self.0) })
                }
                #[inline(always)]
                unsafe fn store_evens(self, to: *mut $element, count: usize) {
                    // SAFETY: the caller vouches for the instruction set and for the places; no others are touched.
                    unsafe { $store_evens(self.0, to, count) }
                }
            )?
            #[inline(always)]
            unsafe fn fetch(from: *const $element) {
                // SAFETY: every x86-64 machine has the instruction, which does nothing where the address is not valid.
                unsafe { _mm_prefetch::<_MM_HINT_T1>(from.cast()) }
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
                // SAFETY: the caller vouches for the instruction set. Of a pair with a NaN the instruction gives the second.
                $name(unsafe { $max(bound.0, self.0) })
            }
            #[inline(always)]
            unsafe fn at_most(self, bound: Self) -> Self {
                // SAFETY: as for `at_least`.
                $name(unsafe { $min(bound.0, self.0) })
            }
            #[inline(always)]
            unsafe fn maximum(self, other: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $maximum(self.0, other.0) })
            }
            #[inline(always)]
            unsafe fn add_product(self, a: Self, b: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $fma(a.0, b.0, self.0) })
            }
            #[inline(always)]
            unsafe fn evens(self, other: Self) -> Self {
                // SAFETY: the caller vouches for the instruction set.
                $name(unsafe { $evens(self.0, other.0) })
            }
            $(
                #[inline(always)]
                unsafe fn load_behind(from: *const $element) -> Self {
                    // SAFETY: passed on to the caller.
                    $name(unsafe { $load_behind(from) })
                }
                #[inline(always)]
                unsafe fn sums(vectors: [Self; MAX_LANES]) -> Self {
                    let mut registers = [vectors[0].0; MAX_LANES];
                    for vector in 0..MAX_LANES {
                        registers[vector] = vectors[vector].0;
                    }
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $sums(registers) })
                }
                #[inline(always)]
                unsafe fn transpose(rows: [Self; MAX_LANES]) -> [Self; MAX_LANES] {
                    let mut registers = [rows[0].0; MAX_LANES];
                    for row in 0..MAX_LANES {
                        registers[row] = rows[row].0;
                    }
                    // SAFETY: the caller vouches for the instruction set.
                    let registers = unsafe { $transpose(registers) };
                    let mut columns = rows;
                    for column in 0..MAX_LANES {
                        columns[column] = $name(registers[column]);
                    }
                    columns
                }
                #[inline(always)]
                unsafe fn load_pieces(from: *const $element, count: usize) -> Self {
                    // SAFETY: the caller vouches for the instruction set and for `count` readable numbers, no more than there are lanes.
                    $name(unsafe { $load_pieces(from, count) })
                }
                #[inline(always)]
                unsafe fn store_pieces(self, to: *mut $element, count: usize) {
                    // SAFETY: the caller vouches for the instruction set and for room for `count` numbers, no more than there are lanes.
                    unsafe { $store_pieces(to, count, self.0) }
                }
                const SCALES: [f64; 2] = [x86_gates::SIGMOID, x86_gates::TANH];
                #[inline(always)]
                unsafe fn tanh(self) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $tanh(self.0) })
                }
                #[inline(always)]
                unsafe fn sigmoid(self) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $sigmoid(self.0) })
                }
                #[inline(always)]
                unsafe fn lstm([input, forget, new, out]: [Self; 4], c: Self) -> [Self; 2] {
                    // SAFETY: the caller vouches for the instruction set.
                    unsafe { $lstm([input.0, forget.0, new.0, out.0], c.0) }.map($name)
                }
                #[inline(always)]
                unsafe fn gru([reset, update, new, own]: [Self; 4], h: Self) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $gru([reset.0, update.0, new.0, own.0], h.0) })
                }
                const SHARES: bool = true;
                #[inline(always)]
                unsafe fn add_product_in(self, a: Self, b: Self, lanes: u16) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $fma_in(a.0, b.0, self.0, lanes) })
                }
                #[inline(always)]
                unsafe fn lstm_shared<const VECTORS: usize>(sums: [Self; VECTORS], c: Self) -> [Self; 2] {
                    let (first, last) = (sums[0].0, sums[VECTORS - 1].0);
                    // SAFETY: the caller vouches for the instruction set.
                    unsafe { if VECTORS == 1 { $lstm_quarters(first, c.0) } else { $lstm_halves([first, last], c.0) } }.map($name)
                }
                #[inline(always)]
                unsafe fn gru_shared<const VECTORS: usize>(sums: [Self; VECTORS], h: Self) -> Self {
                    let (first, last) = (sums[0].0, sums[VECTORS - 1].0);
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { if VECTORS == 1 { $gru_quarters(first, h.0) } else { $gru_halves([first, last], h.0) } })
                }
                #[inline(always)]
                unsafe fn zip(self, other: Self) -> [Self; 2] {
                    // SAFETY: the caller vouches for the instruction set.
                    let [first, second] = unsafe { $zip(self.0, other.0) };
                    [$name(first), $name(second)]
                }
                const SPREADS: bool = true;
                #[inline(always)]
                unsafe fn spread(from: *const $element) -> Self {
                    // SAFETY: the caller vouches for the instruction set and for two readable numbers.
                    $name(unsafe { $spread(from) })
                }
                const QUADS: bool = true;
                #[inline(always)]
                unsafe fn quad(from: *const $element) -> Self {
                    // SAFETY: the caller vouches for the instruction set and for four readable numbers.
                    $name(unsafe { $quad(from) })
                }
                #[inline(always)]
                unsafe fn fold([first, second, third, last]: [Self; 4]) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $fold([first.0, second.0, third.0, last.0]) })
                }
                #[inline(always)]
                fn shifts(lines: usize, len: usize, new: usize) -> bool {
                    new == 1 && shifts_lines(lines, len)
                }
                #[inline(always)]
                unsafe fn shift(lines: usize, len: usize, past: *const $element, next: *const $element, to: *mut $element) {
                    // SAFETY: passed on to the caller.
                    unsafe { shift_lines(lines, len, past, next, to) }
                }
                #[inline(always)]
                unsafe fn odds(self, other: Self) -> Self {
                    // SAFETY: the caller vouches for the instruction set.
                    $name(unsafe { $odds(self.0, other.0) })
                }
            )?
        }
    };
    (@first $first:ident $($rest:ident)?) => {
        $first
    };
}

vector!(F32x16(__m512) of f32, 16, 24, "avx512f,avx512vl,avx512dq,avx512bw":
    _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps _mm512_maskz_loadu_ps store_part512
    |count: usize| ((1u32 << count) - 1) as __mmask16, _mm512_add_ps sum512_ps _mm512_fmadd_ps _mm512_mul_ps _mm512_max_ps _mm512_min_ps maximum512_ps evens512_ps, keep _mm512_maskz_compress_ps __mmask16, places store_evens512_ps between512, narrow F32x8Of512,
    functions load_behind512 sums512 odds512_ps spread512 quad512 fold512 transpose512 zip512,
    gates load_pieces512 store_pieces512 tanh512 sigmoid512 lstm512 gru512 lstm_quarters512 gru_quarters512 lstm_halves512 gru_halves512 add_product_in512);
vector!(F32x8(__m256) of f32, 8, 12, "avx2,fma":
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps maskload_ps store_pieces256 mask32, _mm256_add_ps sum_ps _mm256_fmadd_ps _mm256_mul_ps _mm256_max_ps _mm256_min_ps maximum256_ps evens256_ps,
    functions load_behind256 sums256 odds256_ps spread256 quad256 fold256 transpose256 zip256,
    gates load_pieces256 store_pieces256 tanh256 sigmoid256 lstm256 gru256 lstm_quarters256 gru_quarters256 lstm_halves256 gru_halves256 add_product_in256);
// The same among instructions of AVX-512.
vector!(F32x8Of512(__m256) of f32, 8, 12, "avx512f,avx512vl,avx512dq,avx512bw":
    _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps maskload_ps store_part256 mask32, _mm256_add_ps sum_ps _mm256_fmadd_ps _mm256_mul_ps _mm256_max_ps _mm256_min_ps maximum256_ps evens256_ps,
    functions load_behind256 sums256 odds256_ps spread256 quad256 fold256 transpose256 zip256,
    gates load_pieces256 store_pieces256 tanh256 sigmoid256 lstm256 gru256 lstm_quarters256 gru_quarters256 lstm_halves256 gru_halves256 add_product_in256);
vector!(F64x4(__m256d) of f64, 4, 12, "avx2,fma":
    _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd maskload_pd store_part_pd mask64, _mm256_add_pd sum_pd _mm256_fmadd_pd _mm256_mul_pd _mm256_max_pd _mm256_min_pd maximum256_pd evens256_pd);

/// # Safety
/// The machine has AVX-512 F, and `from` is valid for reading two numbers.
#[inline(always)]
unsafe fn spread512(from: *const f32) -> __m512 {
    // SAFETY: passed on to the caller; the load need not be aligned.
    unsafe { _mm512_castpd_ps(_mm512_set1_pd(from.cast::<f64>().read_unaligned())) }
}

/// # Safety
/// The machine has AVX2, and `from` is valid for reading two numbers.
#[inline(always)]
unsafe fn spread256(from: *const f32) -> __m256 {
    // SAFETY: passed on to the caller; the load need not be aligned.
    unsafe { _mm256_castpd_ps(_mm256_set1_pd(from.cast::<f64>().read_unaligned())) }
}

/// # Safety
/// The machine has AVX-512 F, and `from` is valid for reading four numbers.
#[inline(always)]
unsafe fn quad512(from: *const f32) -> __m512 {
    // SAFETY: passed on to the caller; the load need not be aligned.
    unsafe { _mm512_broadcast_f32x4(_mm_loadu_ps(from)) }
}

/// # Safety
/// The machine has AVX2, and `from` is valid for reading four numbers.
#[inline(always)]
unsafe fn quad256(from: *const f32) -> __m256 {
    // SAFETY: passed on to the caller; the load need not be aligned.
    unsafe { _mm256_set_m128(_mm_loadu_ps(from), _mm_loadu_ps(from)) }
}

/// # Safety
/// The machine has AVX-512 F, `count <= 16`, and `to` is valid for writing `count` numbers.
#[inline(always)]
unsafe fn store_part512(to: *mut f32, count: usize, all: __m512) {
    // SAFETY: passed on to the caller.
    unsafe { _mm512_mask_storeu_ps(to, ((1u32 << count) - 1) as __mmask16, all) }
}

/// AVX2's stores with a mask take some machines ten times as long as these.
///
/// # Safety
/// The machine has AVX-512 F and VL, `count <= 8`, and `to` is valid for writing `count` numbers.
#[inline(always)]
unsafe fn store_part256(to: *mut f32, count: usize, all: __m256) {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_mask_storeu_ps(to, ((1u32 << count) - 1) as __mmask8, all) }
}

/// # Safety
/// The machine has AVX, `count <= 4`, and `to` is valid for writing `count` numbers.
#[inline(always)]
unsafe fn store_part_pd(to: *mut f64, count: usize, all: __m256d) {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_maskstore_pd(to, mask64(count), all) }
}

/// `_mm256_maskload_ps` with its arguments in the order of the AVX-512 one.
///
/// # Safety
/// The machine has AVX2, and `from` is valid for reading where the mask is set.
#[inline(always)]
unsafe fn maskload_ps(mask: __m256i, from: *const f32) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_maskload_ps(from, mask) }
}

/// `_mm256_maskload_pd` with its arguments in the order of the AVX-512 one.
///
/// # Safety
/// The machine has AVX2, and `from` is valid for reading where the mask is set.
#[inline(always)]
unsafe fn maskload_pd(mask: __m256i, from: *const f64) -> __m256d {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_maskload_pd(from, mask) }
}

/// A zero, and then the numbers from `from` on but for the last.
///
/// # Safety
/// The machine has AVX-512 F, and `from` is valid for reading 15 numbers.
#[inline(always)]
unsafe fn load_behind512(from: *const f32) -> __m512 {
    // SAFETY: passed on to the caller; the number before them is not touched.
    unsafe { _mm512_maskz_loadu_ps(0xfffe, from.wrapping_sub(1)) }
}

/// A zero, and then the numbers from `from` on but for the last.
///
/// # Safety
/// The machine has AVX2, and `from` is valid for reading 7 numbers.
#[inline(always)]
unsafe fn load_behind256(from: *const f32) -> __m256 {
    // SAFETY: passed on to the caller; the number before them is not touched.
    unsafe { _mm256_maskload_ps(from.wrapping_sub(1), _mm256_setr_epi32(0, -1, -1, -1, -1, -1, -1, -1)) }
}

/// The first `count` of 8 lanes.
///
/// # Safety
/// The machine has AVX2.
#[inline(always)]
unsafe fn mask32(count: usize) -> __m256i {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)) }
}

/// The first `count` of 4 lanes.
///
/// # Safety
/// The machine has AVX2.
#[inline(always)]
unsafe fn mask64(count: usize) -> __m256i {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_cmpgt_epi64(_mm256_set1_epi64x(count as i64), _mm256_setr_epi64x(0, 1, 2, 3)) }
}

/// In the order of `sums512`, so that both give the same bits.
///
/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
unsafe fn sum512_ps(vector: __m512) -> f32 {
    // SAFETY: passed on to the caller.
    unsafe {
        let two = _mm512_add_ps(vector, _mm512_permute_ps::<0b01_00_11_10>(vector));
        let four = _mm512_add_ps(two, _mm512_permute_ps::<0b10_11_00_01>(two));
        let eight = _mm512_add_ps(four, _mm512_shuffle_f32x4::<0b10_11_00_01>(four, four));
        _mm512_cvtss_f32(_mm512_add_ps(eight, _mm512_shuffle_f32x4::<0b01_00_11_10>(eight, eight)))
    }
}

/// In the order of `sums256`, so that both give the same bits.
///
/// # Safety
/// The machine has AVX.
#[inline(always)]
unsafe fn sum_ps(vector: __m256) -> f32 {
    // SAFETY: passed on to the caller.
    unsafe {
        let two = _mm256_add_ps(vector, _mm256_permute_ps::<0b10_11_00_01>(vector));
        let four = _mm256_add_ps(two, _mm256_permute_ps::<0b01_00_11_10>(two));
        _mm_cvtss_f32(_mm_add_ss(_mm256_castps256_ps128(four), _mm256_extractf128_ps(four, 1)))
    }
}

/// # Safety
/// The machine has AVX.
#[inline(always)]
unsafe fn sum_pd(vector: __m256d) -> f64 {
    // SAFETY: passed on to the caller.
    unsafe {
        let two = _mm_add_pd(_mm256_castpd256_pd128(vector), _mm256_extractf128_pd(vector, 1));
        _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)))
    }
}

/// Declares the larger of two numbers, which is NaN if one is: of a pair with a NaN the instruction gives the second.
macro_rules! maximum {
    ($($name:ident($register:ty): $max:ident, |$larger:ident, $left:ident| $keep:expr;)*) => {$(
        /// # Safety
        /// The machine has the vector's instruction set.
        #[inline(always)]
        unsafe fn $name($left: $register, right: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe {
                let $larger = $max($left, right);
                $keep
            }
        }
    )*};
}

maximum! {
    maximum512_ps(__m512): _mm512_max_ps, |max, a| _mm512_mask_mov_ps(max, _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(a, a), a);
    maximum256_ps(__m256): _mm256_max_ps, |max, a| _mm256_blendv_ps(max, a, _mm256_cmp_ps::<_CMP_UNORD_Q>(a, a));
    maximum256_pd(__m256d): _mm256_max_pd, |max, a| _mm256_blendv_pd(max, a, _mm256_cmp_pd::<_CMP_UNORD_Q>(a, a));
}
