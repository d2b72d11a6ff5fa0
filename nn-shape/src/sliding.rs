//! The gradient of the weights of convolutions whose windows move by one place or by two along lines: which of them slide vectors of the output's gradient along
//! the input, and how much is taken at once.

use crate::tile::{MAX_LANES, MAX_WIDTH};
use crate::{Axis, ConvGeometry};

/// Numbers of the gradient that are turned around at once: they stay in the second cache.
const PACKED: usize = 32768;

/// The fewest numbers of a line.
const COLUMNS: usize = 8;

/// The fewest weights of an output channel: fewer do not make up for turning its gradient around.
const WEIGHTS: usize = 24;

/// The widest windows for which there are tiles.
pub const ENTRIES: usize = 5;

/// Whether windows move by one place or by two along lines, each line about as often as it has numbers to see: a tile goes along lines of the input.
pub const fn suits(geometry: &ConvGeometry) -> bool {
    let [depth, _, width] = &geometry.axes;
    let is_flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1 && depth.stride == 1;
    let makes_up = geometry.group_in().saturating_mul(geometry.window()) >= WEIGHTS;
    is_flat && makes_up && width.output >= COLUMNS && slides(width)
}

/// Whether there are tiles for a line.
const fn slides(axis: &Axis) -> bool {
    let places = axis.before < axis.kernel && axis.after < axis.kernel;
    match (axis.kernel, axis.stride, axis.dilation) {
        // Of numbers that few windows see, most products are zeros.
        (3..=ENTRIES, 1, 1) => places && axis.input <= axis.output + axis.output / 8,
        (3, 2, 1) => axis.before == 1 && axis.after <= 1,
        _ => false,
    }
}

/// How much of a sample is taken at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The most lines of outputs.
    pub lines: usize,
    /// Numbers of their gradient, in the channels of a panel.
    pub packed: usize,
    /// Sums of all weights of a panel.
    pub sums: usize,
    /// A line of zeros, which windows see above and below the input.
    pub zeros: usize,
}

impl Piece {
    /// As much as stays in the second cache.
    pub const fn of(geometry: &ConvGeometry) -> Piece {
        let [_, height, width] = &geometry.axes;
        let whole = geometry.group_out().div_ceil(MAX_LANES).saturating_mul(MAX_LANES);
        let panel = if whole < MAX_WIDTH { whole } else { MAX_WIDTH };
        let line = width.output.saturating_mul(panel);
        let fit = PACKED / if line > 0 { line } else { 1 };
        let least = if fit > 1 { fit } else { 1 };
        let lines = if least < height.output { least } else { height.output };
        Piece {
            lines,
            packed: lines.saturating_mul(line),
            sums: geometry.group_in().saturating_mul(geometry.window()).saturating_mul(panel),
            zeros: width.input,
        }
    }

    /// Working space.
    pub const fn scratch(&self) -> usize {
        self.packed.saturating_add(self.sums).saturating_add(self.zeros)
    }
}
