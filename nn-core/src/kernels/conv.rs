//! Convolution, forward, and everything that is one: strips of the source times the weights where they lie.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, MAX_LANES, Sweep};

use super::columns::{Columns, Lines};
use super::depthwise_forward;
use super::gemm::{even, strip_panels};
use super::steps::Steps;
use super::tile::{Left, Right, Target, TileKernel};
use super::windows::{Plan, Strip};
use super::{conv_lines, conv_wide};
use crate::simd::Lanes;

pub(super) fn forward<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    scratch: &mut [E],
) {
    assert_eq!(input.len(), batch * geometry.input_len(), "input of a convolution");
    assert_eq!(weight.len(), geometry.weights(), "weight of a convolution");
    assert_eq!(output.len(), batch * geometry.output_len(), "output of a convolution");
    assert!(bias.is_none_or(|bias| bias.len() == geometry.out_channels), "bias of a convolution");
    if depthwise_forward::suits(geometry) {
        return depthwise_forward::forward(geometry, batch, input, weight, bias, output, scratch);
    }
    if let Some(convolution) = conv_lines::forward::<E>(geometry) {
        let groups = geometry.groups;
        return convolution.run(Operands { batch, groups, source: input, weight, bias, result: output }, scratch);
    }
    if let Some(convolution) = conv_wide::forward::<E>(geometry) {
        let groups = geometry.groups;
        return convolution.run(Operands { batch, groups, source: input, weight, bias, result: output }, scratch);
    }
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let convolution = Convolution {
        sweeps: tile::laid_out(tile::forward_sweeps(geometry), group_out),
        kernels: [geometry.axes[1].kernel, geometry.axes[2].kernel],
        channels: group_in,
        channel_stride: geometry.window(),
        rows: group_out,
        row_stride: group_in * geometry.window(),
        accumulate: false,
    };
    convolution.run(Operands { batch, groups: geometry.groups, source: input, weight, bias, result: output }, scratch);
}

/// `result[row] (+)= Σ over channels and entries of the window weight[row][channel][entry] · source[channel]`, for each group of each sample.
pub(super) struct Convolution {
    pub(super) sweeps: [Sweep; 3],
    /// Height and width of the window.
    pub(super) kernels: [usize; 2],
    /// Channels of a group of the source, and the distance between their weights.
    pub(super) channels: usize,
    pub(super) channel_stride: usize,
    /// Channels of a group of the result, and the distance between their weights.
    pub(super) rows: usize,
    pub(super) row_stride: usize,
    pub(super) accumulate: bool,
}

/// What a [`Convolution`] runs over.
pub(super) struct Operands<'a, E> {
    pub(super) batch: usize,
    pub(super) groups: usize,
    pub(super) source: &'a [E],
    pub(super) weight: &'a [E],
    pub(super) bias: Option<&'a [E]>,
    pub(super) result: &'a mut [E],
}

/// Some steps of the sums of a strip: those over some channels, or a part of them.
struct Block<'a> {
    strip: Strip<'a>,
    channels: Range<usize>,
    /// Whether they are the first steps of their sums.
    first: bool,
}

impl Convolution {
    /// Runs strip by strip and block by block: what a block needs is prepared once for all samples and groups.
    pub(super) fn run<E: Lanes>(&self, mut operands: Operands<'_, E>, scratch: &mut [E]) {
        let [depth, height, width] = &self.sweeps;
        if depth.count * height.count * width.count == 0 {
            return;
        }
        let kernel = TileKernel::<E>::current();
        let plan = Plan::new::<E>(&self.sweeps, self.channels, scratch.len());
        let mut steps = Steps::new();
        for depth in 0..depth.count {
            for columns in even(width.count, plan.columns) {
                for lines in even(height.count, plan.lines) {
                    let strip = Strip::new(&self.sweeps, depth, lines, columns.clone());
                    let mut block = Block { strip, channels: 0..0, first: true };
                    for channels in even(self.channels, plan.channels) {
                        block.channels = channels.clone();
                        for (index, channel) in channels.enumerate() {
                            strip.entries(self.kernels, |entry| {
                                if steps.is_full() {
                                    self.multiply(kernel, &block, &steps, &mut operands, scratch);
                                    steps.clear();
                                    block.first = false;
                                }
                                let offset = index * strip.channel + entry.offset;
                                steps.push(channel * self.channel_stride + entry.kernel, offset);
                            });
                        }
                        self.multiply(kernel, &block, &steps, &mut operands, scratch);
                        steps.clear();
                        block.first = false;
                    }
                }
            }
        }
    }

    /// Takes some steps of the sums of a strip, for as many samples and groups at a time as there is room for.
    fn multiply<E: Lanes>(
        &self,
        kernel: TileKernel<E>,
        block: &Block<'_>,
        steps: &Steps,
        operands: &mut Operands<'_, E>,
        scratch: &mut [E],
    ) {
        let [depth, height, width] = &self.sweeps;
        let Block { strip, channels, first } = block;
        let source_plane = depth.source * height.source * width.source;
        let plane = depth.results * height.results * width.results;
        let line = (strip.depth * depth.step + depth.first) * height.results + strip.line * height.step + height.first;
        let lines = Lines {
            pitch: strip.pitch,
            count: strip.columns,
            to: line * width.results + strip.column * width.step + width.first,
            line_step: height.step * width.results,
            step: width.step,
        };
        let weights = operands.weight.len() / operands.groups;
        let len = channels.len() * strip.channel;
        let fit = (scratch.len() - MAX_LANES) / len.max(1);
        for samples in even(operands.batch * operands.groups, fit) {
            for (index, sample) in samples.clone().enumerate() {
                let first = sample * self.channels + channels.start;
                let source = &operands.source[first * source_plane..][..channels.len() * source_plane];
                let to = &mut scratch[index * len..][..len];
                // The first samples are the most: where others follow, the zeros lie already.
                if samples.start == 0 { strip.fill(source, to) } else { strip.refill(source, to) }
            }
            for panel in strip_panels(&kernel, strip, self.rows) {
                let vectors = panel.len().div_ceil(kernel.lanes);
                let columns = Columns::new(lines, &panel);
                for (index, sample) in samples.clone().enumerate() {
                    let group = sample % operands.groups;
                    let weight = &operands.weight[group * weights..][..weights];
                    let right = Right { values: scratch, at: index * len + panel.start };
                    let bias = operands.bias.filter(|_| *first);
                    let mut target = Target {
                        values: operands.result,
                        first: sample * self.rows * plane,
                        row_step: plane,
                        columns: &columns,
                        add: self.accumulate || !first,
                        bias: bias.map(|bias| &bias[group * self.rows..][..self.rows]),
                    };
                    let left = Left::matrix(weight, 0, self.row_stride);
                    kernel.run(self.rows, vectors, &left, &right, steps, &mut target);
                }
            }
        }
    }
}
