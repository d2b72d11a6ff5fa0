//! Dot products of the rows of two matrices: neither needs packing, and with few rows on one side the other is read at the speed of memory.

use core::ops::Range;

use nn_shape::tile::MAX_LANES;

use super::gemm::even;
use crate::simd::{Isa, Lanes, Vector};

/// The longest rows whose sums are taken together, vector by vector: of longer ones the products count.
const SHORT: usize = 256;

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
    match Isa::of::<E>() {
        // SAFETY: the machine has the set, and the sizes fit as asserted.
        #[cfg(target_arch = "x86_64")]
        Isa::Avx512 if const { crate::simd::has_avx512::<E>() } => unsafe { avx512(rows, sides, result) },
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
    if sides[0] == 1 && rows.len <= SHORT {
        let product = Product {
            weight: rows.right.as_ptr(),
            rows: sides[1],
            len: rows.len,
            vector: rows.left.as_ptr(),
            bias: rows.bias.map_or(core::ptr::null(), <[_]>::as_ptr),
            adds: false,
            to: result.as_mut_ptr(),
            room: result.len(),
        };
        // SAFETY: passed on to the caller.
        return unsafe { self::product::<V>(&product) };
    }
    // As many accumulators as there are, and one side short enough to stay in registers.
    let [most_left, many] = const { most(V::ACCUMULATORS) };
    for part in even(rows.len, if sides[0] > 1 { BLOCK } else { rows.len }) {
        for right in even(sides[1], if sides[0] > 1 { many } else { 8 }) {
            for left in even(sides[0], most_left) {
                macro_rules! sizes {
                    ($($left:literal: $($right:literal)*;)*) => {
                        match (left.len(), right.len()) {
                            $($(
                                // SAFETY: the rows are rows of the matrices, and the rest is the caller's to vouch for.
                                ($left, $right) if const { exists::<V>($left, $right) } => unsafe {
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

/// Rows of both matrices that a tile has at most.
const fn most(accumulators: usize) -> [usize; 2] {
    if accumulators >= 24 { [4, 6] } else { [2, 4] }
}

/// Whether tiles of that size are asked for; of one row alone there may be more.
const fn exists<V: Vector>(left: usize, right: usize) -> bool {
    let [most_left, most_right] = most(V::ACCUMULATORS);
    left == 1 || (left <= most_left && right <= most_right)
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

/// A matrix times a vector: `to = bias + weight · vector`, or `to += ..`.
pub(super) struct Product<E> {
    /// `[rows, len]`
    pub(super) weight: *const E,
    pub(super) rows: usize,
    pub(super) len: usize,
    /// `[len]`
    pub(super) vector: *const E,
    /// `[rows]`, or null.
    pub(super) bias: *const E,
    pub(super) adds: bool,
    pub(super) to: *mut E,
    /// Numbers that may be written, `rows` at least.
    pub(super) room: usize,
}

/// A product whose rows are short: as many of them as a vector has lanes, whose sums become one vector.
///
/// # Safety
/// The machine has the vector's instruction set, and the product's pointers are valid for as many numbers as it says.
#[inline(always)]
pub(super) unsafe fn product<V: Vector>(product: &Product<V::Element>) {
    let mut row = 0;
    while row < product.rows {
        let count = product.rows - row;
        // SAFETY: passed on to the caller; no more than `count` numbers are read, and no more than there is room for are written.
        unsafe {
            let mut sum = if product.len == 1 {
                load::<V>(product.weight.add(row), count).mul(V::splat(*product.vector))
            } else {
                row_sums::<V>(product, row)
            };
            if !product.bias.is_null() {
                sum = sum.add(load::<V>(product.bias.add(row), count));
            }
            let to = product.to.add(row);
            if row + V::LANES <= product.room {
                if product.adds {
                    sum = sum.add(V::load(to));
                }
                sum.store(to);
            } else {
                if product.adds {
                    sum = sum.add(V::load_part(to, count));
                }
                sum.store_part(to, count);
            }
        }
        row += V::LANES;
    }
}

/// # Safety
/// The machine has the vector's instruction set, and there are `count` numbers, or a whole vector.
#[inline(always)]
unsafe fn load<V: Vector>(from: *const V::Element, count: usize) -> V {
    // SAFETY: passed on to the caller.
    unsafe { if count >= V::LANES { V::load(from) } else { V::load_part(from, count) } }
}

/// The sums of as many rows as a vector has lanes, from one on; lanes behind the last row hold anything.
///
/// # Safety
/// As for [`product`].
#[inline(always)]
unsafe fn row_sums<V: Vector>(product: &Product<V::Element>, row: usize) -> V {
    // SAFETY: passed on to the caller.
    let mut vectors = unsafe { [V::splat(V::Element::default()); MAX_LANES] };
    // By hand, so that the vectors stay in registers.
    macro_rules! quads {
        ($($first:literal)*) => {$(
            if $first < V::LANES && row + $first < product.rows {
                // SAFETY: passed on to the caller.
                let quad = unsafe { four_rows::<V>(product, row + $first) };
                for i in 0..4 {
                    vectors[$first + i] = quad[i];
                }
            }
        )*};
    }
    quads!(0 4 8 12);
    // SAFETY: passed on to the caller.
    unsafe { V::sums(vectors) }
}

/// Four rows times the vector, lane by lane; the last row stands in for rows behind it.
///
/// # Safety
/// As for [`product`].
#[inline(always)]
unsafe fn four_rows<V: Vector>(product: &Product<V::Element>, row: usize) -> [V; 4] {
    let (len, x) = (product.len, product.vector);
    // SAFETY: the caller vouches for the instruction set, and for `rows` rows of `len` numbers and as many in the vector.
    unsafe {
        let mut sums = [V::splat(V::Element::default()); 4];
        let mut rows = [product.weight.add(row * len); 4];
        for i in 1..4 {
            rows[i] = product.weight.add((row + i).min(product.rows - 1) * len);
        }
        let mut at = 0;
        while at + V::LANES <= len {
            let numbers = V::load(x.add(at));
            for i in 0..4 {
                sums[i] = sums[i].add_product(V::load(rows[i].add(at)), numbers);
            }
            at += V::LANES;
        }
        if at < len {
            let numbers = V::load_part(x.add(at), len - at);
            for i in 0..4 {
                sums[i] = sums[i].add_product(V::load_part(rows[i].add(at), len - at), numbers);
            }
        }
        sums
    }
}
