//! `+ - * /` between two values, either repeated along some axes.

use nn_shape::{Broadcast, Operator};

use super::reduce::sum as sum_of;
use super::rows::{Steps, each_pair, rows};
use crate::Float;
use crate::simd::bound_by_memory;

bound_by_memory! {
    /// `output = left (operator) right`; a sum that rectifies is 0 at least.
    pub(super) fn forward<E: Float>(
        operator: Operator, rectifies: bool, broadcast: &Broadcast, batch: usize, left: &[E], right: &[E],
        output: &mut [E],
    ) = forward_body;
}

#[inline(always)]
fn forward_body<E: Float>(
    operator: Operator,
    rectifies: bool,
    broadcast: &Broadcast,
    batch: usize,
    left: &[E],
    right: &[E],
    output: &mut [E],
) {
    match operator {
        Operator::Add => {
            let least = if rectifies { E::ZERO } else { E::NEG_INFINITY };
            combine(broadcast, batch, left, right, output, |a, b| (a + b).maximum(least))
        }
        Operator::Subtract => combine(broadcast, batch, left, right, output, |a, b| a - b),
        Operator::Multiply => combine(broadcast, batch, left, right, output, |a, b| a * b),
        Operator::Divide => combine(broadcast, batch, left, right, output, |a, b| a / b),
        Operator::Maximum => combine(broadcast, batch, left, right, output, |a, b| a.maximum(b)),
        Operator::Minimum => combine(broadcast, batch, left, right, output, |a, b| a.minimum(b)),
    }
}

#[inline(always)]
fn combine<E: Float>(
    broadcast: &Broadcast,
    batch: usize,
    left: &[E],
    right: &[E],
    output: &mut [E],
    function: impl Fn(E, E) -> E,
) {
    let steps = Steps::new(broadcast, batch);
    for row in rows(broadcast, batch) {
        let output = output[row.output..][..steps.len].iter_mut();
        each_pair!(steps, output, &left[row.left..], &right[row.right..], |to, a, b| *to = function(a, b));
    }
}

bound_by_memory! {
    /// The gradient of the left input; `left` and `right` are empty where the operator does not need them.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn backward_left<E: Float>(
        operator: Operator, broadcast: &Broadcast, batch: usize, left: &[E], right: &[E], output_gradient: &[E],
        gradient: &mut [E], accumulate: bool,
    ) = backward_left_body;
}

#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn backward_left_body<E: Float>(
    operator: Operator,
    broadcast: &Broadcast,
    batch: usize,
    left: &[E],
    right: &[E],
    output_gradient: &[E],
    gradient: &mut [E],
    accumulate: bool,
) {
    let target = Target { broadcast, batch, left, right, output_gradient, gradient, accumulate, is_left: true };
    match operator {
        Operator::Add | Operator::Subtract => target.reduce(|g, _, _| g),
        Operator::Multiply => target.reduce(|g, _, b| g * b),
        Operator::Divide => target.reduce(|g, _, b| g / b),
        Operator::Maximum => target.reduce(|g, a, b| share(g, a, b)),
        Operator::Minimum => target.reduce(|g, a, b| share(g, b, a)),
    }
}

bound_by_memory! {
    /// The gradient of the right input; `left` and `right` are empty where the operator does not need them.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn backward_right<E: Float>(
        operator: Operator, broadcast: &Broadcast, batch: usize, left: &[E], right: &[E], output_gradient: &[E],
        gradient: &mut [E], accumulate: bool,
    ) = backward_right_body;
}

#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn backward_right_body<E: Float>(
    operator: Operator,
    broadcast: &Broadcast,
    batch: usize,
    left: &[E],
    right: &[E],
    output_gradient: &[E],
    gradient: &mut [E],
    accumulate: bool,
) {
    let target = Target { broadcast, batch, left, right, output_gradient, gradient, accumulate, is_left: false };
    match operator {
        Operator::Add => target.reduce(|g, _, _| g),
        Operator::Subtract => target.reduce(|g, _, _| -g),
        Operator::Multiply => target.reduce(|g, a, _| g * a),
        Operator::Divide => target.reduce(|g, a, b| -g * ((a / b) / b)),
        Operator::Maximum => target.reduce(|g, a, b| share(g, b, a)),
        Operator::Minimum => target.reduce(|g, a, b| share(g, a, b)),
    }
}

/// What the larger of two numbers has of the gradient: equal ones have half of it each, and beside NaN both have all of it, as in PyTorch.
#[inline(always)]
fn share<E: Float>(gradient: E, own: E, other: E) -> E {
    if own == other {
        gradient / (E::ONE + E::ONE)
    } else if own < other {
        E::ZERO
    } else {
        gradient
    }
}

bound_by_memory! {
    /// The gradients of both inputs of a sum, of one shape, overwritten or added to, in one pass; with a `result` that is 0 at least.
    pub(super) fn backward_sum<E: Float>(
        result: Option<&[E]>, output_gradient: &[E], gradients: [Option<(&mut [E], bool)>; 2],
    ) = backward_sum_body;
}

