//! The windows of a convolution as a matrix: a row for each entry of the window over each channel, a column for each output. It is never
//! stored whole: panels of it are written as the product needs them, and added back the same way.

use core::ops::Range;

use nn_shape::{Axis, ConvGeometry};

use crate::simd::Lanes;

/// A row of the matrix: channel and place in the window.
struct Row {
    channel: usize,
    depth: usize,
    height: usize,
    width: usize,
}

impl Row {
    fn new(geometry: &ConvGeometry, row: usize) -> Row {
        let [depth, height, width] = geometry.axes.map(|axis| axis.kernel);
        Row { channel: row / (depth * height * width), depth: row / (height * width) % depth, height: row / width % height, width: row % width }
    }

    fn advance(&mut self, geometry: &ConvGeometry) {
        let [depth, height, width] = geometry.axes.map(|axis| axis.kernel);
        self.width += 1;
        if self.width == width {
            (self.width, self.height) = (0, self.height + 1);
            if self.height == height {
                (self.height, self.depth) = (0, self.depth + 1);
                if self.depth == depth {
                    (self.depth, self.channel) = (0, self.channel + 1);
                }
            }
        }
    }
}

/// The outputs of an axis whose window entry `kernel` lies in the input, and not in the padding.
pub(super) fn inside(axis: &Axis, kernel: usize) -> Range<usize> {
    let shift = kernel * axis.dilation;
    let first = axis.before.saturating_sub(shift).div_ceil(axis.stride);
    let end = (axis.input + axis.before).saturating_sub(shift).div_ceil(axis.stride);
    let end = end.min(axis.output);
    first.min(end)..end
}

/// The place in the input of window entry `kernel` at `output`, which is inside.
fn place(axis: &Axis, output: usize, kernel: usize) -> usize {
    output * axis.stride + kernel * axis.dilation - axis.before
}

/// Calls `visit(at, count, from)` for each run of `columns` along the last axis that lies in the input: `count` columns from `at` on in the
/// panel show the inputs from `from` on, a stride apart.
fn runs(geometry: &ConvGeometry, row: &Row, columns: &Range<usize>, mut visit: impl FnMut(usize, usize, usize)) {
    let [depth, height, width] = &geometry.axes;
    let (depths, heights, widths) = (inside(depth, row.depth), inside(height, row.height), inside(width, row.width));
    let (mut d, mut h) = (columns.start / (height.output * width.output), columns.start / width.output % height.output);
    let mut begin = columns.start / width.output * width.output;
    while begin < columns.end {
        if depths.contains(&d) && heights.contains(&h) {
            let from = (begin + widths.start).max(columns.start);
            let to = (begin + widths.end).min(columns.end);
            if from < to {
                let line = (row.channel * depth.input + place(depth, d, row.depth)) * height.input + place(height, h, row.height);
                visit(from - columns.start, to - from, line * width.input + place(width, from - begin, row.width));
            }
        }
        begin += width.output;
        h += 1;
        if h == height.output {
            (h, d) = (0, d + 1);
        }
    }
}

/// Writes a panel: `rows` of the matrix, `columns` of each, `width` apart.
pub(super) fn pack<E: Lanes>(
    geometry: &ConvGeometry,
    input: &[E],
    columns: Range<usize>,
    rows: Range<usize>,
    width: usize,
    panel: &mut [E],
) {
    let stride = geometry.axes[2].stride;
    let mut row = Row::new(geometry, rows.start);
    for panel in panel.chunks_exact_mut(width) {
        panel.fill(E::ZERO);
        runs(geometry, &row, &columns, |at, count, from| {
            let to = &mut panel[at..at + count];
            if stride == 1 {
                to.copy_from_slice(&input[from..from + count]);
            } else {
                for (to, from) in to.iter_mut().zip(input[from..].iter().step_by(stride)) {
                    *to = *from;
                }
            }
        });
        row.advance(geometry);
    }
}

/// Adds one row of a result, for `columns`, to the inputs that its windows show.
pub(super) fn add_back<E: Lanes>(geometry: &ConvGeometry, row: usize, columns: &Range<usize>, values: &[E], input: &mut [E]) {
    let stride = geometry.axes[2].stride;
    runs(geometry, &Row::new(geometry, row), columns, |at, count, from| {
        let values = &values[at..at + count];
        if stride == 1 {
            super::gemm::put(&mut input[from..from + count], values, true);
        } else {
            for (to, value) in input[from..].iter_mut().step_by(stride).zip(values) {
                *to += *value;
            }
        }
    });
}
