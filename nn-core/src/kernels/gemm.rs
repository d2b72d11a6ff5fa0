//! The loops around the register tile.
//!
//! Columns are cut into panels of a few vectors, the sum into blocks of [`STEPS`]. For each panel and block the right operand is packed once,
//! step after step, and multiplied with all rows of the left operand, which is read where it lies.

use core::ops::Range;

use nn_shape::tile::STEPS;

use super::columns::Columns;
use super::steps::Steps;
use super::tile::{Left, Right, Target, TileKernel};
use super::windows::Strip;
use crate::simd::Lanes;

/// `rows × columns`, summed over `steps`.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) steps: usize,
}

/// `result[row][column] (+)= Σ left(row, step) · right(step, column)`. `left(steps)` gives the left operand, whose steps are
/// `left_stride` apart; the right one is a matrix with entry `(step, column)` at `step * columns + column`.
#[allow(clippy::too_many_arguments)]
pub(crate) fn product<'a, E: Lanes>(
    size: Size,
    scratch: &mut [E],
    left_stride: usize,
    left: impl Fn(Range<usize>) -> Left<'a, E>,
    right: &[E],
    result: &mut [E],
    accumulate: bool,
) {
    let kernel = TileKernel::<E>::current();
    let (mut steps, mut shape) = (Steps::new(), [0; 2]);
    for columns in panels(size.columns, kernel.lanes, kernel.vectors()) {
        let vectors = columns.len().div_ceil(kernel.lanes);
        let width = vectors * kernel.lanes;
        // A scratch may be shorter than the best block, where the sum is over a batch of a size unknown when it was planned.
        for range in even(size.steps, STEPS.min(scratch.len() / width)) {
            let panel = &mut scratch[..range.len() * width];
            pack(right, size.columns, columns.clone(), range.clone(), width, panel);
            let right = Right { values: &*panel, at: 0 };
            if shape != [range.len(), width] {
                steps.set_even(range.len(), left_stride, width);
                shape = [range.len(), width];
            }
            let places = Columns::whole(columns.len());
            let mut target = Target {
                values: &mut result[columns.start..],
                first: 0,
                row_step: size.columns,
                columns: &places,
                add: accumulate || range.start > 0,
                bias: None,
            };
            kernel.run(size.rows, vectors, &left(range.clone()), &right, &steps, &mut target);
        }
    }
}

/// Cuts the columns into panels of whole vectors, as even as possible.
pub(crate) fn panels(columns: usize, lanes: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    even(columns.div_ceil(lanes), most).map(move |vectors| vectors.start * lanes..(vectors.end * lanes).min(columns))
}

/// Cuts the columns of a strip into panels, for tiles of so many rows: along all its lines; or, where vectors fill a line and what lies between lines
/// could be dropped only one line at a time, along each line.
pub(crate) fn strip_panels<E: Lanes>(
    kernel: &TileKernel<E>,
    strip: &Strip<'_>,
    rows: usize,
) -> impl Iterator<Item = Range<usize>> {
    let by_line = !kernel.keeps && strip.pitch > strip.columns && strip.columns.is_multiple_of(kernel.lanes);
    let (lines, len) = if by_line { (strip.lines, strip.columns) } else { (1, strip.width()) };
    let (lanes, vectors, pitch) = (kernel.lanes, kernel.best_vectors(rows, len), strip.pitch);
    (0..lines).flat_map(move |line| {
        panels(len, lanes, vectors).map(move |panel| line * pitch + panel.start..line * pitch + panel.end)
    })
}

/// Cuts `0..count` into pieces of at most `most`, as even as possible: 10 rows are 5 and 5, not 8 and 2.
pub(crate) fn even(count: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    // Most often it is one piece, and a division takes as long as a row of a small layer.
    let (pieces, len, longer) = if count <= most {
        (count.min(1), count, 0)
    } else {
        let pieces = count.div_ceil(most);
        (pieces, count / pieces, count % pieces)
    };
    (0..pieces).scan(0, move |end, piece| {
        let start = *end;
        *end += len + usize::from(piece < longer);
        Some(start..*end)
    })
}

/// Packs a panel from a matrix with entry `(step, column)` at `step * stride + column`.
fn pack<E: Lanes>(
    values: &[E],
    stride: usize,
    columns: Range<usize>,
    steps: Range<usize>,
    width: usize,
    panel: &mut [E],
) {
    // Each call of memcpy would take longer than the few vectors themselves.
    macro_rules! short {
        ($($len:literal)*) => {
            match columns.len() {
                $($len if width == $len => {
                    for (to, step) in panel.as_chunks_mut::<$len>().0.iter_mut().zip(steps) {
                        to.copy_from_slice(&values[step * stride + columns.start..][..$len]);
                    }
                    return;
                })*
                _ => {}
            }
        };
    }
    short!(8 16);
    for (to, step) in panel.chunks_exact_mut(width).zip(steps) {
        let (inside, outside) = to.split_at_mut(columns.len());
        let from = &values[step * stride + columns.start..];
        inside.copy_from_slice(&from[..columns.len()]);
        outside.fill(E::ZERO);
    }
}
