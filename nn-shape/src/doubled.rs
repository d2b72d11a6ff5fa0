//! The gradient of the input of 3x3 convolutions that move by two places, of whole images: which they are, and the working space that they imply.
//!
//! Each place of the output's gradient makes two by two places of the input's, which are summed side by side.

use crate::tile::MAX_LANES;
use crate::{Axis, ConvGeometry};

/// Channels of the input whose sums a tile holds.
pub const ROWS: usize = 2;
/// Entries of a window.
pub const WINDOW: usize = 9;
/// Numbers of packed weights: they stay in the second cache.
const PACKED: usize = 65536;
/// Numbers of the output's gradient that are laid out: they stay there, too.
const LAID: usize = 65536;

/// How such a gradient is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Doubled {
    /// Lines and columns of the output's gradient.
    pub counts: [usize; 2],
    /// Channels of the output and of the input, in a group.
    pub channels: usize,
    /// See `channels`.
    pub rows: usize,
    /// Channels of the input whose weights are packed at once.
    pub together: usize,
    /// Lines of the output's gradient that are laid out at once.
    pub lines: usize,
}

/// The gradient of a convolution's input, if it may be one of these.
pub const fn backward(geometry: &ConvGeometry) -> Option<Doubled> {
    let [depth, height, width] = &geometry.axes;
    let is_flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1 && depth.stride == 1;
    let (channels, rows) = (geometry.group_out(), geometry.group_in());
    if !is_flat || !halves(height) || !halves(width) || channels == 0 || rows == 0 || !rows.is_multiple_of(ROWS) {
        return None;
    }
    let fit = PACKED / WINDOW / channels;
    let line = channels.saturating_mul(width.output).saturating_mul(2);
    // Each of some lines sees the next one.
    let lines = (LAID / line).saturating_sub(1);
    let lines = if lines < height.output { lines } else { height.output };
    if fit < ROWS || (lines < 4 && lines < height.output) {
        return None;
    }
    let together = if rows < fit { rows } else { fit / ROWS * ROWS };
    Some(Doubled { counts: [height.output, width.output], channels, rows, together, lines })
}

/// Whether windows of three move by two, the first one from one place before the input on, the last one to its last place.
const fn halves(axis: &Axis) -> bool {
    let is_three = axis.kernel == 3 && axis.stride == 2 && axis.dilation == 1;
    is_three && axis.before == 1 && axis.output > 0 && axis.input == 2 * axis.output
}

impl Doubled {
    /// Whether lines of results are whole vectors of so many numbers.
    pub const fn suits(&self, lanes: usize) -> bool {
        (2 * self.counts[1]).is_multiple_of(lanes)
    }

    /// Working space in elements: packed weights, and what is laid out, over which a vector may hang.
    pub const fn scratch(&self) -> [usize; 2] {
        let laid = self.channels * 2 * (self.lines + 1) * self.counts[1];
        [self.together * self.channels * WINDOW, laid + MAX_LANES]
    }
}

/// Working space of a gradient, in elements, if it is one of these.
pub(crate) const fn scratch(doubled: Option<Doubled>) -> usize {
    match doubled {
        Some(doubled) => {
            let [packed, laid] = doubled.scratch();
            packed + laid + MAX_LANES
        }
        None => 0,
    }
}
