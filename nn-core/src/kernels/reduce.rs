//! Sums and extremes along axes.

use nn_shape::Reduce;

use super::softmax::fold;
use crate::Float;
use crate::simd::on_every_isa;

/// Partial sums side by side: what a machine adds at once, and shorter chains of roundings.
const LANES: usize = 16;

/// The sum of a slice.
#[inline(always)]
pub(super) fn sum<E: Float>(values: &[E]) -> E {
    let mut lanes = [E::ZERO; LANES];
    let chunks = values.chunks_exact(LANES);
    let mut rest = E::ZERO;
    for value in chunks.remainder() {
        rest += *value;
    }
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += *value;
        }
    }
    for width in [8, 4, 2, 1] {
        for lane in 0..width {
            let other = lanes[lane + width];
            lanes[lane] += other;
        }
    }
    lanes[0] + rest
}

/// Where each row, the last axis, begins in the input and in the output.
#[inline(always)]
fn rows(config: &Reduce, batch: usize) -> impl Iterator<Item = (usize, usize)> {
    let (sizes, strides, last) = (config.sizes, config.strides, config.rank.saturating_sub(1));
    let count: usize = sizes[..last].iter().product();
    let output_len: usize = (0..config.rank).filter(|axis| strides[*axis] != 0).map(|axis| sizes[axis]).product();
    (0..batch * count).map(move |row| {
        let (mut rest, mut output) = (row, row / count * output_len);
        for axis in (0..last).rev() {
            output += rest % sizes[axis] * strides[axis];
            rest /= sizes[axis];
        }
        (row * sizes[last], output)
    })
}

/// The length of a row, and whether its numbers are kept apart.
#[inline(always)]
fn row_of(config: &Reduce) -> (usize, bool) {
    let last = config.rank.saturating_sub(1);
    (config.sizes[last], config.strides[last] != 0)
}

on_every_isa! {
    /// `output = Σ input`, divided by the number of terms for a mean.
    pub(super) fn forward<E: Float>(config: &Reduce, batch: usize, input: &[E], output: &mut [E]) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(config: &Reduce, batch: usize, input: &[E], output: &mut [E]) {
    let (len, is_kept) = row_of(config);
    output.fill(E::ZERO);
    for (from, to) in rows(config, batch) {
        let row = &input[from..][..len];
        if is_kept {
            for (to, from) in output[to..][..len].iter_mut().zip(row) {
                *to += *from;
            }
        } else {
            output[to] += sum(row);
        }
    }
    if config.is_mean {
        let terms = E::from_usize(config.terms);
        for value in output {
            *value /= terms;
        }
    }
}

on_every_isa! {
    /// Every term has the gradient of its sum, divided by the number of terms for a mean.
    pub(super) fn backward<E: Float>(
        config: &Reduce, batch: usize, output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = backward_body;
}

#[inline(always)]
fn backward_body<E: Float>(
    config: &Reduce,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let (len, is_kept) = row_of(config);
    let terms = if config.is_mean { E::from_usize(config.terms) } else { E::ONE };
    for (to, from) in rows(config, batch) {
        let row = &mut input_gradient[to..][..len];
        if is_kept {
            for (to, from) in row.iter_mut().zip(&output_gradient[from..][..len]) {
                *to = if accumulate { *to + *from / terms } else { *from / terms };
            }
        } else {
            let gradient = output_gradient[from] / terms;
            for to in row {
                *to = if accumulate { *to + gradient } else { gradient };
            }
        }
    }
}

on_every_isa! {
    /// The largest, or the smallest, of the terms; NaN wins.
    pub(super) fn extreme_forward<E: Float>(
        config: &Reduce, least: bool, batch: usize, input: &[E], output: &mut [E],
    ) = extreme_forward_body;
}

#[inline(always)]
fn extreme_forward_body<E: Float>(config: &Reduce, least: bool, batch: usize, input: &[E], output: &mut [E]) {
    if least {
        output.fill(-E::NEG_INFINITY);
        extremes(config, batch, input, output, |a, b| a.minimum(b));
    } else {
        output.fill(E::NEG_INFINITY);
        extremes(config, batch, input, output, |a, b| a.maximum(b));
    }
}

#[inline(always)]
fn extremes<E: Float>(config: &Reduce, batch: usize, input: &[E], output: &mut [E], choose: impl Fn(E, E) -> E) {
    let (len, is_kept) = row_of(config);
    for (from, to) in rows(config, batch) {
        let row = &input[from..][..len];
        if is_kept {
            for (to, from) in output[to..][..len].iter_mut().zip(row) {
                *to = choose(*from, *to);
            }
        } else {
            output[to] = fold(row, output[to], |x| x, |best, x| choose(x, best));
        }
    }
}

on_every_isa! {
    /// The terms that are as large as the result share its gradient. `counts` is room for a sample of the output.
    pub(super) fn extreme_backward<E: Float>(
        config: &Reduce, batch: usize, input: &[E], output: &[E], output_gradient: &[E], input_gradient: &mut [E],
        counts: &mut [E],
    ) = extreme_backward_body;
}

#[inline(always)]
fn extreme_backward_body<E: Float>(
    config: &Reduce,
    batch: usize,
    input: &[E],
    output: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    counts: &mut [E],
) {
    let (len, is_kept) = row_of(config);
    let (from_len, to_len) = (input.len() / batch.max(1), output.len() / batch.max(1));
    let one_if = |x: E, extreme: E| if x == extreme { E::ONE } else { E::ZERO };
    for sample in 0..batch {
        let input = &input[sample * from_len..][..from_len];
        let input_gradient = &mut input_gradient[sample * from_len..][..from_len];
        let [output, output_gradient] = [output, output_gradient].map(|values| &values[sample * to_len..][..to_len]);
        let counts = &mut counts[..to_len];
        counts.fill(E::ZERO);
        for (from, to) in rows(config, 1) {
            let row = &input[from..][..len];
            if is_kept {
                for ((count, x), extreme) in counts[to..][..len].iter_mut().zip(row).zip(&output[to..]) {
                    *count += one_if(*x, *extreme);
                }
            } else {
                counts[to] += fold(row, E::ZERO, |x| one_if(x, output[to]), |a, b| a + b);
            }
        }
        for (from, to) in rows(config, 1) {
            let row = input_gradient[from..][..len].iter_mut().zip(&input[from..]);
            if is_kept {
                let results = output[to..].iter().zip(&output_gradient[to..]).zip(&counts[to..]);
                for ((gradient, x), ((extreme, own), count)) in row.zip(results) {
                    *gradient += if *x == *extreme { *own / *count } else { E::ZERO };
                }
            } else {
                let (extreme, share) = (output[to], output_gradient[to] / counts[to]);
                for (gradient, x) in row {
                    *gradient += if *x == extreme { share } else { E::ZERO };
                }
            }
        }
    }
}
