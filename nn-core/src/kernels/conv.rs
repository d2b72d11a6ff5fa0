//! Convolution, forward: windows unrolled panel by panel, times the weights where they lie.

use core::ops::Range;

use nn_shape::ConvGeometry;

use super::gemm::{Block, Size, product, put};
use super::tile::Left;
use super::{depthwise, windows};
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
    assert!(bias.is_none_or(|bias| bias.len() == geometry.out_channels), "bias of a convolution");
    let plane = geometry.output_plane();
    match bias {
        Some(bias) => {
            for sample in output.chunks_exact_mut(geometry.output_len()) {
                for (channel, bias) in sample.chunks_exact_mut(plane).zip(bias) {
                    channel.fill(*bias);
                }
            }
            accumulate(geometry, batch, input, weight, output, true, scratch);
        }
        None => accumulate(geometry, batch, input, weight, output, false, scratch),
    }
}

/// `output (+)= Σ weight · input`.
pub(super) fn accumulate<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    weight: &[E],
    output: &mut [E],
    add: bool,
    scratch: &mut [E],
) {
    assert_eq!(input.len(), batch * geometry.input_len(), "input of a convolution");
    assert_eq!(weight.len(), geometry.weights(), "weight of a convolution");
    assert_eq!(output.len(), batch * geometry.output_len(), "output of a convolution");
    if depthwise::suits(geometry) {
        return depthwise::forward(geometry, input, weight, output, add);
    }
    let (group_in, group_out, plane) = (geometry.group_in(), geometry.group_out(), geometry.output_plane());
    let steps = group_in * geometry.window();
    let size = Size { rows: group_out, columns: plane, steps };
    let samples = input.chunks_exact(geometry.input_len()).zip(output.chunks_exact_mut(geometry.output_len()));
    for (input, output) in samples {
        let groups = input.chunks_exact(group_in * geometry.input_plane()).zip(output.chunks_exact_mut(group_out * plane));
        for ((input, output), weight) in groups.zip(weight.chunks_exact(group_out * steps)) {
            product(
                size,
                scratch,
                |first, range: Range<usize>| Left::matrix(&weight[range.start..], first, steps, 1, range.len()),
                |columns, range, width, panel| windows::pack(geometry, input, columns, range, width, panel),
                |block: Block<'_, E>| {
                    for (row, values) in block.iter() {
                        let target = &mut output[row * plane + block.columns.start..][..values.len()];
                        put(target, values, add || !block.first);
                    }
                },
            );
        }
    }
}
