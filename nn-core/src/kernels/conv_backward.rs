//! Convolution, backward.

use core::ops::Range;

use nn_shape::tile::{self, STEPS};
use nn_shape::{Axis, ConvGeometry};

use super::gemm::{Block, even, panels, put};
use super::gemm::{Size, pack_rows, product};
use super::tile::{Left, Right, TileKernel};
use super::{conv, depthwise, windows};
use crate::simd::Lanes;

/// The gradient of the input. With stride 1 it is the convolution of the output's gradient with the mirrored weights; else the product
/// of the weights' transpose and the output's gradient, added back window by window.
pub(super) fn input<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
    scratch: &mut [E],
) {
    assert_eq!(output_gradient.len(), batch * geometry.output_len(), "output gradient of a convolution");
    assert_eq!(weight.len(), geometry.weights(), "weight of a convolution");
    assert_eq!(input_gradient.len(), batch * geometry.input_len(), "input gradient of a convolution");
    if tile::mirrors(geometry) && !depthwise::suits(geometry) {
        let (mirrored, scratch) = scratch.split_at_mut(weight.len());
        mirror(geometry, weight, mirrored);
        return conv::accumulate(&transposed(geometry), batch, output_gradient, mirrored, input_gradient, accumulate, scratch);
    }
    if !accumulate {
        input_gradient.fill(E::ZERO);
    }
    if depthwise::suits(geometry) {
        return depthwise::backward_input(geometry, output_gradient, weight, input_gradient);
    }
    let (group_in, group_out, plane) = (geometry.group_in(), geometry.group_out(), geometry.output_plane());
    let rows = group_in * geometry.window();
    let size = Size { rows, columns: plane, steps: group_out };
    let samples = output_gradient.chunks_exact(geometry.output_len()).zip(input_gradient.chunks_exact_mut(geometry.input_len()));
    for (output, input) in samples {
        let groups = output.chunks_exact(group_out * plane).zip(input.chunks_exact_mut(group_in * geometry.input_plane()));
        for ((output, input), weight) in groups.zip(weight.chunks_exact(group_out * rows)) {
            product(
                size,
                scratch,
                |first, steps: Range<usize>| Left::matrix(&weight[steps.start * rows..], first, 1, rows, steps.len()),
                |columns, steps, width, panel| pack_rows(output, plane, columns, steps, width, panel),
                |block: Block<'_, E>| {
                    for (row, values) in block.iter() {
                        windows::add_back(geometry, row, &block.columns, values, input);
                    }
                },
            );
        }
    }
}

/// The convolution that takes the output's gradient to the input's: input and output change places.
fn transposed(geometry: &ConvGeometry) -> ConvGeometry {
    let axes = geometry.axes.map(|axis| Axis {
        input: axis.output,
        output: axis.input,
        before: axis.extent() - 1 - axis.before,
        after: axis.extent() - 1 - axis.after,
        ..axis
    });
    ConvGeometry { in_channels: geometry.out_channels, out_channels: geometry.in_channels, groups: geometry.groups, axes }
}

/// Weights `[out, in, window]` of each group as `[in, out, window]`, each window back to front.
fn mirror<E: Lanes>(geometry: &ConvGeometry, weight: &[E], mirrored: &mut [E]) {
    let (group_in, group_out, window) = (geometry.group_in(), geometry.group_out(), geometry.window());
    let len = group_in * group_out * window;
    for (weight, mirrored) in weight.chunks_exact(len).zip(mirrored.chunks_exact_mut(len)) {
        for channel in 0..group_in {
            for out in 0..group_out {
                let from = &weight[(out * group_in + channel) * window..][..window];
                let to = &mut mirrored[(channel * group_out + out) * window..][..window];
                for (to, from) in to.iter_mut().zip(from.iter().rev()) {
                    *to = *from;
                }
            }
        }
    }
}

/// Adds the gradient of the weights: for each window entry and output channel the sum over all outputs of input times gradient. The
/// windows are the left operand, read from a padded copy of the sample where they lie; the gradient, output after output, is packed.
pub(super) fn weight<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    scratch: &mut [E],
) {
    assert_eq!(input.len(), batch * geometry.input_len(), "input of a convolution");
    assert_eq!(output_gradient.len(), batch * geometry.output_len(), "output gradient of a convolution");
    assert_eq!(weight_gradient.len(), geometry.weights(), "weight gradient of a convolution");
    if depthwise::suits(geometry) {
        return depthwise::backward_weight(geometry, input, output_gradient, weight_gradient);
    }
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let rows = group_in * geometry.window();
    let (padded, scratch) = scratch.split_at_mut(tile::padded_len(geometry));
    let (sums, panel) = scratch.split_at_mut(rows * group_out);
    for (group, weight_gradient) in weight_gradient.chunks_exact_mut(rows * group_out).enumerate() {
        sums.fill(E::ZERO);
        for sample in 0..batch {
            let plane = geometry.input_plane();
            let input = &input[(sample * geometry.in_channels + group * group_in) * plane..][..group_in * plane];
            let plane = geometry.output_plane();
            let output = &output_gradient[(sample * geometry.out_channels + group * group_out) * plane..][..group_out * plane];
            pad(geometry, input, padded);
            add_weight_sums(geometry, padded, output, sums, panel);
        }
        for (row, sums) in sums.chunks_exact(group_out).enumerate() {
            for (gradient, sum) in weight_gradient[row..].iter_mut().step_by(rows).zip(sums) {
                *gradient += *sum;
            }
        }
    }
}

