//! Truth values: choices by a mask that is repeated along some axes, and comparisons.

use nn_shape::{Broadcast, Comparison, Connective, Masking};

use super::arithmetic::rows;
use crate::Float;

/// Calls `visit` with the place of each value and what the mask says of it.
#[inline(always)]
fn each(broadcast: &Broadcast, batch: usize, mask: &[u32], mut visit: impl FnMut(usize, bool)) {
    rows(broadcast, batch, |row, steps| {
        for i in 0..steps.len {
            visit(row.output + i, mask[row.right + i * steps.right] != 0);
        }
    });
}

/// `output = mask ? first : second`, either being a number where there is no value.
pub(super) fn forward<E: Float>(
    masking: Masking,
    broadcast: &Broadcast,
    batch: usize,
    mask: &[u32],
    values: [&[E]; 2],
    output: &mut [E],
) {
    let [first, second] = values;
    match masking {
        Masking::Where => each(broadcast, batch, mask, |i, mask| output[i] = if mask { first[i] } else { second[i] }),
        Masking::Fill(value) => {
            let value = E::from_f64(value);
            each(broadcast, batch, mask, |i, mask| output[i] = if mask { value } else { first[i] });
        }
        Masking::Additive => {
            each(broadcast, batch, mask, |i, mask| output[i] = if mask { E::NEG_INFINITY } else { E::ZERO });
        }
        Masking::Number => {
            for (output, index) in output.iter_mut().zip(mask) {
                *output = E::from_f64(f64::from(*index));
            }
        }
        Masking::Not => {}
    }
}

/// The gradient of what stands where the mask is `wanted`, overwritten or added to.
pub(super) fn backward<E: Float>(
    broadcast: &Broadcast,
    batch: usize,
    mask: &[u32],
    wanted: bool,
    output_gradient: &[E],
    gradient: &mut [E],
    accumulate: bool,
) {
    each(broadcast, batch, mask, |i, mask| {
        let own = if mask == wanted { output_gradient[i] } else { E::ZERO };
        gradient[i] = if accumulate { gradient[i] + own } else { own };
    });
}

/// 1 where the connective of both truth values holds, else 0.
pub(super) fn connect(
    connective: Connective,
    broadcast: &Broadcast,
    batch: usize,
    left: &[u32],
    right: &[u32],
    output: &mut [u32],
) {
    rows(broadcast, batch, |row, steps| {
        for i in 0..steps.len {
            let (a, b) = (left[row.left + i * steps.left] != 0, right[row.right + i * steps.right] != 0);
            output[row.output + i] = u32::from(match connective {
                Connective::And => a && b,
                Connective::Or => a || b,
                Connective::Xor => a != b,
            });
        }
    });
}

/// 1 where the comparison of both holds, else 0; without a right operand each number is compared with the constant.
pub(super) fn compare<E: Float>(
    comparison: Comparison,
    broadcast: &Broadcast,
    batch: usize,
    left: &[E],
    right: Result<&[E], f64>,
    output: &mut [u32],
) {
    ask(comparison, broadcast, batch, left, right.map_err(E::from_f64), |number| number, output);
}

/// The same of indices, each of which is a number of 64 bits, too.
pub(super) fn compare_indices(
    comparison: Comparison,
    broadcast: &Broadcast,
    batch: usize,
    left: &[u32],
    right: Result<&[u32], f64>,
    output: &mut [u32],
) {
    ask(comparison, broadcast, batch, left, right, f64::from, output);
}

#[inline(always)]
fn ask<T: Copy, N: Copy + PartialOrd>(
    comparison: Comparison,
    broadcast: &Broadcast,
    batch: usize,
    left: &[T],
    right: Result<&[T], N>,
    number: impl Fn(T) -> N,
    output: &mut [u32],
) {
    match comparison {
        Comparison::Greater => holds(broadcast, batch, left, right, output, number, |a, b| a > b),
        Comparison::GreaterEqual => holds(broadcast, batch, left, right, output, number, |a, b| a >= b),
        Comparison::Less => holds(broadcast, batch, left, right, output, number, |a, b| a < b),
        Comparison::LessEqual => holds(broadcast, batch, left, right, output, number, |a, b| a <= b),
        Comparison::Equal => holds(broadcast, batch, left, right, output, number, |a, b| a == b),
        Comparison::NotEqual => holds(broadcast, batch, left, right, output, number, |a, b| a != b),
    }
}

#[inline(always)]
fn holds<T: Copy, N: Copy>(
    broadcast: &Broadcast,
    batch: usize,
    left: &[T],
    right: Result<&[T], N>,
    output: &mut [u32],
    number: impl Fn(T) -> N,
    question: impl Fn(N, N) -> bool,
) {
    match right {
        Err(constant) => {
            for (output, left) in output.iter_mut().zip(left) {
                *output = u32::from(question(number(*left), constant));
            }
        }
        Ok(right) => rows(broadcast, batch, |row, steps| {
            for i in 0..steps.len {
                let (left, right) = (left[row.left + i * steps.left], right[row.right + i * steps.right]);
                output[row.output + i] = u32::from(question(number(left), number(right)));
            }
        }),
    }
}
