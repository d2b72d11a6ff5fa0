//! Windows laid out as columns: a row for each entry of the window, a column for each of its places.

use core::ops::Range;

use nn_shape::{Axis, PoolGeometry};

use super::pool::planes;
use crate::Float;

/// `columns[channel, entry, place] = image[what the entry sees at the place]`, 0 in the padding; overwritten or added to.
pub(super) fn gather<E: Float>(
    geometry: &PoolGeometry,
    batch: usize,
    image: &[E],
    columns: &mut [E],
    accumulate: bool,
) {
    let mut rest = columns;
    rows(geometry, batch, |image_row, stride, seen| {
        let row;
        (row, rest) = core::mem::take(&mut rest).split_at_mut(geometry.axes[2].output);
        let Some(from) = image_row else {
            if !accumulate {
                row.fill(E::ZERO);
            }
            return;
        };
        if !accumulate {
            row[..seen.start].fill(E::ZERO);
            row[seen.end..].fill(E::ZERO);
        }
        let (row, image) = (&mut row[seen], &image[from..]);
        match (stride, accumulate) {
            (1, false) => row.copy_from_slice(&image[..row.len()]),
            (_, false) => row.iter_mut().zip(image.iter().step_by(stride)).for_each(|(to, from)| *to = *from),
            (_, true) => row.iter_mut().zip(image.iter().step_by(stride)).for_each(|(to, from)| *to += *from),
        }
    });
}

/// `image[what the entry sees at the place] += columns[channel, entry, place]`.
pub(super) fn scatter<E: Float>(geometry: &PoolGeometry, batch: usize, columns: &[E], image: &mut [E]) {
    let mut rest = columns;
    rows(geometry, batch, |image_row, stride, seen| {
        let row;
        (row, rest) = rest.split_at(geometry.axes[2].output);
        let Some(to) = image_row else { return };
        let row = &row[seen];
        image[to..].iter_mut().step_by(stride).zip(row).for_each(|(to, from)| *to += *from);
    });
}

/// Calls `visit` for each run of columns that lie in one row of the image, in the order of memory: where in the image the first place that
/// sees it looks (`None` if none does), the distance to the next, and which places see it.
fn rows(geometry: &PoolGeometry, batch: usize, mut visit: impl FnMut(Option<usize>, usize, Range<usize>)) {
    let [_, height, width] = &geometry.axes;
    for (plane, _) in planes(geometry, batch) {
        for ky in 0..height.kernel {
            for kx in 0..width.kernel {
                let seen = seen(width, kx);
                let column = seen.start * width.stride + kx * width.dilation;
                for y in 0..height.output {
                    let row = (y * height.stride + ky * height.dilation).checked_sub(height.before);
                    let row = row.filter(|row| *row < height.input && !seen.is_empty());
                    let from = row.map(|row| plane.start + row * width.input + column - width.before);
                    visit(from, width.stride, seen.clone());
                }
            }
        }
    }
}

/// The places at which an entry of the window sees the image and not its padding.
fn seen(axis: &Axis, entry: usize) -> Range<usize> {
    let offset = entry * axis.dilation;
    let start = axis.before.saturating_sub(offset).div_ceil(axis.stride);
    let end = (axis.before + axis.input).saturating_sub(offset).div_ceil(axis.stride).min(axis.output);
    start.min(end)..end
}
