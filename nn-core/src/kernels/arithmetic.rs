//! `+ - * /` between two values, either repeated along some axes.

use nn_shape::{Broadcast, Operator};

use crate::Float;
use crate::simd::bound_by_memory;

/// Where a row of the output, the last axis, begins in the output and in both inputs.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) output: usize,
    pub(super) left: usize,
    pub(super) right: usize,
}

/// How rows are read.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub(super) len: usize,
    pub(super) left: usize,
    pub(super) right: usize,
}

/// Calls `visit` for each row of each sample.
#[inline(always)]
pub(super) fn rows(broadcast: &Broadcast, batch: usize, mut visit: impl FnMut(Row, Steps)) {
    let outer = broadcast.rank.saturating_sub(1);
    let len = broadcast.sizes[outer];
    let steps = Steps { len, left: broadcast.left[outer], right: broadcast.right[outer] };
    if broadcast.is_pairwise() {
        return visit(Row { output: 0, left: 0, right: 0 }, Steps { len: batch * len, left: 1, right: 1 });
    }
    let place = |strides: &[usize], sample: usize, row: usize| {
        let (mut rest, mut place, mut sample_len) = (row, 0, 1);
        for axis in (0..broadcast.rank).rev() {
            if axis < outer {
                place += rest % broadcast.sizes[axis] * strides[axis];
                rest /= broadcast.sizes[axis];
            }
            if strides[axis] != 0 {
                sample_len *= broadcast.sizes[axis];
            }
        }
        sample * sample_len + place
    };
    let count: usize = broadcast.sizes[..outer].iter().product();
    for sample in 0..batch {
        for row in 0..count {
            let left = place(&broadcast.left, sample, row);
            let right = place(&broadcast.right, sample, row);
            visit(Row { output: (sample * count + row) * len, left, right }, steps);
        }
    }
}

/// Calls `visit` with the number and both operands of each element of a row.
#[inline(always)]
fn pairs<E: Float>(left: &[E], right: &[E], steps: Steps, mut visit: impl FnMut(usize, E, E)) {
    let len = steps.len;
    match (steps.left, steps.right) {
        (1, 1) => {
            for (i, (left, right)) in left[..len].iter().zip(&right[..len]).enumerate() {
                visit(i, *left, *right);
            }
        }
        (0, _) => {
            for (i, right) in right[..len].iter().enumerate() {
                visit(i, left[0], *right);
            }
        }
        _ => {
            for (i, left) in left[..len].iter().enumerate() {
                visit(i, *left, right[0]);
            }
        }
    }
}

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
    if broadcast.is_pairwise() {
        // By itself, because what is called from two places is not inlined.
        assert!(left.len() == output.len() && right.len() == output.len(), "operands of one shape");
        for ((output, a), b) in output.iter_mut().zip(left).zip(right) {
            *output = function(*a, *b);
        }
        return;
    }
    rows(broadcast, batch, |row, steps| {
        let output = &mut output[row.output..][..steps.len];
        pairs(&left[row.left..], &right[row.right..], steps, |i, a, b| output[i] = function(a, b));
    });
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
        if self.broadcast.is_pairwise() {
            let Target { left, right, output_gradient, gradient, .. } = self;
            // What the operator does not read, the gradient itself stands in for.
            let (left, right) = if left.is_empty() { (output_gradient, output_gradient) } else { (left, right) };
            let (len, operands) = (gradient.len(), output_gradient.iter().zip(left).zip(right));
            assert!(output_gradient.len() == len && left.len() == len && right.len() == len, "operands of one shape");
            for (to, ((g, a), b)) in gradient.iter_mut().zip(operands) {
                let derivative = derivative(*g, *a, *b);
                *to = if overwrite { derivative } else { *to + derivative };
            }
            return;
        }
        rows(self.broadcast, self.batch, |row, steps| {
            let output = &self.output_gradient[row.output..][..steps.len];
            // What the operator does not read, the gradient itself stands in for.
            let reads = !self.left.is_empty();
            let (left, right) =
                if reads { (&self.left[row.left..], &self.right[row.right..]) } else { (output, output) };
            let operands = if reads { steps } else { Steps { left: 1, right: 1, ..steps } };
            let (place, step) = if self.is_left { (row.left, steps.left) } else { (row.right, steps.right) };
            if step == 0 {
                let mut sum = E::ZERO;
                pairs(left, right, operands, |i, a, b| sum += derivative(output[i], a, b));
                self.gradient[place] += sum;
                return;
            }
            let gradient = &mut self.gradient[place..][..steps.len];
            if overwrite {
                pairs(left, right, operands, |i, a, b| gradient[i] = derivative(output[i], a, b));
            } else {
                pairs(left, right, operands, |i, a, b| gradient[i] += derivative(output[i], a, b));
            }
        });
    }
}
