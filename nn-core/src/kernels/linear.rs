//! Linear layers: the matrix products `X Wᵀ`, `dY W` and `dYᵀ X`.

use super::dot::matrix_vector;
use super::gemm::{Block, Size, pack_columns, pack_rows, product, put};
use super::tile::Left;
use crate::simd::Lanes;

/// Below so many rows each row is a matrix-vector product of its own.
const FEW_ROWS: usize = 4;

#[allow(clippy::too_many_arguments)]
pub(super) fn forward<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    scratch: &mut [E],
) {
    assert_eq!(input.len(), rows * in_features, "input of a linear layer");
    assert_eq!(weight.len(), out_features * in_features, "weight of a linear layer");
    assert_eq!(output.len(), rows * out_features, "output of a linear layer");
    assert!(bias.is_none_or(|bias| bias.len() == out_features), "bias of a linear layer");
    if in_features == 0 || out_features == 0 {
        return output.fill(E::ZERO);
    }
    if rows < FEW_ROWS {
        for (input, output) in input.chunks_exact(in_features).zip(output.chunks_exact_mut(out_features)) {
            matrix_vector(weight, input, output);
        }
    } else {
        // The transpose, so that the weights are read where they lie and only the input is packed.
        product(
            Size { rows: out_features, columns: rows, steps: in_features },
            scratch,
            1,
            |first, steps| Left::matrix(&weight[steps.start..], first, in_features),
            |columns, steps, width, panel| pack_columns(input, in_features, columns, steps, width, panel),
            |block: Block<'_, E>| {
                for (feature, values) in block.iter() {
                    for (row, value) in block.columns.clone().zip(values) {
                        let output = &mut output[row * out_features + feature];
                        *output = if block.first { *value } else { *output + *value };
                    }
                }
            },
        );
    }
    if let Some(bias) = bias {
        for output in output.chunks_exact_mut(out_features) {
            put(output, bias, true);
        }
    }
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
        |columns, steps, width, panel| pack_rows(weight, in_features, columns, steps, width, panel),
        |block| store(&block, in_features, input_gradient, accumulate),
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
        |columns, steps, width, panel| pack_rows(input, in_features, columns, steps, width, panel),
        |block| store(&block, in_features, weight_gradient, true),
    );
}

/// Writes a block into a matrix with rows of `columns`.
fn store<E: Lanes>(block: &Block<'_, E>, columns: usize, matrix: &mut [E], accumulate: bool) {
    for (row, values) in block.iter() {
        let target = &mut matrix[row * columns + block.columns.start..][..values.len()];
        put(target, values, accumulate || !block.first);
    }
}
