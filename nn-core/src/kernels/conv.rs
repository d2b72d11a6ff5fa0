//! Convolution, forward, and everything that is one: strips of the source times the weights where they lie.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, MAX_ROWS, Sweep};

use super::gemm::{even, panels};
use super::tile::{Columns, Left, Right, Steps, Target, TileKernel};
use super::windows::{Plan, Strip};
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
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let convolution = Convolution {
        sweeps: tile::forward_sweeps(geometry),
        kernels: [geometry.axes[1].kernel, geometry.axes[2].kernel],
        channels: group_in,
        channel_stride: geometry.window(),
        rows: group_out,
        row_stride: group_in * geometry.window(),
        accumulate: false,
    };
    convolution.run(geometry.groups, input, weight, bias, output, scratch);
}

/// `result[row] (+)= Σ over channels and entries of the window weight[row][channel][entry] · source[channel]`, for each group of each sample.
pub(super) struct Convolution {
    pub(super) sweeps: [Sweep; 3],
    /// Height and width of the window.
    pub(super) kernels: [usize; 2],
    /// Channels of the source, and the distance between their weights.
    pub(super) channels: usize,
    pub(super) channel_stride: usize,
    /// Channels of the result, and the distance between their weights.
    pub(super) rows: usize,
    pub(super) row_stride: usize,
    pub(super) accumulate: bool,
}

impl Convolution {
    /// Runs over a batch, strip by strip: what a strip needs is prepared once for all samples and groups.
    pub(super) fn run<E: Lanes>(
        &self,
        groups: usize,
        source: &[E],
        weight: &[E],
        bias: Option<&[E]>,
        result: &mut [E],
        scratch: &mut [E],
    ) {
        let [depth, height, width] = &self.sweeps;
        if depth.count * height.count * width.count == 0 {
            return;
        }
        let kernel = TileKernel::<E>::current();
        let plan = Plan::new::<E>(&self.sweeps, self.channels, scratch.len());
        let plane = depth.source * height.source * width.source;
        let source_len = self.channels * plane;
        let result_len = self.rows * depth.results * height.results * width.results;
        let weights = weight.len() / groups;
        let mut steps = Steps::new();
        for depth in 0..depth.count {
            for columns in even(width.count, plan.columns) {
                for lines in even(height.count, plan.lines) {
                    let strip = Strip {
                        sweeps: &self.sweeps,
                        depth,
                        line: lines.start,
                        lines: lines.len(),
                        column: columns.start,
                        columns: columns.len(),
                    };
                    let vectors = kernel.best_vectors(self.rows, strip.width());
                    let mut first = true;
                    let mut multiply = |channels: &Range<usize>, steps: &mut Steps| {
                        let groups = (0..groups).cycle();
                        let samples = source.chunks_exact(source_len).zip(result.chunks_exact_mut(result_len));
                        for (group, (source, result)) in groups.zip(samples) {
                            strip.fill(&source[channels.start * plane..channels.end * plane], scratch);
                            let weight = &weight[group * weights..][..weights];
                            let bias = bias.filter(|_| first).map(|bias| &bias[group * self.rows..][..self.rows]);
                            let add = self.accumulate || !first;
                            self.multiply(kernel, vectors, &strip, steps, scratch, weight, bias, add, result);
                        }
                        first = false;
                        steps.clear();
                    };
                    for channels in even(self.channels, plan.channels) {
                        for (index, channel) in channels.clone().enumerate() {
                            strip.entries(self.kernels, |entry| {
                                if steps.is_full() {
                                    multiply(&channels, &mut steps);
                                }
                                let offset = index * strip.channel() + entry.offset;
                                steps.push(channel * self.channel_stride + entry.kernel, offset);
                            });
                        }
                        multiply(&channels, &mut steps);
                    }
                }
            }
        }
    }

    /// Takes some steps of the sums of a strip.
    #[allow(clippy::too_many_arguments)]
    fn multiply<E: Lanes>(
        &self,
        kernel: TileKernel<E>,
        vectors: usize,
        strip: &Strip<'_>,
        steps: &Steps,
        values: &[E],
        weight: &[E],
        bias: Option<&[E]>,
        add: bool,
        result: &mut [E],
    ) {
        let [depth, height, width] = &self.sweeps;
        let line_len = width.results;
        let plane = depth.results * height.results * line_len;
        let first = (strip.depth * depth.step + depth.first) * height.results + strip.line * height.step + height.first;
        for panel in panels(strip.width(), kernel.lanes, vectors) {
            let vectors = panel.len().div_ceil(kernel.lanes);
            let right = Right { values, at: panel.start };
            let line = panel.start / strip.pitch();
            let columns = Columns {
                len: panel.len(),
                skip: panel.start - line * strip.pitch(),
                pitch: strip.pitch(),
                count: strip.columns,
                to: (first + line * height.step) * line_len + strip.column * width.step + width.first,
                line_step: height.step * line_len,
                step: width.step,
            };
            for rows in even(self.rows, kernel.rows(vectors)) {
                let mut target = Target {
                    values: result,
                    rows: core::array::from_fn(|row| (rows.start + row) * plane),
                    columns,
                    add,
                    bias: [E::ZERO; MAX_ROWS],
                };
                if let Some(bias) = bias {
                    target.bias[..rows.len()].copy_from_slice(&bias[rows.clone()]);
                }
                let left = Left::matrix(weight, rows.start, self.row_stride);
                kernel.run(rows.len(), vectors, &left, &right, steps, &mut target);
            }
        }
    }
}
