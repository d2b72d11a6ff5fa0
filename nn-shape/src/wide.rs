//! Convolutions of a batch whose vectors hold channels of results, as those of frozen networks do: which they are, and the working space that they
//! imply.
//!
//! Weights are packed and each sample is laid out with its padding, so that windows that overlap share what they load; results come channels last and are
//! turned around, some lines at a time. That pays where windows have many numbers.

use crate::tile::{self, MAX_LANES, MAX_VECTORS, Sweep};
use crate::{Axis, ConvGeometry};

/// Numbers of packed weights: they stay in the second cache.
const PACKED: usize = 65536;
/// Numbers of a sample that are laid out at once: they stay there, too.
const LAID: usize = 65536;
/// Results of a channel that are turned around together.
const TOGETHER: usize = 128;
/// The most channels of results that are summed at once.
pub const CHANNELS: usize = MAX_VECTORS * MAX_LANES;

/// The fewest numbers of a window, places of results and results of a line for which it pays.
const WINDOW: usize = 48;
const PLACES: usize = 32;
const COLUMNS: usize = 5;

/// How such a convolution is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wide {
    /// Depth, height and width as a sample is laid out: windows that move by one place.
    pub sweeps: [Sweep; 3],
    /// Lines and columns of results.
    pub counts: [usize; 2],
    /// How far windows move, down and along a line.
    pub strides: [usize; 2],
    /// Channels of results whose weights are packed at once, and channels of the source that they see.
    pub rows: usize,
    /// See `rows`.
    pub channels: usize,
    /// Lines of results over what is laid out at once, and among them those whose sums are turned around together.
    pub lines: usize,
    /// See `lines`.
    pub together: usize,
    /// Whether there is padding: else windows see the source where it lies.
    pub padded: bool,
}

/// The forward pass of a convolution, if it is one of these.
pub const fn forward(geometry: &ConvGeometry) -> Option<Wide> {
    let [_, height, width] = &geometry.axes;
    let (counts, strides) = ([height.output, width.output], [height.stride, width.stride]);
    Wide::new(geometry, by_one(geometry), counts, strides, geometry.group_in(), geometry.group_out())
}

/// The gradient of a convolution's input, if it is one of these.
pub const fn backward(geometry: &ConvGeometry) -> Option<Wide> {
    let [depth, height, width] = &geometry.axes;
    if height.stride != 1 || width.stride != 1 {
        return None;
    }
    let sweeps = [Sweep::backward(depth, 0), Sweep::backward(height, 0), Sweep::backward(width, 0)];
    let counts = [height.input, width.input];
    Wide::new(geometry, sweeps, counts, [1, 1], geometry.group_out(), geometry.group_in())
}

/// The sweeps of a convolution's forward pass as if windows moved by one place from the first to the last: the input, laid out as it lies.
pub const fn by_one(geometry: &ConvGeometry) -> [Sweep; 3] {
    let [depth, height, width] = &geometry.axes;
    [Sweep::forward(depth), Sweep::forward(&axis_by_one(height)), Sweep::forward(&axis_by_one(width))]
}

const fn axis_by_one(axis: &Axis) -> Axis {
    Axis { stride: 1, output: axis.output.saturating_sub(1).saturating_mul(axis.stride).saturating_add(1), ..*axis }
}

impl Wide {
    const fn new(
        geometry: &ConvGeometry,
        sweeps: [Sweep; 3],
        counts: [usize; 2],
        strides: [usize; 2],
        channels: usize,
        rows: usize,
    ) -> Option<Wide> {
        let [depth, height, width] = &geometry.axes;
        let is_flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1 && depth.stride == 1;
        let is_plain = height.dilation == 1 && width.dilation == 1;
        // Windows that overlap otherwise have no tiles.
        let overlaps = matches!((width.kernel, strides[1]), (2..=5, 1) | (3, 2));
        let window = height.kernel.saturating_mul(width.kernel);
        let places = counts[0].saturating_mul(counts[1]);
        let whole = rows.div_ceil(MAX_LANES).saturating_mul(MAX_LANES);
        let is_full = rows.saturating_mul(4) >= whole.saturating_mul(3);
        let is_long = channels.saturating_mul(window) >= WINDOW && places >= PLACES && counts[1] >= COLUMNS;
        if !is_flat || !is_plain || !overlaps || !is_full || !is_long {
            return None;
        }
        // All channels of the source for some of the results, or some of both.
        let fit = PACKED / window;
        let least = if whole < CHANNELS { whole } else { CHANNELS };
        let (rows, channels) = if channels.saturating_mul(least) <= fit {
            let most = fit / channels / CHANNELS * CHANNELS;
            (if channels.saturating_mul(whole) <= fit { whole } else { most }, channels)
        } else {
            (least, even(channels, fit / least))
        };
        if channels == 0 {
            return None;
        }
        let padded = is_padded(&sweeps[1]) || is_padded(&sweeps[2]);
        let line = channels.saturating_mul(sweeps[2].count.saturating_add(sweeps[2].span()));
        // Of few lines at once most would be laid out several times.
        let span = sweeps[1].span().saturating_add(1);
        let lines = if padded { even(counts[0], fit_lines(LAID / line, span, strides[0])) } else { counts[0] };
        if padded && lines < 4 && lines < counts[0] {
            return None;
        }
        let together = TOGETHER / counts[1];
        let together = even(lines, if together > 0 { together } else { 1 });
        Some(Wide { sweeps, counts, strides, rows, channels, lines, together, padded })
    }

    /// Numbers of a window over one channel.
    pub const fn window(&self) -> usize {
        self.sweeps[1].entries * self.sweeps[2].entries
    }

    /// Numbers of a line of what is laid out, and of all lines that some lines of results see.
    pub const fn plane(&self, lines: usize) -> usize {
        let [_, height, width] = &self.sweeps;
        ((lines - 1) * self.strides[0] + 1 + height.span()) * (width.count + width.span())
    }

    /// Working space in elements: packed weights and biases, what is laid out, and the sums of a block of channels.
    pub const fn scratch(&self) -> [usize; 3] {
        let packed = self.rows * (self.channels * self.window() + 1);
        let laid = if self.padded { self.channels * self.plane(self.lines) } else { 0 };
        let block = if self.rows < CHANNELS { self.rows } else { CHANNELS };
        [packed, laid, self.together * self.counts[1] * block]
    }
}

/// The lines of results that see no more than some lines of the source, of which the first sees `span`.
const fn fit_lines(lines: usize, span: usize, stride: usize) -> usize {
    if lines < span { 0 } else { (lines - span) / stride + 1 }
}

/// Whether some window sees beyond the source.
const fn is_padded(sweep: &Sweep) -> bool {
    sweep.origin != 0 || sweep.count + sweep.span() > sweep.source
}

/// The longest of the pieces that `count` is evenly cut into, of at most `most`.
const fn even(count: usize, most: usize) -> usize {
    if count <= most {
        count
    } else if most == 0 {
        0
    } else {
        count.div_ceil(count.div_ceil(most))
    }
}

/// Working space of a convolution, in elements, if it is one of these; and of whatever else it may be.
pub(crate) const fn scratch(wide: Option<Wide>) -> usize {
    match wide {
        Some(wide) => {
            let [packed, laid, sums] = wide.scratch();
            packed.saturating_add(laid).saturating_add(sums).saturating_add(tile::MAX_LANES)
        }
        None => 0,
    }
}
