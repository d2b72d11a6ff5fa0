//! Where the pixels of a frozen convolution or linear layer lie: lines of pixels, their windows in the input, their places in the output.

use nn_shape::frozen::sees_planes;
use nn_shape::{ConvGeometry, phases};

use super::cut::{Cut, index, width};
use super::part::Way;
use super::tile::Window;
use crate::simd::Vector;

/// Whether a convolution is a product of matrices: each pixel sees itself alone, and all are one line.
fn is_matrix(geometry: &ConvGeometry) -> bool {
    geometry.axes.iter().all(|axis| axis.kernel == 1 && axis.stride == 1 && axis.before == 0 && axis.after == 0)
}

/// The lines of pixels of a convolution or a linear layer.
pub(super) struct Lines {
    /// Along depth and height, and their distances in the input.
    pub(super) counts: [usize; 2],
    pub(super) strides: [usize; 2],
    pub(super) len: usize,
    /// Pixels after which a line goes on in another row of the input, and from one row to the next.
    pub(super) row: [usize; 2],
    pub(super) window: Window,
    /// Numbers of an output pixel, of which each group has some.
    pub(super) outputs: usize,
    pub(super) groups: usize,
    /// From one group's input to the next one's.
    pub(super) group_in: usize,
    /// Where the first output pixel lies; from one line's outputs to the next one's, along depth and height, and from one pixel's to the next one's.
    pub(super) first: usize,
    pub(super) apart: [usize; 3],
}

/// Of lines that are written one behind the other.
fn apart([_, height]: [usize; 2], len: usize, outputs: usize) -> [usize; 3] {
    [height * len * outputs, len * outputs, outputs]
}

impl Lines {
    /// Those of a convolution over its padded input.
    pub(super) fn conv(geometry: &ConvGeometry, planar: bool) -> Lines {
        let lines = if sees_planes(geometry, planar) { Lines::planes(geometry) } else { Lines::last(geometry) };
        if !is_matrix(geometry) {
            return lines;
        }
        let (counts, len) = ([1, 1], geometry.output_plane());
        Lines { counts, len, row: [len, 0], apart: apart(counts, len, geometry.out_channels), ..lines }
    }

    /// All lines as one, if they are written one behind the other.
    pub(super) fn joined(&self) -> Option<Lines> {
        let [planes, lines] = self.counts;
        let fits = planes == 1 && self.row[0] == self.len && self.apart[1] == self.len * self.apart[2];
        let (counts, row) = ([1, 1], [self.len, self.strides[1]]);
        fits.then(|| Lines { counts, len: lines * self.len, row, ..*self })
    }

    /// Where the windows of a line's pixels begin, from that pixel on.
    #[inline(always)]
    pub(super) fn places(&self, first: usize) -> impl Iterator<Item = usize> {
        let ([len, stride], pixel) = (self.row, self.window.pixel);
        let (mut row, mut column) = (first / len * stride, first % len);
        core::iter::repeat_with(move || {
            let place = row + column * pixel;
            column += 1;
            if column == len {
                (row, column) = (row + stride, 0);
            }
            place
        })
    }

    /// Over plain input, without depth in the window.
    fn planes(geometry: &ConvGeometry) -> Lines {
        let [depth, height, width] = &geometry.axes;
        let row = width.padded();
        let plane = depth.padded() * height.padded() * row;
        let (columns, run) = if width.dilation == 1 { (1, width.kernel) } else { (width.kernel, 1) };
        let counts = [depth.output, height.output];
        Lines {
            counts,
            strides: [depth.stride * height.padded() * row, height.stride * row],
            len: width.output,
            row: [width.output, 0],
            window: Window {
                counts: [geometry.group_in(), height.kernel, columns],
                strides: [plane, height.dilation * row, width.dilation],
                run,
                pixel: width.stride,
            },
            outputs: geometry.out_channels,
            groups: geometry.groups,
            group_in: geometry.group_in() * plane,
            first: 0,
            apart: apart(counts, width.output, geometry.out_channels),
        }
    }

    /// Over input with channels last.
    fn last(geometry: &ConvGeometry) -> Lines {
        let [depth, height, width] = &geometry.axes;
        let channels = geometry.in_channels;
        let row = width.padded() * channels;
        let plane = height.padded() * row;
        // Neighbouring entries of a line of the window are one run where nothing lies between them.
        let one_run = width.dilation == 1 && geometry.groups == 1;
        let (columns, run) = if one_run { (1, width.kernel * channels) } else { (width.kernel, geometry.group_in()) };
        let counts = [depth.output, height.output];
        Lines {
            counts,
            strides: [depth.stride * plane, height.stride * row],
            len: width.output,
            row: [width.output, 0],
            window: Window {
                counts: [depth.kernel, height.kernel, columns],
                strides: [depth.dilation * plane, height.dilation * row, width.dilation * channels],
                run,
                pixel: width.stride * channels,
            },
            outputs: geometry.out_channels,
            groups: geometry.groups,
            group_in: geometry.group_in(),
            first: 0,
            apart: apart(counts, width.output, geometry.out_channels),
        }
    }

