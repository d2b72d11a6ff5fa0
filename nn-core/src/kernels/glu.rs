//! GLU: each block of a sample holds the values, and behind them as many that let them pass.

use nn_shape::Glu;

use super::math::sigmoid;
use super::pointwise::{PART, give};
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
    let (mut own, mut other) = ([E::ZERO; PART], [E::ZERO; PART]);
    let blocks = input.chunks_exact(2 * config.half).zip(output_gradient.chunks_exact(config.half));
    for (to, (input, g)) in input_gradient.chunks_exact_mut(2 * config.half).zip(blocks) {
        let ((a, b), (to_a, to_b)) = (input.split_at(config.half), to.split_at_mut(config.half));
        let parts = a.chunks(PART).zip(b.chunks(PART)).zip(g.chunks(PART));
        for ((to_a, to_b), ((a, b), g)) in to_a.chunks_mut(PART).zip(to_b.chunks_mut(PART)).zip(parts) {
            let (own, other) = (&mut own[..a.len()], &mut other[..a.len()]);
            for ((((own, other), a), b), g) in own.iter_mut().zip(&mut *other).zip(a).zip(b).zip(g) {
                let gate = sigmoid(*b);
                (*own, *other) = (*g * gate, (E::ONE - gate) * gate * *g * *a);
            }
            give(own, to_a, accumulate);
            give(other, to_b, accumulate);
        }
    }
}
