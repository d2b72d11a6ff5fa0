//! Convolutions of 3x3, of few channels, whose lines are made of vectors of neighbours: which they are, and the working space that they imply.
//!
//! The source is read where it lies and results go where they belong, which pays where products are few beside them.

use crate::tile::{MAX_LANES, Sweep};
use crate::wide::by_one;
use crate::{Axis, ConvGeometry};

/// Channels of results come in blocks of so many: those of the largest tile.
pub const ROWS: usize = 8;
/// Entries of a window.
pub const WINDOW: usize = 9;
/// Numbers of packed weights: they stay in the second cache.
const PACKED: usize = 65536;
/// Numbers of a sample that are laid out: they stay there, too.
const LAID: usize = 65536;
/// The most channels, of the source or of results, for each column.
const CHANNELS: usize = 4;

/// How such a convolution is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lines {
    /// Depth, height and width, of which depth is nothing.
    pub sweeps: [Sweep; 3],
    /// Channels of the source and of results, in a group.
    pub channels: usize,
    /// See `channels`.
    pub rows: usize,
    /// Channels of results whose weights are packed at once.
    pub together: usize,
}

/// The forward pass of a convolution, if it may be one of these.
pub const fn forward(geometry: &ConvGeometry) -> Option<Lines> {
    Lines::new(geometry, by_one(geometry), geometry.group_in(), geometry.group_out())
}

/// The gradient of a convolution's input, if it may be one of these.
pub const fn backward(geometry: &ConvGeometry) -> Option<Lines> {
    let [depth, height, width] = &geometry.axes;
    if !is_plain(height) || !is_plain(width) {
        return None;
    }
    let sweeps = [Sweep::backward(depth, 0), Sweep::backward(height, 0), Sweep::backward(width, 0)];
    Lines::new(geometry, sweeps, geometry.group_out(), geometry.group_in())
}

impl Lines {
    const fn new(geometry: &ConvGeometry, sweeps: [Sweep; 3], channels: usize, rows: usize) -> Option<Lines> {
        let [depth, height, width] = &geometry.axes;
        let is_flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1 && depth.stride == 1;
        let is_three = is_plain(height) && is_plain(width);
        if !is_flat || !is_three || !is_near(&sweeps[1]) || !is_near(&sweeps[2]) {
            return None;
        }
        let fit = PACKED / WINDOW / if channels > 0 { channels } else { 1 };
        if channels == 0 || rows == 0 || !rows.is_multiple_of(ROWS) || fit < ROWS {
            return None;
        }
        let together = if rows < fit { rows } else { fit / ROWS * ROWS };
        let lines = Lines { sweeps, channels, rows, together };
        // A vector at the beginning of a line that is shorter would end beyond it.
        let is_whole = sweeps[2].origin == 0 || sweeps[2].count > MAX_LANES;
        if is_whole || lines.is_laid() { Some(lines) } else { None }
    }

    /// Whether it takes less time than what lays the source out and turns results around, with so many numbers in a vector: what vectors have beyond the ends of lines
    /// is less than that, which is about three numbers for each channel.
    pub const fn suits(&self, lanes: usize) -> bool {
        let columns = self.sweeps[2].count;
        let whole = columns.div_ceil(lanes).saturating_mul(lanes);
        let least = if self.channels < self.rows { self.channels } else { self.rows };
        least <= CHANNELS.saturating_mul(columns) && least.saturating_mul(whole - columns) <= columns.saturating_mul(3)
    }

    /// Whether the source is laid out with its padding. Lines are short, and most vectors would be those at their ends.
    pub const fn is_laid(&self) -> bool {
        let [_, height, width] = &self.sweeps;
        let padded = width.origin != 0 || width.count + width.span() > width.source;
        padded && height.entries > 0 && width.count <= MAX_LANES && self.channels.saturating_mul(self.plane()) <= LAID
    }

    /// Numbers of a channel that is laid out.
    const fn plane(&self) -> usize {
        let [_, height, width] = &self.sweeps;
        (height.count + height.span()).saturating_mul(width.count + width.span())
    }

    /// Working space in elements: packed weights, what is laid out, and a line of zeros.
    pub const fn scratch(&self) -> [usize; 3] {
        let packed = self.together * self.channels * WINDOW;
        let laid = if self.is_laid() { self.channels * self.plane() } else { 0 };
        [packed, laid, self.sweeps[2].count + self.sweeps[2].span()]
    }
}

/// Whether windows of three move by one place.
const fn is_plain(axis: &Axis) -> bool {
    axis.kernel == 3 && axis.stride == 1 && axis.dilation == 1
}

/// Whether there are results, whose windows see one place beyond the source at most, on each side.
const fn is_near(sweep: &Sweep) -> bool {
    let near = sweep.origin <= 0 && sweep.origin >= -1;
    near && sweep.count > 0 && sweep.count as isize + sweep.origin < sweep.source as isize
}

/// Working space of a convolution, in elements, if it is one of these with vectors of some length.
pub(crate) const fn scratch(lines: Option<Lines>) -> usize {
    match lines {
        // Shorter vectors have less beyond a line.
        Some(lines) if lines.suits(1) => {
            let [packed, laid, zeros] = lines.scratch();
            packed.saturating_add(laid).saturating_add(zeros).saturating_add(MAX_LANES)
        }
        _ => 0,
    }
}
