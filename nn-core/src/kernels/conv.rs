//! Convolution.

use nn_shape::ConvGeometry;

use super::reference;
use crate::Float;

pub(super) fn forward<E: Float>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    _scratch: &mut [E],
) {
    reference::conv_forward(geometry, batch, input, weight, bias, output);
}

pub(super) fn backward_input<E: Float>(
    geometry: &ConvGeometry,
    batch: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
    _scratch: &mut [E],
) {
    reference::conv_backward_input(geometry, batch, output_gradient, weight, input_gradient, accumulate);
}

pub(super) fn backward_weight<E: Float>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    _scratch: &mut [E],
) {
    reference::conv_backward_weight(geometry, batch, input, output_gradient, weight_gradient);
}
