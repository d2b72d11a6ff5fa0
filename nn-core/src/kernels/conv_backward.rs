//! Convolution, backward.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, MAX_LANES, MAX_ROWS, STEPS, Sweep};

use super::columns::Columns;
use super::conv::{Convolution, Operands as ConvolutionOperands};
use super::gemm::{even, panels};
use super::tile::{Left, Right, Steps, Target, TileKernel};
use super::transpose::{Beside, place, transpose};
use super::windows::{Plan, Strip};
use super::{conv_dots, conv_halved, depthwise};
use crate::simd::Lanes;

/// The gradient of the input: one convolution of the output's gradient for each place that an input can have between two strides.
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
    if tile::halved(geometry).is_some() {
        let operands = conv_halved::Operands { output_gradient, weight, input_gradient, accumulate };
        return conv_halved::input(geometry, operands, scratch);
    }
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let [depth, height, width] = &geometry.axes;
    // Windows smaller than a stride see some inputs never.
    let sees_all = geometry.axes.iter().all(|axis| axis.kernel >= axis.stride && axis.dilation == 1);
    if !sees_all && !accumulate {
        input_gradient.fill(E::ZERO);
    }
    for place in 0..depth.stride * height.stride * width.stride {
        let (d, rest) = (place / (height.stride * width.stride), place % (height.stride * width.stride));
        let (h, w) = (rest / width.stride, rest % width.stride);
        let sweeps = [Sweep::backward(depth, d), Sweep::backward(height, h), Sweep::backward(width, w)];
        if sweeps.iter().any(|sweep| sweep.entries == 0) {
            continue;
        }
        let convolution = Convolution {
            sweeps: tile::laid_out(sweeps, group_in),
            kernels: [height.kernel, width.kernel],
            channels: group_out,
            channel_stride: group_in * geometry.window(),
            rows: group_in,
            row_stride: geometry.window(),
            accumulate,
        };
        let operands = ConvolutionOperands {
            batch,
            groups: geometry.groups,
            source: output_gradient,
            weight,
            bias: None,
            result: input_gradient,
        };
        convolution.run(operands, scratch);
    }
}

/// Adds the gradient of the weights: for each window entry and output channel the sum over all outputs of input times gradient. The
/// windows are the left operand, read from a strip; the gradient, output after output, is packed.
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
    let kernel = TileKernel::<E>::current();
    if conv_dots::suits(geometry, kernel.lanes) {
        return conv_dots::weight(geometry, batch, input, output_gradient, weight_gradient, scratch);
    }
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let sweeps = tile::forward_sweeps(geometry);
    let weights = group_in * geometry.window();
    let (strips, scratch) = scratch.split_at_mut(tile::strip(group_in, geometry.groups, &sweeps));
    for group in 0..geometry.groups {
        for columns in panels(group_out, kernel.lanes, kernel.vectors()) {
            let width = columns.len().div_ceil(kernel.lanes) * kernel.lanes;
            let (panel, sums) = scratch.split_at_mut(STEPS * width);
            let sums = &mut sums[..weights * width];
            sums.fill(E::ZERO);
            let operands =
                Operands { geometry, sweeps: &sweeps, kernel, group, columns: columns.clone(), input, output_gradient };
            operands.add(batch, strips, panel, sums);
            let gradients =
                &mut weight_gradient[(group * group_out + columns.start) * weights..][..columns.len() * weights];
            place(sums, width, [weights, columns.len()], Beside::There, gradients, weights);
        }
    }
}

/// What the gradient of the weights of some output channels of a group is made of.
struct Operands<'a, E: Lanes> {
    geometry: &'a ConvGeometry,
    sweeps: &'a [Sweep; 3],
    kernel: TileKernel<E>,
    group: usize,
    columns: Range<usize>,
    input: &'a [E],
    output_gradient: &'a [E],
}

