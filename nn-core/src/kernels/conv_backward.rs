//! Convolution, backward.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, MAX_LANES, MAX_ROWS, MAX_WIDTH, STEPS, Sweep};
use nn_shape::{depthwise, wide};

use super::columns::Columns;
use super::conv::{Convolution, Operands as ConvolutionOperands};
use super::gemm::{even, panels};
use super::steps::Steps;
use super::tile::{Left, Right, Rows, Target, TileKernel};
use super::transpose::{Beside, place, transpose};
use super::windows::{Plan, Strip};
use super::{
    conv_dots, conv_doubled, conv_halved, conv_lines, conv_sliding, conv_wide, depthwise_forward, depthwise_weight,
};
use crate::simd::Lanes;

/// Weights whose gradients are asked for at once: some tiles, so that bounds are checked once for all of them.
const ROWS: usize = 8 * MAX_ROWS;

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
    if let Some(gradient) = conv_doubled::backward::<E>(geometry, accumulate) {
        let (source, result) = (output_gradient, input_gradient);
        let operands = ConvolutionOperands { batch, groups: geometry.groups, source, weight, bias: None, result };
        return gradient.run(operands, scratch);
    }
    if tile::halved(geometry).is_some() {
        let operands = conv_halved::Operands { output_gradient, weight, input_gradient, accumulate };
        return conv_halved::input(geometry, operands, scratch);
    }
    if !accumulate && depthwise_forward::suits_input(geometry) {
        return depthwise_forward::input(geometry, batch, output_gradient, weight, input_gradient, scratch);
    }
    if let Some(convolution) = conv_lines::backward::<E>(geometry, accumulate) {
        let groups = geometry.groups;
        let (source, result) = (output_gradient, input_gradient);
        let operands = ConvolutionOperands { batch, groups, source, weight, bias: None, result };
        return convolution.run(operands, scratch);
    }
    if let Some(convolution) = conv_wide::backward::<E>(geometry, accumulate) {
        let groups = geometry.groups;
        let (source, result) = (output_gradient, input_gradient);
        let operands = ConvolutionOperands { batch, groups, source, weight, bias: None, result };
        return convolution.run(operands, scratch);
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
        return depthwise_weight::weight(geometry, batch, input, output_gradient, weight_gradient, scratch);
    }
    let kernel = TileKernel::<E>::current();
    if conv_sliding::suits::<E>(geometry, kernel.lanes) {
        return conv_sliding::weight(geometry, batch, input, output_gradient, weight_gradient, scratch);
    }
    if conv_dots::suits(geometry, kernel.lanes) {
        return conv_dots::weight(geometry, batch, input, output_gradient, weight_gradient, scratch);
    }
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let sweeps = tile::forward_sweeps(geometry);
    let seen = Seen::of(geometry);
    let weights = group_in * geometry.window();
    let (strips, scratch) = scratch.split_at_mut(tile::strip(group_in, geometry.groups, &sweeps));
    for group in 0..geometry.groups {
        // As many output channels as there is room for see what is laid out once.
        for channels in panels(group_out, kernel.lanes, MAX_WIDTH / kernel.lanes) {
            let width = channels.len().next_multiple_of(kernel.lanes);
            let (packed, sums) = scratch.split_at_mut(STEPS * width);
            let sums = &mut sums[..weights * width];
            sums.fill(E::ZERO);
            let (sweeps, seen, first) = (&sweeps, &seen, group * group_out + channels.start);
            let operands = Operands { geometry, sweeps, seen, kernel, group, channels, input, output_gradient };
            operands.add(batch, strips, packed, sums);
            for panel in operands.panels() {
                let gradients = &mut weight_gradient[(first + panel.start) * weights..][..panel.len() * weights];
                let sums = &sums[weights * panel.start..];
                place(sums, operands.width(&panel), [weights, panel.len()], Beside::There, gradients, weights);
            }
        }
    }
}

/// How the windows' numbers are found, each by itself.
struct Seen {
    /// The sweeps by which they are laid out, and how far windows move over that.
    sweeps: [Sweep; 3],
    strides: [usize; 2],
    /// Whether they are read where they lie.
    in_place: bool,
    /// Whether lines and columns of a window follow each other as in the source.
    as_it_is: bool,
}

impl Seen {
    fn of(geometry: &ConvGeometry) -> Self {
        let [depth, height, width] = &geometry.axes;
        let is_flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1;
        let axes = [height, width];
        let in_place = is_flat && axes.iter().all(|axis| axis.before == 0 && axis.after == 0 && axis.dilation == 1);
        // A number that no window sees is laid out in vain.
        let as_it_is = is_flat && axes.iter().all(|axis| axis.dilation == 1 && axis.kernel >= axis.stride);
        if in_place || as_it_is {
            Seen { sweeps: wide::by_one(geometry), strides: axes.map(|axis| axis.stride), in_place, as_it_is: true }
        } else {
            Seen { sweeps: tile::forward_sweeps(geometry), strides: [1; 2], in_place, as_it_is: false }
        }
    }

