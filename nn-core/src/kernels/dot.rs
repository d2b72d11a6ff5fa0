//! Dot products: a matrix times one vector, at the speed of memory.

use crate::simd::{Isa, Lanes, Vector};

/// Rows at once: as many streams as the memory system likes, and enough sums to hide the latency.
const ROWS: usize = 8;

/// `result[row] = Σ weight[row][i] · input[i]`, for the rows of a matrix.
///
/// # Panics
/// If the matrix is not as large as input and result say.
pub(crate) fn matrix_vector<E: Lanes>(weight: &[E], input: &[E], result: &mut [E]) {
    assert_eq!(weight.len(), input.len() * result.len(), "the matrix has a row for each result, as long as the input");
    match Isa::current() {
        // SAFETY: the machine has the set, and the sizes fit as asserted.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => unsafe { avx512(weight, input, result) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => unsafe { avx2(weight, input, result) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => unsafe { neon(weight, input, result) },
        // SAFETY: as above.
        _ => unsafe { body::<E::Portable>(weight, input, result) },
    }
}

/// # Safety
/// As for [`body`]; the machine has AVX-512 F, VL, DQ and BW.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
unsafe fn avx512<E: Lanes>(weight: &[E], input: &[E], result: &mut [E]) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx512>(weight, input, result) }
}

/// # Safety
/// As for [`body`]; the machine has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<E: Lanes>(weight: &[E], input: &[E], result: &mut [E]) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx2>(weight, input, result) }
}

/// # Safety
/// As for [`body`].
#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon")]
unsafe fn neon<E: Lanes>(weight: &[E], input: &[E], result: &mut [E]) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Neon>(weight, input, result) }
}

/// # Safety
/// The machine has the vector's instruction set, and `weight` holds a row as long as `input` for each number of `result`.
#[inline(always)]
unsafe fn body<V: Vector>(weight: &[V::Element], input: &[V::Element], result: &mut [V::Element]) {
    let len = input.len();
    let (blocks, rest) = result.as_chunks_mut::<ROWS>();
    let whole = blocks.len() * ROWS;
    for (block, result) in blocks.iter_mut().enumerate() {
        // SAFETY: rows `block * ROWS ..+ ROWS` lie inside `weight`; the set is the caller's to vouch for.
        *result = unsafe { dots::<V, ROWS>(weight.as_ptr().add(block * ROWS * len), input) };
    }
    for (row, result) in rest.iter_mut().enumerate() {
        // SAFETY: row `whole + row` lies inside `weight`; the set is the caller's to vouch for.
        [*result] = unsafe { dots::<V, 1>(weight.as_ptr().add((whole + row) * len), input) };
    }
}

/// # Safety
/// The machine has the vector's instruction set, and `weight` is valid for reading `R` rows as long as `input`.
#[inline(always)]
unsafe fn dots<V: Vector, const R: usize>(weight: *const V::Element, input: &[V::Element]) -> [V::Element; R] {
    let len = input.len();
    // SAFETY: all offsets are below `R * len` in `weight` and below `len` in `input`; `lanes` has room for the longest vector.
    unsafe {
        let mut sums = [V::splat(V::Element::default()); R];
        let mut i = 0;
        while i + V::LANES <= len {
            let x = V::load(input.as_ptr().add(i));
            for row in 0..R {
                sums[row] = sums[row].add_product(V::load(weight.add(row * len + i)), x);
            }
            i += V::LANES;
        }
        let mut totals = [V::Element::default(); R];
        for row in 0..R {
            let mut lanes = [V::Element::default(); nn_shape::tile::MAX_LANES];
            sums[row].store(lanes.as_mut_ptr());
            for lane in lanes {
                totals[row] += lane;
            }
            for rest in i..len {
                totals[row] += *weight.add(row * len + rest) * input[rest];
            }
        }
        totals
    }
}