    /// Those of a phase of a transposed convolution, and where its windows begin in the laid out input.
    pub(super) fn phase(geometry: &ConvGeometry, index: usize) -> (Lines, usize) {
        let [depth, height, width] = phases::at(geometry, index);
        let (laid_out, start) = (phases::laid_out(geometry), phases::start(geometry, &[depth, height, width]));
        let (channels, outputs) = (geometry.out_channels, geometry.in_channels);
        let row = laid_out.axes[2].padded() * channels;
        let plane = laid_out.axes[1].padded() * row;
        let one_run = width.dilation == 1 && geometry.groups == 1;
        let (columns, run) = if one_run { (1, width.taps * channels) } else { (width.taps, geometry.group_out()) };
        let [deep, high, wide] = &geometry.axes;
        let [d, h, w] = phases::split(geometry, index);
        let lines = Lines {
            counts: [depth.outputs, height.outputs],
            strides: [plane, row],
            len: width.outputs,
            row: [width.outputs, 0],
            window: Window {
                counts: [depth.taps, height.taps, columns],
                strides: [depth.dilation * plane, height.dilation * row, width.dilation * channels],
                run,
                pixel: channels,
            },
            outputs,
            groups: geometry.groups,
            group_in: geometry.group_out(),
            first: ((d * high.input + h) * wide.input + w) * outputs,
            apart: [
                deep.stride * high.input * wide.input * outputs,
                high.stride * wide.input * outputs,
                wide.stride * outputs,
            ],
        };
        (lines, start[0] * plane + start[1] * row + start[2] * channels)
    }

    /// Those of a linear layer: its rows are the pixels of one line.
    pub(super) fn linear(rows: usize, inputs: usize, outputs: usize) -> Lines {
        let window = Window { counts: [1; 3], strides: [0; 3], run: inputs, pixel: inputs };
        let counts = [1, 1];
        let apart = apart(counts, rows, outputs);
        let (strides, row) = ([0, 0], [rows, 0]);
        Lines { counts, strides, len: rows, row, window, outputs, groups: 1, group_in: inputs, first: 0, apart }
    }

    /// Along what to cut the work into so many parts: so that they are equal, and that each thread has only some of weights that do not fit in its
    /// second cache.
    pub(super) fn way<V: Vector>(&self, packed: &[V::Element], parts: usize) -> Way {
        let cut = Cut::read(packed);
        let vectors = (self.outputs / self.groups).div_ceil(V::LANES);
        let tiles = self.len.div_ceil(cut.pixels[index(width(vectors.min(cut.widest)))].max(1));
        let many_weights = size_of_val(packed) > 1 << 20;
        // What one of the parts does of so many items, in hundredths, and what else it costs.
        let cost = |items: usize, more: usize| 100 * parts * items.div_ceil(parts) / items.max(1) + more;
        let ways = [
            (cost(self.counts[0] * self.counts[1], if many_weights { 10 } else { 0 }), Way::Lines),
            (cost(blocks(vectors, cut.widest), if many_weights { 0 } else { 10 }), Way::Blocks),
            (cost(tiles, 12), Way::Tiles),
        ];
        ways.into_iter().min_by_key(|(cost, _)| *cost).map_or(Way::Lines, |(_, way)| way)
    }

    /// All of them.
    pub(super) fn pixels(&self) -> usize {
        self.counts[0] * self.counts[1] * self.len
    }

    /// Products of all windows.
    pub(super) fn macs(&self) -> usize {
        self.pixels() * self.outputs * self.steps()
    }

    /// Pixels of a line and of all lines, numbers of a window and neighbours among these: what weights are packed by.
    pub(super) fn sizes(&self) -> [usize; 4] {
        [self.len, self.pixels(), self.steps(), self.window.run]
    }

    /// Behind the last output of the last pixel.
    pub(super) fn end(&self) -> usize {
        let [depth, height, pixel] = self.apart;
        let lines = (self.counts[0] - 1) * depth + (self.counts[1] - 1) * height;
        self.first + lines + (self.len - 1) * pixel + self.outputs
    }

    /// Numbers of a window.
    pub(super) fn steps(&self) -> usize {
        self.window.counts.iter().product::<usize>() * self.window.run
    }

    /// The furthest place of a line's windows.
    fn furthest_of_line(&self) -> usize {
        let [len, stride] = self.row;
        (self.len.div_ceil(len) - 1) * stride + (self.len.min(len) - 1) * self.window.pixel
    }

    /// Behind the last number of the last window.
    pub(super) fn furthest(&self) -> usize {
        let last = |count: usize, stride: usize| (count - 1) * stride;
        (0..2).map(|axis| last(self.counts[axis], self.strides[axis])).sum::<usize>()
            + (0..3).map(|axis| last(self.window.counts[axis], self.window.strides[axis])).sum::<usize>()
            + self.furthest_of_line()
            + last(self.groups, self.group_in)
            + self.window.run
    }
}

/// How many blocks so many vectors of channels are.
pub(super) fn blocks(vectors: usize, widest: usize) -> usize {
    blocks_by(vectors, |rest| width(rest.min(widest.max(1))))
}

/// The same where blocks have the width that `next` gives for what is left.
pub(super) fn blocks_by(vectors: usize, next: impl Fn(usize) -> usize) -> usize {
    let (mut rest, mut count) = (vectors, 0);
    while rest > 0 {
        rest -= next(rest);
        count += 1;
    }
    count
}