/// Lays out one group of a sample with its zeros.
fn pad<E: Lanes>(geometry: &ConvGeometry, input: &[E], padded: &mut [E]) {
    let [depth, height, width] = &geometry.axes;
    padded.fill(E::ZERO);
    for (line, input) in input.chunks_exact(width.input).enumerate() {
        let (plane, h) = (line / height.input, line % height.input);
        let (channel, d) = (plane / depth.input, plane % depth.input);
        let to = ((channel * depth.padded() + d + depth.before) * height.padded() + h + height.before) * width.padded() + width.before;
        padded[to..to + width.input].copy_from_slice(input);
    }
}

/// `sums[row][out] += Σ over the outputs of one sample`, a few lines of outputs at a time.
fn add_weight_sums<E: Lanes>(geometry: &ConvGeometry, padded: &[E], output: &[E], sums: &mut [E], panel: &mut [E]) {
    let kernel = TileKernel::<E>::current();
    let mut tile = [E::ZERO; nn_shape::tile::MAX_ROWS * nn_shape::tile::MAX_WIDTH];
    let (rows, group_out, plane) = (geometry.group_in() * geometry.window(), geometry.group_out(), geometry.output_plane());
    for columns in panels(group_out, kernel.lanes, kernel.vectors()) {
        let vectors = columns.len().div_ceil(kernel.lanes);
        let width = vectors * kernel.lanes;
        for_each_patch(geometry, |patch| {
            let panel = &mut panel[..patch.lines * patch.count * width];
            pack_patch(geometry, &patch, output, plane, columns.clone(), width, panel);
            let right = Right { values: &*panel, stride: width };
            for block in even(rows, kernel.rows(vectors)) {
                kernel.run(block.len(), vectors, &patch.left(geometry, padded, block.clone()), &right, &mut tile);
                for (row, values) in block.zip(tile.chunks_exact(width)) {
                    put(&mut sums[row * group_out + columns.start..][..columns.len()], &values[..columns.len()], true);
                }
            }
        });
    }
}

/// A patch of outputs: some lines of one plane, or a piece of one line.
struct Patch {
    depth: usize,
    line: usize,
    lines: usize,
    from: usize,
    count: usize,
}

impl Patch {
    /// The windows over the patch, for some rows of the window matrix.
    fn left<'a, E>(&self, geometry: &ConvGeometry, padded: &'a [E], block: Range<usize>) -> Left<'a, E> {
        let [depth, height, width] = &geometry.axes;
        let line = |d: usize, h: usize| (d * height.padded() + h) * width.padded();
        let origin = line(self.depth * depth.stride, self.line * height.stride) + self.from * width.stride;
        let rows = core::array::from_fn(|index| {
            let row = (block.start + index).min(block.end - 1);
            let (kw, kh) = (row % width.kernel, row / width.kernel % height.kernel);
            let rest = row / (width.kernel * height.kernel);
            let (kd, channel) = (rest % depth.kernel, rest / depth.kernel);
            origin + line(channel * depth.padded() + kd * depth.dilation, kh * height.dilation) + kw * width.dilation
        });
        Left {
            values: padded,
            rows,
            outer_len: self.lines,
            outer_stride: height.stride * width.padded(),
            inner_len: self.count,
            inner_stride: width.stride,
        }
    }
}

/// Cuts the outputs into patches of at most [`STEPS`].
fn for_each_patch(geometry: &ConvGeometry, mut visit: impl FnMut(Patch)) {
    let [depth, height, width] = geometry.axes.map(|axis| axis.output);
    let lines = (STEPS / width).max(1);
    for d in 0..depth {
        for line in (0..height).step_by(lines) {
            for from in (0..width).step_by(STEPS) {
                let count = (width - from).min(STEPS);
                visit(Patch { depth: d, line, lines: lines.min(height - line), from, count });
            }
        }
    }
}

/// The gradient over a patch, output after output, for some output channels.
fn pack_patch<E: Lanes>(
    geometry: &ConvGeometry,
    patch: &Patch,
    output: &[E],
    plane: usize,
    columns: Range<usize>,
    width: usize,
    panel: &mut [E],
) {
    let [_, height, line] = geometry.axes.map(|axis| axis.output);
    if columns.len() < width {
        panel.fill(E::ZERO);
    }
    for (index, channel) in columns.enumerate() {
        for l in 0..patch.lines {
            let from = channel * plane + (patch.depth * height + patch.line + l) * line + patch.from;
            let to = &mut panel[l * patch.count * width..];
            for (to, value) in to.chunks_exact_mut(width).zip(&output[from..from + patch.count]) {
                to[index] = *value;
            }
        }
    }
}
