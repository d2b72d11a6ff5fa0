//! The loops around the register tile.
//!
//! Columns are cut into panels of a few vectors, the sum into blocks of [`STEPS`]. For each panel and block the right operand is packed once,
//! step after step, and multiplied with all rows of the left operand, which is read where it lies. What the operands are (a matrix, its
//! transpose, the windows of a convolution) is the caller's closures' to say, and so is where a finished tile goes.

use core::ops::Range;

use nn_shape::tile::{MAX_ROWS, MAX_WIDTH, STEPS};

use super::tile::{Left, Right, Steps, Tile, TileKernel};
use crate::simd::Lanes;

/// `rows × columns`, summed over `steps`.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) steps: usize,
}

/// A block of the result: the sum over one block of steps.
pub(crate) struct Block<'a, E> {
    pub(crate) rows: Range<usize>,
    pub(crate) columns: Range<usize>,
    /// Whether this is the first block of steps: the later ones are added to it.
    pub(crate) first: bool,
    width: usize,
    tile: &'a Tile<E>,
}

impl<E: Copy> Block<'_, E> {
    /// The results of each row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &[E])> {
        let columns = self.columns.len();
        self.rows.clone().zip(self.tile.chunks_exact(self.width).map(move |row| &row[..columns]))
    }
}

/// Runs the loops. `left(first_row, steps)` gives the left operand, whose steps are `left_stride` apart; `pack(columns, steps, width, panel)`
/// writes the right operand's panel, `width` numbers a step, of which those beyond the columns may be anything finite; `sink` takes each
/// block of the result.
pub(crate) fn product<'a, E: Lanes>(
    size: Size,
    scratch: &mut [E],
    left_stride: usize,
    left: impl Fn(usize, Range<usize>) -> Left<'a, E>,
    mut pack: impl FnMut(Range<usize>, Range<usize>, usize, &mut [E]),
    mut sink: impl FnMut(Block<'_, E>),
) {
    let kernel = TileKernel::<E>::current();
    let mut tile = [E::ZERO; MAX_ROWS * MAX_WIDTH];
    for columns in panels(size.columns, kernel.lanes, kernel.vectors()) {
        let vectors = columns.len().div_ceil(kernel.lanes);
        let width = vectors * kernel.lanes;
        // A scratch may be shorter than the best block, where the sum is over a batch of a size unknown when it was planned.
        for range in even(size.steps, STEPS.min(scratch.len() / width)) {
            let panel = &mut scratch[..range.len() * width];
            pack(columns.clone(), range.clone(), width, panel);
            let right = Right { values: &*panel, at: 0 };
            let steps = Steps::even(range.len(), left_stride, width);
            for rows in even(size.rows, kernel.rows(vectors)) {
                kernel.run(rows.len(), vectors, &left(rows.start, range.clone()), &right, &steps, &mut tile);
                sink(Block { rows, columns: columns.clone(), first: range.start == 0, width, tile: &tile });
            }
        }
    }
}

/// Cuts the columns into panels of whole vectors, as even as possible.
pub(crate) fn panels(columns: usize, lanes: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    even(columns.div_ceil(lanes), most).map(move |vectors| vectors.start * lanes..(vectors.end * lanes).min(columns))
}

/// Cuts `0..count` into pieces of at most `most`, as even as possible: 10 rows are 5 and 5, not 8 and 2.
pub(crate) fn even(count: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let pieces = count.div_ceil(most);
    (0..pieces).map(move |piece| piece * count / pieces..(piece + 1) * count / pieces)
}

/// Packs a panel from a matrix with entry `(step, column)` at `step * step_stride + column`.
pub(crate) fn pack_rows<E: Lanes>(
    values: &[E],
    step_stride: usize,
    columns: Range<usize>,
    steps: Range<usize>,
    width: usize,
    panel: &mut [E],
) {
    for (to, step) in panel.chunks_exact_mut(width).zip(steps) {
        let (inside, outside) = to.split_at_mut(columns.len());
        inside.copy_from_slice(&values[step * step_stride + columns.start..][..columns.len()]);
        outside.fill(E::ZERO);
    }
}

/// Packs a panel from a matrix with entry `(step, column)` at `column * column_stride + step`.
pub(crate) fn pack_columns<E: Lanes>(
    values: &[E],
    column_stride: usize,
    columns: Range<usize>,
    steps: Range<usize>,
    width: usize,
    panel: &mut [E],
) {
    if columns.len() < width {
        panel.fill(E::ZERO);
    }
    for (index, column) in columns.enumerate() {
        let from = &values[column * column_stride + steps.start..][..steps.len()];
        for (to, value) in panel.chunks_exact_mut(width).zip(from) {
            to[index] = *value;
        }
    }
}

/// `target (+)= values`.
pub(crate) fn put<E: Lanes>(target: &mut [E], values: &[E], add: bool) {
    if add {
        for (target, value) in target.iter_mut().zip(values) {
            *target += *value;
        }
    } else {
        target.copy_from_slice(values);
    }
}
