//! Gradients of the weights of convolutions whose groups are too small for matrix products.

use core::ops::Range;

use nn_shape::{Axis, ConvGeometry};

use crate::simd::Lanes;

/// Whether the groups are so small.
pub(super) fn suits(geometry: &ConvGeometry) -> bool {
    geometry.groups > 1 && geometry.group_out() * geometry.group_in() <= 4
}

/// One row of an output and the row of the input that one entry of the window lays over it.
struct Pair {
    /// Index of the weight.
    weight: usize,
    /// First output and first input, and how many.
    output: usize,
    input: usize,
    count: usize,
}

/// The outputs of an axis whose window entry `kernel` lies in the input, and not in the padding.
fn inside(axis: &Axis, kernel: usize) -> Range<usize> {
    let shift = kernel * axis.dilation;
    let first = axis.before.saturating_sub(shift).div_ceil(axis.stride);
    let end = (axis.input + axis.before).saturating_sub(shift).div_ceil(axis.stride);
    let end = end.min(axis.output);
    first.min(end)..end
}

/// Calls `visit` for every pair of rows of one sample.
fn pairs(geometry: &ConvGeometry, mut visit: impl FnMut(Pair)) {
    let [depth, height, width] = &geometry.axes;
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let mut weight = 0;
    for out_channel in 0..geometry.out_channels {
        for channel in 0..group_in {
            let in_channel = out_channel / group_out * group_in + channel;
            for kd in 0..depth.kernel {
                for kh in 0..height.kernel {
                    for kw in 0..width.kernel {
                        let columns = inside(width, kw);
                        for d in inside(depth, kd) {
                            let id = d * depth.stride + kd * depth.dilation - depth.before;
                            for h in inside(height, kh) {
                                let ih = h * height.stride + kh * height.dilation - height.before;
                                if columns.is_empty() {
                                    continue;
                                }
                                let output = ((out_channel * depth.output + d) * height.output + h) * width.output
                                    + columns.start;
                                let iw = columns.start * width.stride + kw * width.dilation - width.before;
                                let input = ((in_channel * depth.input + id) * height.input + ih) * width.input + iw;
                                visit(Pair { weight, output, input, count: columns.len() });
                            }
                        }
                        weight += 1;
                    }
                }
            }
        }
    }
}

pub(super) fn backward_weight<E: Lanes>(
    geometry: &ConvGeometry,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
) {
    let stride = geometry.axes[2].stride;
    for (input, output) in
        input.chunks_exact(geometry.input_len()).zip(output_gradient.chunks_exact(geometry.output_len()))
    {
        pairs(geometry, |pair| {
            let outputs = &output[pair.output..pair.output + pair.count];
            let products = input[pair.input..].iter().step_by(stride).zip(outputs).map(|(x, y)| *x * *y);
            weight_gradient[pair.weight] += products.fold(E::ZERO, |sum, product| sum + product);
        });
    }
}
