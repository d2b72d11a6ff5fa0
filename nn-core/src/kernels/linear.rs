//! Linear layers.

use super::reference;
use crate::Float;

#[allow(clippy::too_many_arguments)]
pub(super) fn forward<E: Float>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    _scratch: &mut [E],
) {
    reference::linear_forward(rows, in_features, out_features, input, weight, bias, output);
}

#[allow(clippy::too_many_arguments)]
pub(super) fn backward_input<E: Float>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
    _scratch: &mut [E],
) {
    reference::linear_backward_input(rows, in_features, out_features, output_gradient, weight, input_gradient, accumulate);
}

pub(super) fn backward_weight<E: Float>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    _scratch: &mut [E],
) {
    reference::linear_backward_weight(rows, in_features, out_features, input, output_gradient, weight_gradient);
}
