//! Linear layers: the matrix products `X Wᵀ`, `dY W` and `dYᵀ X`.

use super::dot::dots;
use super::gemm::{Size, product};
use super::tile::Left;
use crate::simd::Lanes;

#[allow(clippy::too_many_arguments)]
pub(super) fn forward<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    _scratch: &mut [E],
) {
    assert_eq!(input.len(), rows * in_features, "input of a linear layer");
    assert_eq!(weight.len(), out_features * in_features, "weight of a linear layer");
    assert_eq!(output.len(), rows * out_features, "output of a linear layer");
    assert!(bias.is_none_or(|bias| bias.len() == out_features), "bias of a linear layer");
    dots(input, weight, in_features, bias, output);
}

#[allow(clippy::too_many_arguments)]
pub(super) fn backward_input<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
    scratch: &mut [E],
) {
    assert_eq!(output_gradient.len(), rows * out_features, "output gradient of a linear layer");
    assert_eq!(weight.len(), out_features * in_features, "weight of a linear layer");
    assert_eq!(input_gradient.len(), rows * in_features, "input gradient of a linear layer");
    product(
        Size { rows, columns: in_features, steps: out_features },
        scratch,
        1,
        |first, steps| Left::matrix(&output_gradient[steps.start..], first, out_features),
        weight,
        input_gradient,
        accumulate,
    );
}

pub(super) fn backward_weight<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    scratch: &mut [E],
) {
    assert_eq!(input.len(), rows * in_features, "input of a linear layer");
    assert_eq!(output_gradient.len(), rows * out_features, "output gradient of a linear layer");
    assert_eq!(weight_gradient.len(), out_features * in_features, "weight gradient of a linear layer");
    product(
        Size { rows: out_features, columns: in_features, steps: rows },
        scratch,
        out_features,
        |first, steps| Left::matrix(&output_gradient[steps.start * out_features..], first, 1),
        input,
        weight_gradient,
        true,
    );
}
