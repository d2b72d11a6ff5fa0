//! The axes of a value in another order.

use nn_shape::Walk;

use crate::Float;

/// Side of the square that is turned at once: a cache line of `f32`.
const SIDE: usize = 16;

/// Calls `visit(output, input)` for the place of each element of a sample in both.
#[inline(always)]
fn places(walk: &Walk, mut visit: impl FnMut(usize, usize)) {
    let last = walk.rank.saturating_sub(1);
    // The axis along which the input is contiguous. Where it is not the last, both are walked in squares.
    let along = (0..walk.rank).find(|axis| walk.strides[*axis] == 1).unwrap_or(last);
    let mut output_strides = [1; nn_shape::MAX_RANK];
    for axis in (0..last).rev() {
        output_strides[axis] = output_strides[axis + 1] * walk.sizes[axis + 1];
    }
    let outer: usize =
        (0..walk.rank).filter(|axis| *axis != last && *axis != along).map(|axis| walk.sizes[axis]).product();
    let (columns, rows) = (walk.sizes[last], if along == last { 1 } else { walk.sizes[along] });
    for block in 0..outer {
        let (mut rest, mut output, mut input) = (block, 0, 0);
        for axis in (0..walk.rank).rev().filter(|axis| *axis != last && *axis != along) {
            output += rest % walk.sizes[axis] * output_strides[axis];
            input += rest % walk.sizes[axis] * walk.strides[axis];
            rest /= walk.sizes[axis];
        }
        for first_row in (0..rows).step_by(SIDE) {
            for first in (0..columns).step_by(SIDE) {
                for row in first_row..rows.min(first_row + SIDE) {
                    for column in first..columns.min(first + SIDE) {
                        let output = output + row * output_strides[along] + column;
                        visit(output, input + row * walk.strides[along] + column * walk.strides[last]);
                    }
                }
            }
        }
    }
}

/// `output[place] = input[its place]`.
pub(super) fn forward<E: Float>(walk: &Walk, batch: usize, input: &[E], output: &mut [E]) {
    let len = input.len() / batch.max(1);
    for (input, output) in input.chunks_exact(len.max(1)).zip(output.chunks_exact_mut(len.max(1))) {
        places(walk, |to, from| output[to] = input[from]);
    }
}

/// `input_gradient[its place] (+)= output_gradient[place]`.
pub(super) fn backward<E: Float>(
    walk: &Walk,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let len = output_gradient.len() / batch.max(1);
    let samples = output_gradient.chunks_exact(len.max(1)).zip(input_gradient.chunks_exact_mut(len.max(1)));
    for (output, input) in samples {
        if accumulate {
            places(walk, |from, to| input[to] += output[from]);
        } else {
            places(walk, |from, to| input[to] = output[from]);
        }
    }
}