    /// The strip that some lines and columns of outputs see.
    fn strip(&self, depth: usize, lines: &Range<usize>, columns: &Range<usize>) -> Strip<'_> {
        let [down, right] = self.strides;
        let all = |range: &Range<usize>, stride: usize| range.start * stride..(range.end - 1) * stride + 1;
        Strip::new(&self.sweeps, depth, all(lines, down), all(columns, right))
    }
}

/// What the gradient of the weights of some output channels of a group is made of.
struct Operands<'a, E: Lanes> {
    geometry: &'a ConvGeometry,
    sweeps: &'a [Sweep; 3],
    seen: &'a Seen,
    kernel: TileKernel<E>,
    group: usize,
    channels: Range<usize>,
    input: &'a [E],
    output_gradient: &'a [E],
}

/// Outputs of some samples.
struct Patch {
    samples: Range<usize>,
    depth: usize,
    lines: Range<usize>,
    columns: Range<usize>,
}

impl<E: Lanes> Operands<'_, E> {
    /// The output channels, cut into what tiles are wide: their gradients and sums are apart.
    fn panels(&self) -> impl Iterator<Item = Range<usize>> {
        panels(self.channels.len(), self.kernel.lanes, self.kernel.vectors())
    }

    /// The columns of a panel, in whole vectors.
    fn width(&self, panel: &Range<usize>) -> usize {
        panel.len().next_multiple_of(self.kernel.lanes)
    }

    /// `sums[weight][column] += Σ over the outputs of the batch`, a patch of outputs at a time: some lines of one plane, or the planes of several
    /// samples.
    fn add(&self, batch: usize, strips: &mut [E], packed: &mut [E], sums: &mut [E]) {
        let [depth, height, width] = self.sweeps;
        let group_in = self.geometry.group_in();
        let mut walk = Walk { steps: Steps::new(), shape: [0; 6] };
        let plan = Plan::new::<E>(self.sweeps, group_in, strips.len());
        let longest = plan.columns.min(STEPS);
        let most = (STEPS / longest).min(Plan::lines(self.sweeps, 1, longest, strips.len() - MAX_LANES));
        let whole = width.count * height.count;
        let together = if longest * most == whole { STEPS / whole } else { 1 };
        for depth in 0..depth.count {
            for columns in even(width.count, longest) {
                for lines in even(height.count, most) {
                    let strip = self.seen.strip(depth, &lines, &columns);
                    let fit = (strips.len() - MAX_LANES) / strip.channel.max(1);
                    let together = if self.seen.in_place { together } else { together.min(fit) };
                    if !self.seen.in_place {
                        // Zeros stay where they are, whatever channel of whatever sample is laid over them.
                        let used = (together.min(batch) * group_in).min(fit) * strip.channel + MAX_LANES;
                        strips[..used].fill(E::ZERO);
                    }
                    for samples in even(batch, together) {
                        let patch = Patch { samples, depth, lines: lines.clone(), columns: columns.clone() };
                        self.add_patch(&patch, &strip, &mut walk, strips, packed, sums);
                    }
                }
            }
        }
    }

    fn add_patch(
        &self,
        patch: &Patch,
        strip: &Strip<'_>,
        walk: &mut Walk,
        strips: &mut [E],
        packed: &mut [E],
        sums: &mut [E],
    ) {
        for panel in self.panels() {
            self.pack(patch, &panel, &mut packed[STEPS * panel.start..]);
        }
        let (geometry, in_place) = (self.geometry, self.seen.in_place);
        let (group_in, plane) = (geometry.group_in(), geometry.input_plane());
        let first = self.group * group_in * plane;
        if in_place {
            let [_, height, line] = geometry.axes.map(|axis| axis.input);
            let [down, right] = self.seen.strides;
            let at = first + patch.lines.start * down * line + patch.columns.start * right;
            let from = &self.input[patch.samples.start * geometry.input_len() + at..];
            let lain = Lain { values: from, sample: geometry.input_len(), channel: height * line, pitch: line };
            return self.multiply(patch, strip, 0..group_in, &lain, walk, packed, sums);
        }
        let fit = (strips.len() - MAX_LANES) / (strip.channel * patch.samples.len()).max(1);
        for channels in even(group_in, fit) {
            let sample_len = channels.len() * strip.channel;
            for (index, sample) in patch.samples.clone().enumerate() {
                let source = &self.input[sample * geometry.input_len() + first + channels.start * plane..];
                strip.refill(&source[..channels.len() * plane], &mut strips[index * sample_len..][..sample_len]);
            }
            let lain = Lain { values: strips, sample: sample_len, channel: strip.channel, pitch: strip.pitch };
            self.multiply(patch, strip, channels, &lain, walk, packed, sums);
        }
    }

    /// Adds what some channels have of the sums over a patch.
    #[allow(clippy::too_many_arguments)]
    fn multiply(
        &self,
        patch: &Patch,
        strip: &Strip<'_>,
        channels: Range<usize>,
        lain: &Lain<'_, E>,
        walk: &mut Walk,
        packed: &[E],
        sums: &mut [E],
    ) {
        for panel in self.panels() {
            let width = self.width(&panel);
            self.set_steps(patch, lain, width, walk);
            let right = Right { values: &packed[STEPS * panel.start..], at: 0 };
            let weights = self.geometry.group_in() * self.geometry.window();
            let sums = &mut sums[weights * panel.start..][..weights * width];
            self.multiply_panel(strip, channels.clone(), lain, &walk.steps, &right, sums);
        }
    }

    /// The outputs of a patch, as they lie in what its windows see and in a panel of that width.
    fn set_steps(&self, patch: &Patch, lain: &Lain<'_, E>, width: usize, walk: &mut Walk) {
        let [samples, lines, columns] = [patch.samples.len(), patch.lines.len(), patch.columns.len()];
        let shape = [samples, lines, columns, lain.sample, lain.pitch, width];
        if walk.shape == shape {
            return;
        }
        let ([down, step], steps) = (self.seen.strides, &mut walk.steps);
        steps.clear();
        for sample in 0..samples {
            for line in 0..lines {
                for column in 0..columns {
                    let at = sample * lain.sample + line * down * lain.pitch + column * step;
                    steps.push(at, steps.len() * width);
                }
            }
        }
        walk.shape = shape;
    }

    /// Adds what some channels have of the sums of a panel.
    fn multiply_panel(
        &self,
        strip: &Strip<'_>,
        channels: Range<usize>,
        lain: &Lain<'_, E>,
        steps: &Steps,
        right: &Right<'_, E>,
        sums: &mut [E],
    ) {
        let window = self.geometry.window();
        let width = sums.len() / (self.geometry.group_in() * window);
        // Where the rows of some tiles begin, and the weight that the first is the gradient of.
        let (mut rows, mut count, mut first) = ([0; ROWS], 0, 0);
        let (vectors, columns) = (width / self.kernel.lanes, Columns::whole(width));
        let most = ROWS / self.kernel.rows(vectors) * self.kernel.rows(vectors);
        let mut multiply = |rows: &[usize], first: usize| {
            let left = Left { values: lain.values, rows: Rows::Listed(rows) };
            let mut target = Target {
                values: sums,
                first: first * width,
                row_step: width,
                columns: &columns,
                add: true,
                bias: None,
            };
            self.kernel.run(rows.len(), vectors, &left, right, steps, &mut target);
        };
        let [_, height, line] = self.geometry.axes.map(|axis| axis.kernel);
        for (index, channel) in channels.enumerate() {
            let (offsets, weights) = (index * lain.channel, channel * window);
            let mut visit = |entry: usize, offset: usize| {
                // Entries that see nothing but zeros are left out.
                if count == most || first + count != weights + entry {
                    multiply(&rows[..count], first);
                    (count, first) = (0, weights + entry);
                }
                rows[count] = offsets + offset;
                count += 1;
            };
            if self.seen.as_it_is {
                for row in 0..height {
                    (0..line).for_each(|column| visit(row * line + column, row * lain.pitch + column));
                }
            } else {
                strip.entries([height, line], |entry| visit(entry.kernel, entry.offset));
            }
        }
        multiply(&rows[..count], first);
    }

    /// The gradient over a patch, output after output, for the output channels of a panel.
    fn pack(&self, patch: &Patch, panel: &Range<usize>, packed: &mut [E]) {
        let [_, height, line] = self.geometry.axes.map(|axis| axis.output);
        let (plane, width) = (self.geometry.output_plane(), self.width(panel));
        // Whole lines follow each other without a gap.
        let (lines, len) = (patch.lines.len(), patch.columns.len());
        let (lines, len) = if len == line { (1, lines * len) } else { (lines, len) };
        let first = self.group * self.geometry.group_out() + self.channels.start + panel.start;
        let mut steps = packed;
        for sample in patch.samples.clone() {
            let output = &self.output_gradient[(sample * self.geometry.out_channels + first) * plane..];
            let output = &output[..panel.len() * plane];
            for l in 0..lines {
                let at = (patch.depth * height + patch.lines.start + l) * line + patch.columns.start;
                let (packed, rest) = steps.split_at_mut(len * width);
                steps = rest;
                transpose(&output[at..], plane, panel.len(), len, packed, width);
            }
        }
    }
}

/// The steps of a patch's sums, and what they depend on: most patches have those of the one before.
struct Walk {
    steps: Steps,
    shape: [usize; 6],
}

/// Where the numbers of a patch's windows lie.
struct Lain<'a, E> {
    values: &'a [E],
    /// From one sample to the next, from one channel to the next, and from one line to the next.
    sample: usize,
    channel: usize,
    pitch: usize,
}
