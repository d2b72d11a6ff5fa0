//! Loads and stores of states, which are read a moment after they were written, their shift by a number, and products in some of the lanes.
//!
//! A load finds what a store still holds back if it is a part of that one store. One that lies across two stores, or a store with a mask, makes it wait until
//! all of them are in the cache: 20 to 30 cycles in the middle of a chain. Callers copy states in pieces of 16 bytes or more.

use core::arch::x86_64::*;

use super::unknown;

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
            2 => _mm_castsi128_ps(_mm_loadl_epi64(from.cast())),
            3 => _mm_movelh_ps(_mm_castsi128_ps(_mm_loadl_epi64(from.cast())), _mm_load_ss(from.add(2))),
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
            _mm_storel_epi64(to.cast(), _mm_castps_si128(rest));
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

/// Numbers after which places lie in pieces as they did before: whole pieces, and whole lines.
const fn period(len: usize) -> usize {
    match len % 4 {
        0 => len,
        2 => 2 * len,
        _ => 4 * len,
    }
}

/// Pieces that [`shift_lines`] is written out for.
const PIECES: usize = 16;

/// Whether [`shift_lines`] is for so many lines of such a length.
#[inline(always)]
pub(super) const fn shifts_lines(lines: usize, len: usize) -> bool {
    len > 1 && period(len) <= 4 * PIECES && lines > 0 && (lines * len).is_multiple_of(period(len))
}

/// # Safety
/// The machine has AVX2; `past` is valid for reading `lines` times `len` numbers, which [`shifts_lines`], `next` for one of each line, and `to` for writing as
/// many as `past` has.
#[inline(always)]
pub(super) unsafe fn shift_lines(lines: usize, len: usize, past: *const f32, next: *const f32, to: *mut f32) {
    let (period, all) = (period(len), lines * len);
    // SAFETY: pieces lie in what the caller vouches for, and so do the numbers of the lines that end in them.
    unsafe {
        let mut first = 0;
        let mut piece = _mm_loadu_ps(past);
        while first < all {
            let next = next.add(first / len);
            // With constant sizes, all that depends on a piece's number is known, too.
            macro_rules! pieces {
                ($($number:literal)*) => {$(
                    let at = 4 * $number;
                    if at < period {
                        let behind = first + at + 4;
                        // Of two pieces that lie side by side the optimiser would make one load across both.
                        let following = if behind < all { _mm_loadu_ps(unknown(past.add(behind))) } else { piece };
                        let [low, high] = [piece, following].map(|numbers| _mm_castps_si128(numbers));
                        let mut moved = _mm_castsi128_ps(_mm_alignr_epi8::<4>(high, low));
                        if at % len == len - 1 {
                            moved = _mm_insert_ps::<0x00>(moved, _mm_load_ss(next.add(at / len)));
                        }
                        if (at + 1) % len == len - 1 {
                            moved = _mm_insert_ps::<0x10>(moved, _mm_load_ss(next.add((at + 1) / len)));
                        }
                        if (at + 2) % len == len - 1 {
                            moved = _mm_insert_ps::<0x20>(moved, _mm_load_ss(next.add((at + 2) / len)));
                        }
                        if (at + 3) % len == len - 1 {
                            moved = _mm_insert_ps::<0x30>(moved, _mm_load_ss(next.add((at + 3) / len)));
                        }
                        _mm_storeu_ps(to.add(first + at), moved);
                        piece = following;
                    }
                )*};
            }
            pieces!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
            first += period;
        }
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use std::vec;
    use std::vec::Vec;

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

    /// Four numbers in every four lanes, and the sums of these lanes.
    #[inline(always)]
    unsafe fn quads<V: Vector<Element = f32>>() {
        let numbers: [f32; 64] = core::array::from_fn(|i| (i * i % 37) as f32);
        let (mut spread, mut folded) = ([-1.0; 16], [-1.0; 16]);
        // SAFETY: the arrays hold as many numbers as four vectors, and as one; the instruction set is the caller's to vouch for.
        unsafe {
            V::quad(numbers.as_ptr()).store(spread.as_mut_ptr());
            V::fold(core::array::from_fn(|j| V::load(numbers.as_ptr().add(16 * j)))).store(folded.as_mut_ptr());
        }
        for lane in 0..V::LANES {
            assert_eq!(spread[lane], numbers[lane % 4], "lane {lane}");
            let four = &numbers[lane % 4 * 16 + lane / 4 * 4..][..4];
            assert_eq!(folded[lane], four.iter().sum::<f32>(), "lane {lane}");
        }
    }

    /// Lines of all lengths, which go on by a number each.
    #[inline(always)]
    unsafe fn shifted<V: Vector<Element = f32>>() {
        let mut kinds = 0;
        for (lines, len) in (1..9).flat_map(|lines| (1..70).map(move |len| (lines, len))) {
            if !V::shifts(lines, len, 1) {
                continue;
            }
            kinds += 1;
            let past: Vec<f32> = (0..lines * len).map(|value| value as f32).collect();
            let next: Vec<f32> = (0..lines).map(|line| -1.0 - line as f32).collect();
            let mut found = vec![0.5; lines * len];
            // SAFETY: the lines are as long as that; the instruction set is the caller's to vouch for.
            unsafe { V::shift(lines, len, past.as_ptr(), next.as_ptr(), found.as_mut_ptr()) };
            for line in 0..lines {
                let expected: Vec<f32> =
                    past[line * len + 1..][..len - 1].iter().chain([&next[line]]).copied().collect();
                assert_eq!(found[line * len..][..len], expected, "line {line} of {lines} of {len}");
            }
        }
        assert!(kinds > 150, "{kinds}");
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn avx512() {
        // SAFETY: passed on to the caller.
        unsafe {
            quads::<<f32 as Lanes>::Avx512>();
            shifted::<<f32 as Lanes>::Avx512>();
            pieces::<<f32 as Lanes>::Avx512>();
            products::<<f32 as Lanes>::Avx512>();
        }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2() {
        // SAFETY: passed on to the caller.
        unsafe {
            quads::<<f32 as Lanes>::Avx2>();
            shifted::<<f32 as Lanes>::Avx2>();
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
