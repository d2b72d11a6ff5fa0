//! Where the columns of a register tile go: lines of results, with columns between them that belong to none.

use core::ops::Range;

/// Lines of results as the columns of tiles: neighbours are `pitch` apart, and only the first `count` columns of each are kept.
#[derive(Clone, Copy)]
pub(crate) struct Lines {
    pub(crate) pitch: usize,
    pub(crate) count: usize,
    /// Where the first line goes, and the distances to the next line and the next column.
    pub(crate) to: usize,
    pub(crate) line_step: usize,
    pub(crate) step: usize,
}

/// Where the columns of a tile go.
#[derive(Clone, Copy)]
pub(crate) struct Columns {
    pub(super) lines: Lines,
    /// The columns.
    pub(super) len: usize,
    /// The first column's place in its line.
    skip: usize,
    /// Where the first column that is kept goes, and the end of where they all go.
    pub(super) start: usize,
    pub(super) end: usize,
    /// A bit for each column that is kept.
    pub(super) kept: u128,
    /// Whether they go side by side, across the lines.
    pub(super) dense: bool,
}

impl Columns {
    /// Columns `range` of some lines.
    pub(crate) fn new(lines: Lines, range: &Range<usize>) -> Self {
        let line = if range.start < lines.pitch { 0 } else { range.start / lines.pitch };
        let skip = range.start - line * lines.pitch;
        let lines = Lines { to: lines.to + line * lines.line_step, ..lines };
        let dense = lines.step == 1 && lines.line_step == lines.count;
        let mut columns = Columns { lines, len: range.len(), skip, start: 0, end: 0, kept: 0, dense };
        let (mut start, mut end, mut kept) = (usize::MAX, 0, 0);
        for (at, count, to) in columns.lines() {
            start = start.min(to);
            end = end.max(to + (count - 1) * lines.step + 1);
            kept |= ones(count) << at;
        }
        // None at all go nowhere.
        (columns.start, columns.end, columns.kept) = (start.min(end), end, kept);
        columns
    }

    /// All side by side.
    pub(crate) fn whole(len: usize) -> Self {
        let lines = Lines { pitch: len, count: len, to: 0, line_step: len, step: 1 };
        Columns { lines, len, skip: 0, start: 0, end: len, kept: ones(len), dense: true }
    }

    /// For the columns of each line: the first column, how many, and where they go.
    #[inline(always)]
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        EachLine { columns: *self, at: 0, skip: self.skip, to: self.lines.to }
    }
}

/// As many bits, from the lowest on.
fn ones(count: usize) -> u128 {
    if count < 128 { (1 << count) - 1 } else { u128::MAX }
}

/// The lines of [`Columns`].
struct EachLine {
    columns: Columns,
    at: usize,
    skip: usize,
    to: usize,
}

impl Iterator for EachLine {
    type Item = (usize, usize, usize);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let (lines, len) = (&self.columns.lines, self.columns.len);
        while self.at < len {
            let (at, skip, to) = (self.at, self.skip, self.to);
            self.at += lines.pitch - skip;
            self.skip = 0;
            self.to += lines.line_step;
            if skip < lines.count {
                return Some((at, (lines.count - skip).min(len - at), to + skip * lines.step));
            }
        }
        None
    }
}
