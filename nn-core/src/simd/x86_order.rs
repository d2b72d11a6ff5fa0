//! Numbers in another order: every second one, rows for columns.

use core::arch::x86_64::*;

use nn_shape::tile::MAX_LANES;

/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn evens512_ps(a: __m512, b: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let places = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        _mm512_permutex2var_ps(a, places, b)
    }
}

/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn odds512_ps(a: __m512, b: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let places = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
        _mm512_permutex2var_ps(a, places, b)
    }
}

/// # Safety
/// The machine has AVX2.
#[inline(always)]
pub(super) unsafe fn evens256_ps(a: __m256, b: __m256) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe {
        // Halves are shuffled by themselves: their quarters lie crosswise.
        let halves = _mm256_castps_pd(_mm256_shuffle_ps::<0b10_00_10_00>(a, b));
        _mm256_castpd_ps(_mm256_permute4x64_pd::<0b11_01_10_00>(halves))
    }
}

/// # Safety
/// The machine has AVX2.
#[inline(always)]
pub(super) unsafe fn odds256_ps(a: __m256, b: __m256) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe {
        let halves = _mm256_castps_pd(_mm256_shuffle_ps::<0b11_01_11_01>(a, b));
        _mm256_castpd_ps(_mm256_permute4x64_pd::<0b11_01_10_00>(halves))
    }
}

/// In lane `j` of every four the sum of these four of vector `j`: halves of their transpose are added on the way.
///
/// # Safety
/// The machine has AVX-512 F and DQ.
#[inline(always)]
pub(super) unsafe fn fold512([a, b, c, d]: [__m512; 4]) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
        let cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
        let (ab, cd) = (_mm512_castps_pd(ab), _mm512_castps_pd(cd));
        let [low, high] = [_mm512_unpacklo_pd(ab, cd), _mm512_unpackhi_pd(ab, cd)];
        _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high))
    }
}

/// The same of half as many.
///
/// # Safety
/// The machine has AVX2.
#[inline(always)]
pub(super) unsafe fn fold256([a, b, c, d]: [__m256; 4]) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe {
        let ab = _mm256_add_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        let cd = _mm256_add_ps(_mm256_unpacklo_ps(c, d), _mm256_unpackhi_ps(c, d));
        let (ab, cd) = (_mm256_castps_pd(ab), _mm256_castps_pd(cd));
        let [low, high] = [_mm256_unpacklo_pd(ab, cd), _mm256_unpackhi_pd(ab, cd)];
        _mm256_add_ps(_mm256_castpd_ps(low), _mm256_castpd_ps(high))
    }
}

/// # Safety
/// The machine has AVX2.
#[inline(always)]
pub(super) unsafe fn evens256_pd(a: __m256d, b: __m256d) -> __m256d {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_permute4x64_pd::<0b11_01_10_00>(_mm256_unpacklo_pd(a, b)) }
}

/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn between512(a: __m512, b: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe { _mm512_shuffle_f32x4::<0b01_00_11_10>(a, b) }
}

/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn zip512(a: __m512, b: __m512) -> [__m512; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        let high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        [_mm512_permutex2var_ps(a, low, b), _mm512_permutex2var_ps(a, high, b)]
    }
}

/// # Safety
/// The machine has AVX.
#[inline(always)]
pub(super) unsafe fn zip256(a: __m256, b: __m256) -> [__m256; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let (low, high) = (_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b));
        [_mm256_permute2f128_ps::<0x20>(low, high), _mm256_permute2f128_ps::<0x31>(low, high)]
    }
}

