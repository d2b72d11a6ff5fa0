//! Truth values: choices by a mask that is repeated along some axes, and comparisons.

use nn_shape::{Broadcast, Comparison, Connective, Masking};

use super::rows::{Steps, each_pair, rows};
use crate::Float;
use crate::simd::on_every_isa;

on_every_isa! {
    /// `output = mask ? first : second`, either being a number where there is no value.
    pub(super) fn forward<E: Float>(
        masking: Masking, broadcast: &Broadcast, batch: usize, mask: &[u32], values: [&[E]; 2], output: &mut [E],
    ) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(
    masking: Masking,
    broadcast: &Broadcast,
    batch: usize,
    mask: &[u32],
    [first, second]: [&[E]; 2],
    output: &mut [E],
) {
    macro_rules! each {
        ($first:expr, $second:expr, |$a:ident, $b:ident, $mask:ident| $chosen:expr) => {{
            let steps = Steps { left: 1, ..Steps::new(broadcast, batch) };
            for row in rows(broadcast, batch) {
                let place = row.output..row.output + steps.len;
                let to = output[place.clone()].iter_mut().zip(&$second[place.clone()]);
                each_pair!(steps, to, &$first[place], &mask[row.right..], |(to, $b), $a, $mask| *to = $chosen);
            }
        }};
    }
    match masking {
        Masking::Where => each!(first, second, |a, b, mask| if mask != 0 { a } else { *b }),
        Masking::Fill(value) => {
            let value = E::from_f64(value);
            each!(first, first, |a, _b, mask| if mask != 0 { value } else { a });
        }
        Masking::Additive => {
            for (output, mask) in output.iter_mut().zip(mask) {
                *output = if *mask != 0 { E::NEG_INFINITY } else { E::ZERO };
            }
        }
        Masking::Number => {
            for (output, index) in output.iter_mut().zip(mask) {
                *output = E::from_f64(f64::from(*index));
            }
        }
        Masking::Not => {}
    }
}

on_every_isa! {
    /// The gradient of what stands where the mask is `wanted`, overwritten or added to.
    pub(super) fn backward<E: Float>(
        broadcast: &Broadcast, batch: usize, mask: &[u32], wanted: bool, output_gradient: &[E], gradient: &mut [E],
        accumulate: bool,
    ) = backward_body;
}

#[inline(always)]
fn backward_body<E: Float>(
    broadcast: &Broadcast,
    batch: usize,
    mask: &[u32],
    wanted: bool,
    output_gradient: &[E],
    gradient: &mut [E],
    accumulate: bool,
) {
    let steps = Steps { left: 1, ..Steps::new(broadcast, batch) };
    for row in rows(broadcast, batch) {
        let place = row.output..row.output + steps.len;
        let to = gradient[place.clone()].iter_mut();
        each_pair!(steps, to, &output_gradient[place], &mask[row.right..], |to, g, mask| {
            let own = if (mask != 0) == wanted { g } else { E::ZERO };
            *to = if accumulate { *to + own } else { own };
        });
    }
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
    let steps = Steps::new(broadcast, batch);
    for row in rows(broadcast, batch) {
        let to = output[row.output..][..steps.len].iter_mut();
        each_pair!(steps, to, &left[row.left..], &right[row.right..], |to, a, b| {
            let (a, b) = (a != 0, b != 0);
            *to = u32::from(match connective {
                Connective::And => a && b,
                Connective::Or => a || b,
                Connective::Xor => a != b,
            });
        });
    }
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
        Ok(right) => {
            let steps = Steps::new(broadcast, batch);
            for row in rows(broadcast, batch) {
                let to = output[row.output..][..steps.len].iter_mut();
                each_pair!(steps, to, &left[row.left..], &right[row.right..], |to, a, b| {
                    *to = u32::from(question(number(a), number(b)));
                });
            }
        }
    }
}