#[inline(always)]
fn backward_sum_body<E: Float>(
    result: Option<&[E]>,
    output_gradient: &[E],
    mut gradients: [Option<(&mut [E], bool)>; 2],
) {
    let len = output_gradient.len();
    let fits = gradients.iter().flatten().all(|(gradient, _)| gradient.len() == len);
    assert!(fits && result.is_none_or(|result| result.len() == len), "operands of one shape");
    let mut kept = [E::ZERO; PART];
    for start in (0..len).step_by(PART) {
        let mut part = &output_gradient[start..len.min(start + PART)];
        if let Some(result) = result {
            let kept = &mut kept[..part.len()];
            for ((to, gradient), result) in kept.iter_mut().zip(part).zip(&result[start..]) {
                *to = if *result <= E::ZERO { E::ZERO } else { *gradient };
            }
            part = kept;
        }
        for (gradient, accumulate) in gradients.iter_mut().flatten() {
            bring(part, &mut gradient[start..][..part.len()], *accumulate);
        }
    }
}

bound_by_memory! {
    /// The same where one of them takes the place of the sum's own gradient.
    pub(super) fn backward_sum_in_place<E: Float>(
        result: Option<&[E]>, gradient: &mut [E], other: Option<(&mut [E], bool)>,
    ) = backward_sum_in_place_body;
}

#[inline(always)]
fn backward_sum_in_place_body<E: Float>(result: Option<&[E]>, gradient: &mut [E], mut other: Option<(&mut [E], bool)>) {
    let len = gradient.len();
    let fits = other.as_ref().is_none_or(|(other, _)| other.len() == len);
    assert!(fits && result.is_none_or(|result| result.len() == len), "operands of one shape");
    for (part, start) in gradient.chunks_mut(PART).zip((0..).step_by(PART)) {
        if let Some(result) = result {
            for (gradient, result) in part.iter_mut().zip(&result[start..]) {
                *gradient = if *result <= E::ZERO { E::ZERO } else { *gradient };
            }
        }
        if let Some((other, accumulate)) = &mut other {
            bring(part, &mut other[start..][..part.len()], *accumulate);
        }
    }
}

/// Adds a part to what is there, or writes it.
#[inline(always)]
fn bring<E: Float>(part: &[E], to: &mut [E], accumulate: bool) {
    if accumulate {
        to.iter_mut().zip(part).for_each(|(to, part)| *to += *part);
    } else {
        to.copy_from_slice(part);
    }
}

/// Gradients of a sum that are taken at once: they stay in the first cache.
const PART: usize = 512;

/// What the backward pass of one input reads and writes.
struct Target<'a, E> {
    broadcast: &'a Broadcast,
    batch: usize,
    left: &'a [E],
    right: &'a [E],
    output_gradient: &'a [E],
    gradient: &'a mut [E],
    accumulate: bool,
    is_left: bool,
}

impl<E: Float> Target<'_, E> {
    /// Brings `derivative(g, a, b)` of each element to the input's element, which several elements share where it is repeated.
    #[inline(always)]
    fn reduce(self, derivative: impl Fn(E, E, E) -> E) {
        let is_repeated = self.gradient.len() < self.output_gradient.len();
        if is_repeated && !self.accumulate {
            self.gradient.fill(E::ZERO);
        }
        let overwrite = !is_repeated && !self.accumulate;
        let mut part = [E::ZERO; PART];
        let steps = Steps::new(self.broadcast, self.batch);
        // What the operator does not read, the gradient itself stands in for.
        let reads = !self.left.is_empty();
        let operands = if reads { steps } else { Steps { left: 1, right: 1, ..steps } };
        for row in rows(self.broadcast, self.batch) {
            let output = &self.output_gradient[row.output..][..steps.len];
            let (left, right) =
                if reads { (&self.left[row.left..], &self.right[row.right..]) } else { (output, output) };
            let (place, step) = if self.is_left { (row.left, steps.left) } else { (row.right, steps.right) };
            if step == 0 {
                let mut sum = E::ZERO;
                for start in (0..steps.len).step_by(PART) {
                    let output = &output[start..steps.len.min(start + PART)];
                    let operands = Steps { len: output.len(), ..operands };
                    let (left, right) = (&left[start * operands.left..], &right[start * operands.right..]);
                    each_pair!(operands, part.iter_mut().zip(output), left, right, |(to, g), a, b| {
                        *to = derivative(*g, a, b)
                    });
                    sum += sum_of(&part[..output.len()]);
                }
                self.gradient[place] += sum;
                continue;
            }
            let to = self.gradient[place..][..steps.len].iter_mut().zip(output);
            each_pair!(operands, to, left, right, |(to, g), a, b| {
                let own = derivative(*g, a, b);
                *to = if overwrite { own } else { *to + own };
            });
        }
    }
}
