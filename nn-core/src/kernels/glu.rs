//! GLU: each block of a sample holds the values, and behind them as many that let them pass.

use nn_shape::Glu;

use super::math::sigmoid;
use crate::Float;
use crate::simd::on_every_isa;

on_every_isa! {
    /// `output = a * sigmoid(b)`.
    pub(super) fn forward<E: Float>(config: &Glu, input: &[E], output: &mut [E]) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(config: &Glu, input: &[E], output: &mut [E]) {
    assert_eq!(input.len(), 2 * output.len(), "the halves of an axis");
    for (input, output) in input.chunks_exact(2 * config.half).zip(output.chunks_exact_mut(config.half)) {
        let (a, b) = input.split_at(config.half);
        for ((y, a), b) in output.iter_mut().zip(a).zip(b) {
            *y = *a * sigmoid(*b);
        }
    }
}

on_every_isa! {
    /// `a_gradient (+)= gradient * sigmoid(b)`, `b_gradient (+)= gradient * a * sigmoid(b) * (1 - sigmoid(b))`.
    pub(super) fn backward<E: Float>(
        config: &Glu, input: &[E], output_gradient: &[E], input_gradient: &mut [E], accumulate: bool,
    ) = backward_body;
}

#[inline(always)]
fn backward_body<E: Float>(
    config: &Glu,
    input: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    let len = 2 * output_gradient.len();
    assert!(input.len() == len && input_gradient.len() == len, "the halves of an axis");
    let blocks = input.chunks_exact(2 * config.half).zip(output_gradient.chunks_exact(config.half));
    for (to, (input, g)) in input_gradient.chunks_exact_mut(2 * config.half).zip(blocks) {
        let ((a, b), (to_a, to_b)) = (input.split_at(config.half), to.split_at_mut(config.half));
        for ((((to_a, to_b), a), b), g) in to_a.iter_mut().zip(to_b).zip(a).zip(b).zip(g) {
            let gate = sigmoid(*b);
            let (own, other) = (*g * gate, (E::ONE - gate) * gate * *g * *a);
            *to_a = if accumulate { *to_a + own } else { own };
            *to_b = if accumulate { *to_b + other } else { other };
        }
    }
}
