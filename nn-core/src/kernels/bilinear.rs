//! Bilinear layers: a matrix between two vectors for each output.

use super::dot::matrix_vector;
use crate::Float;
use crate::simd::Lanes;

/// `to += factor · from`
#[inline(always)]
fn add_scaled<E: Float>(factor: E, from: &[E], to: &mut [E]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * *from;
    }
}

/// `output[row][o] = Σ left[row][i] weight[o][i][j] right[row][j] + bias[o]`; `products` has room for `weight · right` of one row.
pub(super) fn forward<E: Lanes>(
    [in1, in2]: [usize; 2],
    left: &[E],
    right: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    products: &mut [E],
) {
    let products = &mut products[..weight.len() / in2];
    let rows = left.chunks_exact(in1).zip(right.chunks_exact(in2)).zip(output.chunks_exact_mut(products.len() / in1));
    for ((left, right), output) in rows {
        matrix_vector(weight, right, products);
        matrix_vector(products, left, output);
        if let Some(bias) = bias {
            add_scaled(E::ONE, bias, output);
        }
    }
}

/// `left_gradient[row][i] += Σ output_gradient[row][o] weight[o][i][j] right[row][j]`
pub(super) fn backward_left<E: Lanes>(
    [in1, in2]: [usize; 2],
    right: &[E],
    output_gradient: &[E],
    weight: &[E],
    left_gradient: &mut [E],
    products: &mut [E],
) {
    let products = &mut products[..weight.len() / in2];
    let outputs = output_gradient.chunks_exact(products.len() / in1);
    for ((gradient, right), output) in left_gradient.chunks_exact_mut(in1).zip(right.chunks_exact(in2)).zip(outputs) {
        matrix_vector(weight, right, products);
        for (products, output) in products.chunks_exact(in1).zip(output) {
            add_scaled(*output, products, gradient);
        }
    }
}

/// `right_gradient[row][j] += Σ output_gradient[row][o] left[row][i] weight[o][i][j]`
pub(super) fn backward_right<E: Float>(
    [in1, in2]: [usize; 2],
    left: &[E],
    output_gradient: &[E],
    weight: &[E],
    right_gradient: &mut [E],
) {
    let outputs = output_gradient.chunks_exact(weight.len() / (in1 * in2));
    for ((gradient, left), output) in right_gradient.chunks_exact_mut(in2).zip(left.chunks_exact(in1)).zip(outputs) {
        for (weight, output) in weight.chunks_exact(in1 * in2).zip(output) {
            for (weight, left) in weight.chunks_exact(in2).zip(left) {
                add_scaled(*output * *left, weight, gradient);
            }
        }
    }
}

/// `weight_gradient[o][i][j] += Σ output_gradient[row][o] left[row][i] right[row][j]`
pub(super) fn backward_weight<E: Float>(
    [in1, in2]: [usize; 2],
    left: &[E],
    right: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
) {
    let outputs = output_gradient.chunks_exact(weight_gradient.len() / (in1 * in2));
    for ((left, right), output) in left.chunks_exact(in1).zip(right.chunks_exact(in2)).zip(outputs) {
        for (weight, output) in weight_gradient.chunks_exact_mut(in1 * in2).zip(output) {
            for (weight, left) in weight.chunks_exact_mut(in2).zip(left) {
                add_scaled(*output * *left, right, weight);
            }
        }
    }
}
