//! Products of matrices that lie anywhere: columns of a wider matrix, or transposed.

use core::ops::Range;

use nn_shape::tile::STEPS;

use super::columns::Columns;
use super::gemm::{Size, even, panels};
use super::steps::Steps;
use super::tile::{Left, Right, Target, TileKernel};
use crate::simd::Lanes;

/// A matrix with entry `(row, column)` at `values[row * row_step + column * column_step]`.
#[derive(Clone, Copy)]
pub(super) struct Matrix<'a, E> {
    pub(super) values: &'a [E],
    pub(super) row_step: usize,
    pub(super) column_step: usize,
}

impl<'a, E> Matrix<'a, E> {
    /// With its rows in one piece each, `step` apart.
    pub(super) fn rows(values: &'a [E], step: usize) -> Self {
        Matrix { values, row_step: step, column_step: 1 }
    }

    /// Its columns are rows.
    pub(super) fn transposed(self) -> Self {
        Matrix { row_step: self.column_step, column_step: self.row_step, ..self }
    }
}

/// `result = left · right`, or added to it; the rows of the result are `result_step` apart.
pub(super) fn product<E: Lanes>(
    size: Size,
    scratch: &mut [E],
    left: Matrix<'_, E>,
    right: Matrix<'_, E>,
    result: &mut [E],
    result_step: usize,
    accumulate: bool,
) {
    let kernel = TileKernel::<E>::current();
    let mut steps = Steps::new();
    for columns in panels(size.columns, kernel.lanes, kernel.vectors()) {
        let vectors = columns.len().div_ceil(kernel.lanes);
        let width = vectors * kernel.lanes;
        for range in even(size.steps, STEPS.min(scratch.len() / width)) {
            let panel = &mut scratch[..range.len() * width];
            pack(right, columns.clone(), range.clone(), width, panel);
            let right = Right { values: &*panel, at: 0 };
            steps.set_even(range.len(), left.column_step, width);
            let places = Columns::whole(columns.len());
            let mut target = Target {
                values: &mut result[columns.start..],
                first: 0,
                row_step: result_step,
                columns: &places,
                add: accumulate || range.start > 0,
                bias: None,
            };
            let left = Left::matrix(&left.values[range.start * left.column_step..], 0, left.row_step);
            kernel.run(size.rows, vectors, &left, &right, &steps, &mut target);
        }
    }
}

/// Packs a panel: for each step the numbers of some columns, and zeros up to the width.
fn pack<E: Lanes>(matrix: Matrix<'_, E>, columns: Range<usize>, steps: Range<usize>, width: usize, panel: &mut [E]) {
    let Matrix { values, row_step, column_step } = matrix;
    if column_step == 1 {
        for (to, step) in panel.chunks_exact_mut(width).zip(steps) {
            let (inside, outside) = to.split_at_mut(columns.len());
            inside.copy_from_slice(&values[step * row_step + columns.start..][..columns.len()]);
            outside.fill(E::ZERO);
        }
        return;
    }
    for to in panel.chunks_exact_mut(width) {
        to[columns.len()..].fill(E::ZERO);
    }
    for (place, column) in columns.enumerate() {
        let from = values[steps.start * row_step + column * column_step..].iter().step_by(row_step.max(1));
        for (to, value) in panel[place..].iter_mut().step_by(width).zip(from).take(steps.len()) {
            *to = *value;
        }
    }
}
