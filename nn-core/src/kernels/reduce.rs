//! Sums and extremes along axes.

use nn_shape::Reduce;

use crate::Float;

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

/// Calls `visit(input, output)` with the place of each row, the last axis.
fn rows(config: &Reduce, batch: usize, mut visit: impl FnMut(usize, usize)) {
    let last = config.rank.saturating_sub(1);
    let count: usize = config.sizes[..last].iter().product();
    let output_len: usize =
        (0..config.rank).filter(|axis| config.strides[*axis] != 0).map(|axis| config.sizes[axis]).product();
    for sample in 0..batch {
        for row in 0..count {
            let (mut rest, mut output) = (row, sample * output_len);
            for axis in (0..last).rev() {
                output += rest % config.sizes[axis] * config.strides[axis];
                rest /= config.sizes[axis];
            }
            visit((sample * count + row) * config.sizes[last], output);
        }
    }
}

/// `output = Σ input`, divided by the number of terms for a mean.
pub(super) fn forward<E: Float>(config: &Reduce, batch: usize, input: &[E], output: &mut [E]) {
    let last = config.rank.saturating_sub(1);
    let (len, is_kept) = (config.sizes[last], config.strides[last] != 0);
    output.fill(E::ZERO);
    rows(config, batch, |from, to| {
        let row = &input[from..][..len];
        if is_kept {
            for (to, from) in output[to..][..len].iter_mut().zip(row) {
                *to += *from;
            }
        } else {
            output[to] += sum(row);
        }
    });
    if config.is_mean {
        let terms = E::from_usize(config.terms);
        for value in output {
            *value /= terms;
        }
    }
}

/// Every term has the gradient of its sum, divided by the number of terms for a mean.
pub(super) fn backward<E: Float>(
    config: &Reduce,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let last = config.rank.saturating_sub(1);
    let (len, is_kept) = (config.sizes[last], config.strides[last] != 0);
    let terms = if config.is_mean { E::from_usize(config.terms) } else { E::ONE };
    rows(config, batch, |to, from| {
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
    });
}

/// The largest, or the smallest, of the terms; NaN wins.
pub(super) fn extreme_forward<E: Float>(config: &Reduce, least: bool, batch: usize, input: &[E], output: &mut [E]) {
    let choose = |a: E, b: E| if least { a.minimum(b) } else { a.maximum(b) };
    output.fill(if least { -E::NEG_INFINITY } else { E::NEG_INFINITY });
    terms(config, batch, |from, to| output[to] = choose(output[to], input[from]));
}

/// The terms that are as large as the result share its gradient. `counts` is room for a sample of the output.
pub(super) fn extreme_backward<E: Float>(
    config: &Reduce,
    batch: usize,
    input: &[E],
    output: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    counts: &mut [E],
) {
    let (from_len, to_len) = (input.len() / batch.max(1), output.len() / batch.max(1));
    for sample in 0..batch {
        let (first, result) = (sample * from_len, sample * to_len);
        let counts = &mut counts[..to_len];
        counts.fill(E::ZERO);
        let is_extreme = |term: usize, to: usize| input[first + term] == output[result + to];
        terms(config, 1, |term, to| {
            if is_extreme(term, to) {
                counts[to] += E::ONE;
            }
        });
        terms(config, 1, |term, to| {
            if is_extreme(term, to) {
                input_gradient[first + term] += output_gradient[result + to] / counts[to];
            }
        });
    }
}

/// Calls `visit(input, output)` with the place of each term.
fn terms(config: &Reduce, batch: usize, mut visit: impl FnMut(usize, usize)) {
    let last = config.rank.saturating_sub(1);
    let (len, step) = (config.sizes[last], config.strides[last]);
    rows(config, batch, |from, to| (0..len).for_each(|place| visit(from + place, to + step * place)));
}
