//! Weights as directions and lengths.

use super::softmax::fold;
use crate::Float;
use crate::simd::bound_by_memory;

bound_by_memory! {
    /// `weight = length · direction / ‖direction‖` for each row, of which there are as many as lengths; zeros where the direction is 0.
    pub(super) fn forward<E: Float>(lengths: &[E], directions: &[E], weight: &mut [E]) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(lengths: &[E], directions: &[E], weight: &mut [E]) {
    assert_eq!(directions.len(), weight.len(), "a direction for each weight");
    let len = (directions.len() / lengths.len().max(1)).max(1);
    let rows = directions.chunks_exact(len).zip(weight.chunks_exact_mut(len));
    for (length, (direction, weight)) in lengths.iter().zip(rows) {
        let norm = norm(direction);
        let factor = if norm == E::ZERO { E::ZERO } else { *length / norm };
        for (weight, direction) in weight.iter_mut().zip(direction) {
            *weight = *direction * factor;
        }
    }
}

bound_by_memory! {
    /// The length of each row.
    pub(super) fn lengths<E: Float>(weight: &[E], lengths: &mut [E]) = lengths_body;
}

#[inline(always)]
fn lengths_body<E: Float>(weight: &[E], lengths: &mut [E]) {
    let len = (weight.len() / lengths.len().max(1)).max(1);
    for (length, row) in lengths.iter_mut().zip(weight.chunks_exact(len)) {
        *length = norm(row);
    }
}

bound_by_memory! {
    /// Adds the gradients of lengths and directions: with `u = direction / ‖direction‖` and the gradient `w` of the weight they are
    /// `w · u` and `length / ‖direction‖ · (w − (w · u) u)`.
    pub(super) fn backward<E: Float>(
        lengths: &[E], directions: &[E], weight_gradient: &[E], length_gradient: &mut [E], direction_gradient: &mut [E],
    ) = backward_body;
}

#[inline(always)]
fn backward_body<E: Float>(
    lengths: &[E],
    directions: &[E],
    weight_gradient: &[E],
    length_gradient: &mut [E],
    direction_gradient: &mut [E],
) {
    assert_eq!(directions.len(), weight_gradient.len(), "a gradient for each weight");
    let len = (directions.len() / lengths.len().max(1)).max(1);
    let given = directions.chunks_exact(len).zip(weight_gradient.chunks_exact(len));
    let to = length_gradient.iter_mut().zip(direction_gradient.chunks_exact_mut(len));
    for ((length, (direction, from)), (own, to)) in lengths.iter().zip(given).zip(to) {
        let norm = norm(direction);
        if norm == E::ZERO {
            continue;
        }
        let product = direction.iter().zip(from).fold(E::ZERO, |sum, (a, b)| sum + *a * *b) / norm;
        *own += product;
        let factor = *length / norm;
        for ((to, from), direction) in to.iter_mut().zip(from).zip(direction) {
            *to += factor * (*from - product * (*direction / norm));
        }
    }
}

#[inline(always)]
fn norm<E: Float>(row: &[E]) -> E {
    fold(row, E::ZERO, |x| x * x, |a, b| a + b).sqrt()
}
