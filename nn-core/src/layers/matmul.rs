//! matmul: the products of a linear layer, with another value in the place of the weights.

use nn_shape::Matmul as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// The product of the matrices in the last two axes.
    /// [`torch.matmul`](https://docs.pytorch.org/docs/stable/generated/torch.matmul.html)
    Matmul;
    /// The product of two matrices.
    /// [`torch.bmm`](https://docs.pytorch.org/docs/stable/generated/torch.bmm.html)
    Bmm;
}

/// `C = A B`
fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    let Config { rows, steps, columns, .. } = *config;
    let factors =
        pass.inputs[0].chunks_exact((rows * steps).max(1)).zip(pass.inputs[1].chunks_exact((steps * columns).max(1)));
    for ((a, b), c) in factors.zip(pass.outputs[0].chunks_exact_mut((rows * columns).max(1))) {
        E::linear_backward_input(rows, columns, steps, a, b, c, false, pass.scratch);
    }
}

/// `dA = dC Bᵀ`, `dB = Aᵀ dC`
fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    let Config { rows, steps, columns, .. } = *config;
    let output = || pass.output_gradients[0].chunks_exact((rows * columns).max(1));
    let (product, scratch) = pass.scratch.split_at_mut(rows * steps);
    let [left, right] = pass.input_gradients else { return };
    if let Some((left, accumulate)) = left.target() {
        let factors = output().zip(pass.inputs[1].chunks_exact((steps * columns).max(1)));
        for ((c, b), a) in factors.zip(left.chunks_exact_mut((rows * steps).max(1))) {
            if accumulate {
                E::linear_forward(rows, columns, steps, c, b, None, product, scratch);
                E::accumulate(product, a);
            } else {
                E::linear_forward(rows, columns, steps, c, b, None, a, scratch);
            }
        }
    }
    if let Some(right) = right.accumulator() {
        let factors = pass.inputs[0].chunks_exact((rows * steps).max(1)).zip(output());
        for ((a, c), b) in factors.zip(right.chunks_exact_mut((steps * columns).max(1))) {
            E::linear_backward_weight(rows, columns, steps, c, a, b, true, scratch);
        }
    }
}