impl<E: Lanes> Operands<'_, E> {
    /// `sums[weight][column] += Σ over the outputs of the batch`, a patch of outputs at a time: some lines of one plane, or the planes of several
    /// samples.
    fn add(&self, batch: usize, strips: &mut [E], panel: &mut [E], sums: &mut [E]) {
        let [depth, height, width] = self.sweeps;
        let plan = Plan::new::<E>(self.sweeps, self.geometry.group_in(), strips.len());
        let longest = plan.columns.min(STEPS);
        let most = (STEPS / longest).min(Plan::lines(self.sweeps, 1, longest, strips.len() - MAX_LANES));
        let whole = width.count * height.count;
        let together = if longest * most == whole { STEPS / whole } else { 1 };
        for depth in 0..depth.count {
            for columns in even(width.count, longest) {
                for lines in even(height.count, most) {
                    let strip = Strip::new(self.sweeps, depth, lines, columns.clone());
                    let fit = (strips.len() - MAX_LANES) / strip.channel.max(1);
                    // Zeros stay where they are, whatever channel of whatever sample is laid over them.
                    strips.fill(E::ZERO);
                    for samples in even(batch, together.min(fit)) {
                        self.add_patch(&strip, samples, strips, panel, sums);
                    }
                }
            }
        }
    }

    fn add_patch(&self, strip: &Strip<'_>, samples: Range<usize>, strips: &mut [E], panel: &mut [E], sums: &mut [E]) {
        let width = self.columns.len().div_ceil(self.kernel.lanes) * self.kernel.lanes;
        self.pack(strip, samples.clone(), width, panel);
        let (group_in, plane) = (self.geometry.group_in(), self.geometry.input_plane());
        let fit = (strips.len() - MAX_LANES) / (strip.channel * samples.len()).max(1);
        let kernels = [self.geometry.axes[1].kernel, self.geometry.axes[2].kernel];
        let right = Right { values: panel, at: 0 };
        for channels in even(group_in, fit) {
            let sample_len = channels.len() * strip.channel;
            let mut steps = Steps::new();
            for (index, sample) in samples.clone().enumerate() {
                let first = sample * self.geometry.in_channels + self.group * group_in + channels.start;
                let source = &self.input[first * plane..][..channels.len() * plane];
                let to = &mut strips[index * sample_len..][..sample_len];
                strip.refill(source, to);
                for line in 0..strip.lines {
                    for column in 0..strip.columns {
                        steps.push(index * sample_len + line * strip.pitch + column, steps.len() * width);
                    }
                }
            }
            // Rows of the tile, and the weights that they are the gradients of.
            let (mut rows, mut weights, mut count) = ([0; MAX_ROWS], [0; MAX_ROWS], 0);
            let (vectors, columns) = (width / self.kernel.lanes, Columns::whole(width));
            let mut multiply = |rows: &[usize; MAX_ROWS], weights: &[usize]| {
                let mut target =
                    Target { values: sums, rows: [0; MAX_ROWS], row_step: 0, columns: &columns, add: true, bias: None };
                for (row, weight) in target.rows.iter_mut().zip(weights) {
                    *row = weight * width;
                }
                self.kernel.run(
                    weights.len(),
                    vectors,
                    &Left { values: strips, rows: *rows, row_step: 0 },
                    &right,
                    &steps,
                    &mut target,
                );
            };
            for (index, channel) in channels.enumerate() {
                strip.entries(kernels, |entry| {
                    rows[count] = index * strip.channel + entry.offset;
                    weights[count] = channel * self.geometry.window() + entry.kernel;
                    count += 1;
                    if count == self.kernel.rows(vectors) {
                        multiply(&rows, &weights[..count]);
                        count = 0;
                    }
                });
            }
            if count > 0 {
                multiply(&rows, &weights[..count]);
            }
        }
    }

    /// The gradient over a patch, output after output, for some output channels.
    fn pack(&self, strip: &Strip<'_>, samples: Range<usize>, width: usize, panel: &mut [E]) {
        let [_, height, line] = self.geometry.axes.map(|axis| axis.output);
        let plane = self.geometry.output_plane();
        let mut steps = panel;
        for sample in samples {
            let first =
                sample * self.geometry.out_channels + self.group * self.geometry.group_out() + self.columns.start;
            let output = &self.output_gradient[first * plane..][..self.columns.len() * plane];
            for l in 0..strip.lines {
                let at = (strip.depth * height + strip.line + l) * line + strip.column;
                let (panel, rest) = steps.split_at_mut(strip.columns * width);
                steps = rest;
                transpose(&output[at..], plane, self.columns.len(), strip.columns, panel, width);
            }
        }
    }
}
