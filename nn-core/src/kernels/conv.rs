//! Convolution, forward, and everything that is one: strips of the source times the weights where they lie.

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, MAX_ROWS, MAX_WIDTH, Sweep};

use super::gemm::{even, panels};
use super::tile::{Left, Right, Steps, Tile, TileKernel};
use super::windows::{Plan, Strip, copy};
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
    let (input_len, output_len) = (group_in * geometry.input_plane(), group_out * geometry.output_plane());
    let weights = group_out * group_in * geometry.window();
    for (index, (input, output)) in input.chunks_exact(input_len).zip(output.chunks_exact_mut(output_len)).enumerate() {
        let group = index % geometry.groups;
        let bias = bias.map(|bias| &bias[group * group_out..][..group_out]);
        convolution.run(input, &weight[group * weights..][..weights], bias, output, scratch);
    }
}

/// `result[row] (+)= Σ over channels and entries of the window weight[row][channel][entry] · source[channel]`, for one group.
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
    pub(super) fn run<E: Lanes>(
        &self,
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
        let plan = Plan::new::<E>(&self.sweeps, self.channels, scratch.len());
        let plane = depth.source * height.source * width.source;
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
                    let mut bias = bias;
                    let mut add = self.accumulate;
                    let mut multiply = |steps: &mut Steps, scratch: &[E]| {
                        self.multiply(&strip, steps, scratch, weight, bias.take(), add, result);
                        add = true;
                        steps.clear();
                    };
                    for channels in even(self.channels, plan.channels) {
                        strip.fill(&source[channels.start * plane..channels.end * plane], scratch);
                        for (index, channel) in channels.enumerate() {
                            strip.entries(self.kernels, |entry| {
                                if steps.is_full() {
                                    multiply(&mut steps, scratch);
                                }
                                steps.push(
                                    channel * self.channel_stride + entry.kernel,
                                    index * strip.channel() + entry.offset,
                                );
                            });
                        }
                        multiply(&mut steps, scratch);
                    }
                }
            }
        }
    }

    /// Takes some steps of the sums of a strip.
    #[allow(clippy::too_many_arguments)]
    fn multiply<E: Lanes>(
        &self,
        strip: &Strip<'_>,
        steps: &Steps,
        values: &[E],
        weight: &[E],
        bias: Option<&[E]>,
        add: bool,
        result: &mut [E],
    ) {
        let kernel = TileKernel::<E>::current();
        let mut tile: Tile<E> = [E::ZERO; MAX_ROWS * MAX_WIDTH];
        let [depth, height, width] = &self.sweeps;
        let plane = depth.results * height.results * width.results;
        for panel in panels(strip.width(), kernel.lanes, kernel.vectors()) {
            let vectors = panel.len().div_ceil(kernel.lanes);
            let right = Right { values, at: panel.start };
            for rows in even(self.rows, kernel.rows(vectors)) {
                kernel.run(
                    rows.len(),
                    vectors,
                    &Left::matrix(weight, rows.start, self.row_stride),
                    &right,
                    steps,
                    &mut tile,
                );
                for (row, tile) in rows.zip(tile.chunks_exact(vectors * kernel.lanes)) {
                    let result = &mut result[row * plane..][..plane];
                    let bias = bias.map(|bias| bias[row]);
                    let mut line = panel.start / strip.pitch();
                    let mut begin = line * strip.pitch();
                    while begin < panel.end {
                        let from = begin.max(panel.start);
                        let to = (begin + strip.columns).min(panel.end);
                        if from < to {
                            let at = ((strip.depth * depth.step + depth.first) * height.results
                                + (strip.line + line) * height.step
                                + height.first)
                                * width.results
                                + (strip.column + from - begin) * width.step
                                + width.first;
                            let values = &tile[from - panel.start..to - panel.start];
                            scatter(&mut result[at..], width.step, values, bias, add);
                        }
                        begin += strip.pitch();
                        line += 1;
                    }
                }
            }
        }
    }
}

/// `to[i * stride] (+)= from[i] + bias`.
#[inline(always)]
fn scatter<E: Lanes>(to: &mut [E], stride: usize, from: &[E], bias: Option<E>, add: bool) {
    if stride == 1 {
        let to = &mut to[..from.len()];
        match bias {
            _ if add => {
                for (to, from) in to.iter_mut().zip(from) {
                    *to += *from;
                }
            }
            Some(bias) => {
                for (to, from) in to.iter_mut().zip(from) {
                    *to = *from + bias;
                }
            }
            None => copy(to, from),
        }
    } else {
        let bias = bias.unwrap_or(E::ZERO);
        for (to, from) in to.iter_mut().step_by(stride).zip(from) {
            *to = if add { *to + *from } else { *from + bias };
        }
    }
}
