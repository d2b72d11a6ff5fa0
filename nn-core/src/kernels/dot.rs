//! Dot products of the rows of two matrices: neither needs packing, and with few rows on one side the other is read at the speed of memory.

use core::ops::Range;

use super::gemm::even;
use crate::simd::{Isa, Lanes, Vector};

/// Numbers of a row that are taken before the next rows: a few rows of both matrices stay in the first cache.
const BLOCK: usize = 1024;

/// The matrices: rows of `len` numbers.
#[derive(Clone, Copy)]
struct Rows<'a, E> {
    left: &'a [E],
    right: &'a [E],
    len: usize,
    bias: Option<&'a [E]>,
}

/// `result[row] = Σ weight[row][i] · input[i]`, for the rows of a matrix.
pub(crate) fn matrix_vector<E: Lanes>(weight: &[E], input: &[E], result: &mut [E]) {
    dots(input, weight, input.len(), None, result);
}

/// `result[l][r] = bias[r] + Σ left[l][i] · right[r][i]`, over rows of `len` numbers.
///
/// # Panics
/// If the sizes do not fit.
pub(crate) fn dots<E: Lanes>(left: &[E], right: &[E], len: usize, bias: Option<&[E]>, result: &mut [E]) {
    if len == 0 || result.is_empty() {
        let zero = [E::ZERO];
        let bias = bias.filter(|bias| !bias.is_empty()).unwrap_or(&zero);
        return result.chunks_exact_mut(bias.len()).for_each(|row| row.copy_from_slice(bias));
    }
    let sides = [left.len() / len, right.len() / len];
    assert!(
        left.len() == sides[0] * len && right.len() == sides[1] * len,
        "the rows of both matrices are of one length"
    );
    assert!(result.len() == sides[0] * sides[1], "the result has a number for each pair of rows");
    assert!(bias.is_none_or(|bias| bias.len() == sides[1]), "the bias has a number for each row of the right matrix");
    let rows = Rows { left, right, len, bias };
    match Isa::current() {
        // SAFETY: the machine has the set, and the sizes fit as asserted.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 => unsafe { avx512(rows, sides, result) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx2 => unsafe { avx2(rows, sides, result) },
        // SAFETY: as above.
        #[cfg(target_arch = "aarch64")]
        Isa::Neon => unsafe { neon(rows, sides, result) },
        // SAFETY: as above.
        _ => unsafe { body::<E::Portable>(rows, sides, result) },
    }
}

/// # Safety
/// As for [`body`]; the machine has AVX-512 F, VL, DQ and BW.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
unsafe fn avx512<E: Lanes>(rows: Rows<'_, E>, sides: [usize; 2], result: &mut [E]) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx512>(rows, sides, result) }
}

/// # Safety
/// As for [`body`]; the machine has AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2<E: Lanes>(rows: Rows<'_, E>, sides: [usize; 2], result: &mut [E]) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Avx2>(rows, sides, result) }
}

/// # Safety
/// As for [`body`].
#[cfg(target_arch = "aarch64")]
#[target_feature(enable = "neon")]
unsafe fn neon<E: Lanes>(rows: Rows<'_, E>, sides: [usize; 2], result: &mut [E]) {
    // SAFETY: passed on to the caller.
    unsafe { body::<E::Neon>(rows, sides, result) }
}

/// # Safety
/// The machine has the vector's instruction set; the matrices hold `sides` rows, and `result` a number for each pair of them.
#[inline(always)]
unsafe fn body<V: Vector>(rows: Rows<'_, V::Element>, sides: [usize; 2], result: &mut [V::Element]) {
    // As many accumulators as there are, and one side short enough to stay in registers.
    let (most_left, many) = if V::ACCUMULATORS >= 24 { (4, 6) } else { (2, 4) };
    for part in even(rows.len, if sides[0] > 1 { BLOCK } else { rows.len }) {
        for right in even(sides[1], if sides[0] > 1 { many } else { 8 }) {
            for left in even(sides[0], most_left) {
                macro_rules! sizes {
                    ($($left:literal: $($right:literal)*;)*) => {
                        match (left.len(), right.len()) {
                            $($(
                                // SAFETY: the rows are rows of the matrices, and the rest is the caller's to vouch for.
                                ($left, $right) if const { $left * $right <= V::ACCUMULATORS } => unsafe {
                                    tile::<V, $left, $right>(rows, sides[1], left.start, right.start, part.clone(), result)
                                },
                            )*)*
                            _ => unreachable!("a tile of that size does not exist"),
                        }
                    };
                }
                sizes! {
                    1: 1 2 3 4 5 6 7 8;
                    2: 1 2 3 4 5 6;
                    3: 1 2 3 4 5 6;
                    4: 1 2 3 4 5 6;
                }
            }
        }
    }
}

/// # Safety
/// As for [`body`]; the matrices have `LEFT` and `RIGHT` rows from the given ones on.
#[inline(always)]
unsafe fn tile<V: Vector, const LEFT: usize, const RIGHT: usize>(
    rows: Rows<'_, V::Element>,
    width: usize,
    left: usize,
    right: usize,
    part: Range<usize>,
    result: &mut [V::Element],
) {
    let count = part.len();
    // SAFETY: rows `left..left + LEFT` and `right..right + RIGHT` are rows of the matrices and `part` is a part of them, so that every
    // offset lies inside; `result` has a number for each pair of rows. The instruction set is the caller's to vouch for.
    unsafe {
        let left_rows = rows.left.as_ptr().add(left * rows.len + part.start);
        let right_rows = rows.right.as_ptr().add(right * rows.len + part.start);
        let mut sums = [[V::splat(V::Element::default()); LEFT]; RIGHT];
        let mut i = 0;
        while i + V::LANES <= count {
            let mut x = [V::splat(V::Element::default()); LEFT];
            for l in 0..LEFT {
                x[l] = V::load(left_rows.add(l * rows.len + i));
            }
            for r in 0..RIGHT {
                let y = V::load(right_rows.add(r * rows.len + i));
                for l in 0..LEFT {
                    sums[r][l] = sums[r][l].add_product(y, x[l]);
                }
            }
            i += V::LANES;
        }
        if i < count {
            let mut x = [V::splat(V::Element::default()); LEFT];
            for l in 0..LEFT {
                x[l] = V::load_part(left_rows.add(l * rows.len + i), count - i);
            }
            for r in 0..RIGHT {
                let y = V::load_part(right_rows.add(r * rows.len + i), count - i);
                for l in 0..LEFT {
                    sums[r][l] = sums[r][l].add_product(y, x[l]);
                }
            }
        }
        for r in 0..RIGHT {
            for l in 0..LEFT {
                let to = result.get_unchecked_mut((left + l) * width + right + r);
                let beside = match rows.bias {
                    _ if part.start > 0 => *to,
                    Some(bias) => *bias.get_unchecked(right + r),
                    None => V::Element::default(),
                };
                *to = sums[r][l].sum() + beside;
            }
        }
    }
}