/// The first `count` numbers to every second place.
///
/// # Safety
/// The machine has AVX-512 F, and `to` is valid for writing `2 * count - 1` numbers, `1 <= count <= 16`.
#[inline(always)]
pub(super) unsafe fn store_evens512_ps(a: __m512, to: *mut f32, count: usize) {
    // SAFETY: passed on to the caller; a mask has a bit for each number that goes into its vector, and only there is written.
    unsafe {
        let mask = 0x5555_5555 & ((1u64 << (2 * count - 1)) - 1);
        let low = _mm512_permutexvar_ps(_mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7), a);
        let high =
            _mm512_permutexvar_ps(_mm512_setr_epi32(8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15), a);
        _mm512_mask_storeu_ps(to, mask as __mmask16, low);
        _mm512_mask_storeu_ps(to.wrapping_add(16), (mask >> 16) as __mmask16, high);
    }
}

/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn transpose512(rows: [__m512; MAX_LANES]) -> [__m512; MAX_LANES] {
    // SAFETY: passed on to the caller.
    unsafe {
        // Within each quarter four rows by four columns: vector 4i + j then has column j of each quarter, of rows 4i to 4i + 3.
        let mut quads = rows;
        for i in 0..4 {
            let [a, b, c, d] = [rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]];
            let low = [_mm512_castps_pd(_mm512_unpacklo_ps(a, b)), _mm512_castps_pd(_mm512_unpacklo_ps(c, d))];
            let high = [_mm512_castps_pd(_mm512_unpackhi_ps(a, b)), _mm512_castps_pd(_mm512_unpackhi_ps(c, d))];
            quads[4 * i] = _mm512_castpd_ps(_mm512_unpacklo_pd(low[0], low[1]));
            quads[4 * i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low[0], low[1]));
            quads[4 * i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(high[0], high[1]));
            quads[4 * i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(high[0], high[1]));
        }
        // Quarters as rows of columns.
        let mut columns = rows;
        for j in 0..4 {
            let [a, b, c, d] = [quads[j], quads[4 + j], quads[8 + j], quads[12 + j]];
            let even = [_mm512_shuffle_f32x4::<0b10_00_10_00>(a, b), _mm512_shuffle_f32x4::<0b10_00_10_00>(c, d)];
            let odd = [_mm512_shuffle_f32x4::<0b11_01_11_01>(a, b), _mm512_shuffle_f32x4::<0b11_01_11_01>(c, d)];
            columns[j] = _mm512_shuffle_f32x4::<0b10_00_10_00>(even[0], even[1]);
            columns[8 + j] = _mm512_shuffle_f32x4::<0b11_01_11_01>(even[0], even[1]);
            columns[4 + j] = _mm512_shuffle_f32x4::<0b10_00_10_00>(odd[0], odd[1]);
            columns[12 + j] = _mm512_shuffle_f32x4::<0b11_01_11_01>(odd[0], odd[1]);
        }
        columns
    }
}

/// The first 8 rows by the first 8 columns.
///
/// # Safety
/// The machine has AVX.
#[inline(always)]
pub(super) unsafe fn transpose256(rows: [__m256; MAX_LANES]) -> [__m256; MAX_LANES] {
    // SAFETY: passed on to the caller.
    unsafe {
        let mut quads = rows;
        for i in 0..2 {
            let [a, b, c, d] = [rows[4 * i], rows[4 * i + 1], rows[4 * i + 2], rows[4 * i + 3]];
            let low = [_mm256_castps_pd(_mm256_unpacklo_ps(a, b)), _mm256_castps_pd(_mm256_unpacklo_ps(c, d))];
            let high = [_mm256_castps_pd(_mm256_unpackhi_ps(a, b)), _mm256_castps_pd(_mm256_unpackhi_ps(c, d))];
            quads[4 * i] = _mm256_castpd_ps(_mm256_unpacklo_pd(low[0], low[1]));
            quads[4 * i + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(low[0], low[1]));
            quads[4 * i + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(high[0], high[1]));
            quads[4 * i + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(high[0], high[1]));
        }
        let mut columns = rows;
        for j in 0..4 {
            columns[j] = _mm256_permute2f128_ps::<0x20>(quads[j], quads[4 + j]);
            columns[4 + j] = _mm256_permute2f128_ps::<0x31>(quads[j], quads[4 + j]);
        }
        columns
    }
}
