//! The axes of a value in another order.

use nn_shape::{MAX_RANK, Walk};

use super::transpose::{Beside, place};
use crate::simd::Lanes;

/// A sample's part in which the last axis of the output and the axis along which the input is contiguous change: a matrix that is turned around, or,
/// where both are one axis, a row that is copied.
#[derive(Clone, Copy)]
struct Matrix {
    rows: usize,
    columns: usize,
    /// The distance between rows of the output.
    to: usize,
    /// The distance between rows of the input, which are the columns of the output.
    from: usize,
}

impl Matrix {
    fn is_row(self) -> bool {
        self.from == 1 || self.columns == 1 && self.rows == 1
    }

    /// The way from the output to the input.
    fn back(self) -> Matrix {
        let Matrix { rows, columns, to, from } = self;
        if self.is_row() { self } else { Matrix { rows: columns, columns: rows, to: from, from: to } }
    }
}

/// The matrix, and where it begins in the output and in the input, for each place along the other axes.
#[inline(always)]
fn matrices(walk: &Walk) -> (Matrix, impl Iterator<Item = (usize, usize)>) {
    let Walk { rank, sizes, strides } = *walk;
    let last = rank.saturating_sub(1);
    let along = (0..rank).rev().find(|axis| strides[*axis] == 1).unwrap_or(last);
    let mut steps = [1; MAX_RANK];
    for axis in (0..last).rev() {
        steps[axis] = steps[axis + 1] * sizes[axis + 1];
    }
    let rows = if along == last { 1 } else { sizes[along] };
    let matrix = Matrix { rows, columns: sizes[last], to: steps[along], from: strides[last] };
    let others = move || (0..rank).rev().filter(move |axis| *axis != last && *axis != along);
    let count: usize = others().map(|axis| sizes[axis]).product();
    let places = (0..count).map(move |block| {
        let (mut rest, mut output, mut input) = (block, 0, 0);
        for axis in others() {
            output += rest % sizes[axis] * steps[axis];
            input += rest % sizes[axis] * strides[axis];
            rest /= sizes[axis];
        }
        (output, input)
    });
    (matrix, places)
}

/// `output[place] = input[its place]`.
pub(super) fn forward<E: Lanes>(walk: &Walk, batch: usize, input: &[E], output: &mut [E]) {
    let len = (input.len() / batch.max(1)).max(1);
    for (input, output) in input.chunks_exact(len).zip(output.chunks_exact_mut(len)) {
        let (matrix, places) = matrices(walk);
        for (to, from) in places {
            turn(matrix, &input[from..], &mut output[to..], false);
        }
    }
}

/// `input_gradient[its place] (+)= output_gradient[place]`.
pub(super) fn backward<E: Lanes>(
    walk: &Walk,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let len = (output_gradient.len() / batch.max(1)).max(1);
    for (output, input) in output_gradient.chunks_exact(len).zip(input_gradient.chunks_exact_mut(len)) {
        let (matrix, places) = matrices(walk);
        for (from, to) in places {
            turn(matrix.back(), &output[from..], &mut input[to..], accumulate);
        }
    }
}

/// `output[row * to + column] (+)= input[column * from + row]`
fn turn<E: Lanes>(matrix: Matrix, input: &[E], output: &mut [E], accumulate: bool) {
    let Matrix { rows, columns, to, from } = matrix;
    if matrix.is_row() {
        let row = output[..columns].iter_mut().zip(&input[..columns]);
        if accumulate {
            row.for_each(|(to, from)| *to += *from);
        } else {
            row.for_each(|(to, from)| *to = *from);
        }
    } else {
        let beside = if accumulate { Beside::There } else { Beside::Nothing };
        place(input, from, [columns, rows], beside, output, to);
    }
}
