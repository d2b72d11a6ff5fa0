//! The gradient of the weights of convolutions each of whose outputs sees one channel of the input: how much of them is taken at once.

use crate::ConvGeometry;
use crate::tile::{MAX_LANES, OUTPUTS, forward_sweeps};

/// The most entries of a window.
pub const ENTRIES: usize = 128;

/// Numbers of the input and of one channel of the output's gradient that stay in the first cache.
const NEAR: usize = 6144;

/// Whether each output sees one channel, and windows have few entries.
pub const fn suits(geometry: &ConvGeometry) -> bool {
    geometry.group_in() == 1 && geometry.groups > 1 && geometry.window() <= ENTRIES
}

/// Some columns and lines of the outputs of some channels: what their windows see is laid out in strips.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The most columns of a piece.
    pub columns: usize,
    /// The most lines.
    pub lines: usize,
    /// The most channels of the input.
    pub channels: usize,
    /// Numbers of the strips of all of them, and behind them for a vector that hangs over.
    pub strips: usize,
    /// Numbers of the gradient of an output channel, as far apart as in a strip, and behind them for a vector that hangs over.
    pub gradient: usize,
    /// Sums of all weights, one for each lane.
    pub sums: usize,
}

impl Piece {
    /// As much as stays in the first cache.
    pub const fn of(geometry: &ConvGeometry) -> Piece {
        let [depth, height, width] = forward_sweeps(geometry);
        let columns = if width.count < OUTPUTS { width.count } else { OUTPUTS };
        let pitch = columns.saturating_add(width.span());
        let line = depth.entries.saturating_mul(height.phases).saturating_mul(width.phases).saturating_mul(pitch);
        let fitting = (NEAR / 2 / if line > 0 { line } else { 1 }).saturating_sub(height.span());
        let least = if fitting > 1 { fitting } else { 1 };
        let lines = if least < height.count { least } else { height.count };
        let strip = line.saturating_mul(lines.saturating_add(height.span()));
        let gradient = lines.saturating_mul(pitch).saturating_add(MAX_LANES);
        let fitting = NEAR.saturating_sub(gradient) / if strip > 0 { strip } else { 1 };
        let least = if fitting > 1 { fitting } else { 1 };
        let channels = if least < geometry.groups { least } else { geometry.groups };
        Piece {
            columns,
            lines,
            channels,
            strips: channels.saturating_mul(strip).saturating_add(MAX_LANES),
            gradient,
            sums: channels.saturating_mul(geometry.group_out()).saturating_mul(geometry.window() * MAX_LANES),
        }
    }

    /// Working space.
    pub const fn scratch(&self) -> usize {
        self.strips.saturating_add(self.gradient).saturating_add(self.sums)
    }
}
