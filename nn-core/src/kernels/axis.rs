//! Walks along the middle of `[outer, size, inner]`.

use core::ops::Range;

/// Columns side by side: long loops over neighbours, whose sums stay in the first cache.
pub(super) const COLUMNS: usize = 256;

/// The rows of groups of neighbouring columns: where the entries of each lie, no more than [`COLUMNS`]. An iterator, because a closure that is given
/// the group would be a function of its own, without the instruction set of its caller.
#[inline(always)]
pub(super) fn groups(
    outer: usize,
    size: usize,
    inner: usize,
) -> impl Iterator<Item = impl Iterator<Item = Range<usize>> + Clone> {
    (0..outer).flat_map(move |block| {
        (0..inner).step_by(COLUMNS).map(move |column| {
            let lanes = COLUMNS.min(inner - column);
            (0..size).map(move |i| (block * size + i) * inner + column).map(move |first| first..first + lanes)
        })
    })
}

/// Columns of a group.
#[inline(always)]
pub(super) fn width(rows: &(impl Iterator<Item = Range<usize>> + Clone)) -> usize {
    rows.clone().next().map_or(0, |row| row.len())
}
