//! Loads and stores of states, which are read a moment after they were written, and products in some of the lanes.
//!
//! A load finds what a store still holds back if it is a part of that one store. One that lies across two stores, or a store with a mask, makes it wait until
//! all of them are in the cache: 20 to 30 cycles in the middle of a chain. Callers copy states in pieces of 16 bytes or more.

use core::arch::x86_64::*;

/// The first numbers, up to four; the others are 0.
///
/// # Safety
/// `from` is valid for reading `count` numbers, or four.
#[inline(always)]
unsafe fn load_quarter(from: *const f32, count: usize) -> __m128 {
    // SAFETY: passed on to the caller; no load need be aligned.
    unsafe {
        match count {
            0 => _mm_setzero_ps(),
            1 => _mm_load_ss(from),
            2 => _mm_castpd_ps(_mm_load_sd(from.cast())),
            3 => _mm_movelh_ps(_mm_castpd_ps(_mm_load_sd(from.cast())), _mm_load_ss(from.add(2))),
            _ => _mm_loadu_ps(from),
        }
    }
}

/// # Safety
/// The machine has AVX-512 F, VL and DQ, `count <= 16`, and `from` is valid for reading `count` numbers.
#[inline(always)]
pub(super) unsafe fn load_pieces512(from: *const f32, count: usize) -> __m512 {
    // Where nothing is left, nothing is read.
    let quarter = |index: usize| (from.wrapping_add(4 * index), count.saturating_sub(4 * index));
    // SAFETY: passed on to the caller.
    unsafe {
        let [first, second, third, last] = [quarter(0), quarter(1), quarter(2), quarter(3)];
        let all = _mm512_zextps128_ps512(load_quarter(first.0, first.1));
        let all = _mm512_insertf32x4::<1>(all, load_quarter(second.0, second.1));
        let all = _mm512_insertf32x4::<2>(all, load_quarter(third.0, third.1));
        _mm512_insertf32x4::<3>(all, load_quarter(last.0, last.1))
    }
}

/// # Safety
/// The machine has AVX2, `count <= 8`, and `from` is valid for reading `count` numbers.
#[inline(always)]
pub(super) unsafe fn load_pieces256(from: *const f32, count: usize) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe {
        let low = _mm256_zextps128_ps256(load_quarter(from, count));
        _mm256_insertf128_ps::<1>(low, load_quarter(from.wrapping_add(4), count.saturating_sub(4)))
    }
}

/// # Safety
/// The machine has AVX-512 F, VL and DQ, `count <= 16`, and `to` is valid for writing `count` numbers.
#[inline(always)]
pub(super) unsafe fn store_pieces512(mut to: *mut f32, count: usize, all: __m512) {
    // SAFETY: passed on to the caller.
    unsafe {
        if count == 16 {
            return _mm512_storeu_ps(to, all);
        }
        let mut rest = _mm512_castps512_ps256(all);
        if count & 8 != 0 {
            _mm256_storeu_ps(to, rest);
            rest = _mm512_extractf32x8_ps::<1>(all);
            to = to.add(8);
        }
        if count & 7 != 0 {
            store_pieces256(to, count & 7, rest);
        }
    }
}

/// # Safety
/// The machine has AVX2, `count <= 8`, and `to` is valid for writing `count` numbers.
#[inline(always)]
pub(super) unsafe fn store_pieces256(mut to: *mut f32, count: usize, all: __m256) {
    // SAFETY: passed on to the caller.
    unsafe {
        if count == 8 {
            return _mm256_storeu_ps(to, all);
        }
        let mut rest = _mm256_castps256_ps128(all);
        if count & 4 != 0 {
            _mm_storeu_ps(to, rest);
            rest = _mm256_extractf128_ps::<1>(all);
            to = to.add(4);
        }
        if count & 2 != 0 {
            _mm_storel_pd(to.cast(), _mm_castps_pd(rest));
            rest = _mm_movehl_ps(rest, rest);
            to = to.add(2);
        }
        if count & 1 != 0 {
            _mm_store_ss(to, rest);
        }
    }
}

/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn add_product_in512(a: __m512, b: __m512, sum: __m512, lanes: u16) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe { _mm512_mask3_fmadd_ps(a, b, sum, lanes) }
}

/// # Safety
/// The machine has AVX2 and FMA.
#[inline(always)]
pub(super) unsafe fn add_product_in256(a: __m256, b: __m256, sum: __m256, lanes: u16) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe {
        let bits = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
        let chosen = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(i32::from(lanes)), bits), bits);
        _mm256_blendv_ps(sum, _mm256_fmadd_ps(a, b, sum), _mm256_castsi256_ps(chosen))
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use crate::Isa;
    use crate::simd::{Lanes, Vector};

    #[inline(always)]
    unsafe fn pieces<V: Vector<Element = f32>>() {
        let numbers: [f32; 16] = core::array::from_fn(|i| i as f32 + 1.0);
        for count in 0..=V::LANES {
            let (mut loaded, mut stored) = ([-1.0; 16], [-1.0; 16]);
            // SAFETY: the arrays hold as many numbers as a vector; the instruction set is the caller's to vouch for.
            unsafe {
                V::load_pieces(numbers.as_ptr(), count).store(loaded.as_mut_ptr());
                V::load(numbers.as_ptr()).store_pieces(stored.as_mut_ptr(), count);
            }
            for i in 0..V::LANES {
                assert_eq!(loaded[i], if i < count { numbers[i] } else { 0.0 }, "number {i} of {count}");
                assert_eq!(stored[i], if i < count { numbers[i] } else { -1.0 }, "number {i} of {count}");
            }
        }
    }

    /// Products are added in the lanes whose bits are set.
    #[inline(always)]
    unsafe fn products<V: Vector<Element = f32>>() {
        for lanes in [0x1, 0x0f3c, 0xffff, 0x8001_u16] {
            let mut found = [0.0; 16];
            // SAFETY: as above.
            unsafe { V::splat(1.0).add_product_in(V::splat(2.0), V::splat(3.0), lanes).store(found.as_mut_ptr()) };
            for i in 0..V::LANES {
                assert_eq!(found[i], if lanes >> i & 1 == 1 { 7.0 } else { 1.0 }, "lane {i} of {lanes:b}");
            }
        }
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn avx512() {
        // SAFETY: passed on to the caller.
        unsafe {
            pieces::<<f32 as Lanes>::Avx512>();
            products::<<f32 as Lanes>::Avx512>();
        }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2() {
        // SAFETY: passed on to the caller.
        unsafe {
            pieces::<<f32 as Lanes>::Avx2>();
            products::<<f32 as Lanes>::Avx2>();
        }
    }

    #[test]
    fn pieces_and_products_touch_their_own_lanes() {
        // SAFETY: the machine has the set, where it is asked for.
        unsafe {
            pieces::<<f32 as Lanes>::Portable>();
            if Isa::Avx2.is_available() {
                avx2();
            }
            if Isa::Avx512.is_available() {
                avx512();
            }
        }
    }
}
