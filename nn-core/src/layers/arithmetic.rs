//! `+ - * /`, maximum and minimum between values.

use nn_shape::{Arithmetic, Operator};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Arithmetic, forward, backward;
    /// `a + b`. [`torch.add`](https://docs.pytorch.org/docs/stable/generated/torch.add.html)
    Add;
    /// `a - b`. [`torch.sub`](https://docs.pytorch.org/docs/stable/generated/torch.sub.html)
    Sub;
    /// `a · b`. [`torch.mul`](https://docs.pytorch.org/docs/stable/generated/torch.mul.html)
    Mul;
    /// `a / b`. [`torch.div`](https://docs.pytorch.org/docs/stable/generated/torch.div.html)
    Div;
    /// The larger of `a` and `b`; equal ones share the gradient. [`torch.maximum`](https://docs.pytorch.org/docs/stable/generated/torch.maximum.html)
    Maximum;
    /// The smaller of `a` and `b`; equal ones share the gradient. [`torch.minimum`](https://docs.pytorch.org/docs/stable/generated/torch.minimum.html)
    Minimum;
}

fn forward<E: Element>(config: &Arithmetic, pass: Forward<'_, E>) {
    let [left, right] = pass.inputs else { return };
    let Arithmetic { operator, rectifies, ref broadcast, .. } = *config;
    E::arithmetic_forward(operator, rectifies, broadcast, pass.batch, left, right, pass.outputs[0]);
}

fn backward<E: Element>(config: &Arithmetic, pass: Backward<'_, E>) {
    if config.operator == Operator::Add && config.broadcast.is_pairwise() {
        let [left, right] = pass.input_gradients else { return };
        let result = config.rectifies.then_some(pass.outputs[0]);
        let (own, other) = if right.is_of_output() { (right, left) } else { (left, right) };
        return match (own.is_of_output(), own.target(), other.target()) {
            (true, Some((gradient, _)), other) => E::sum_backward_in_place(result, gradient, other),
            (_, own, other) => E::sum_backward(result, pass.output_gradients[0], [own, other]),
        };
    }
    let (left, right) = match config.operator {
        Operator::Add | Operator::Subtract => (&[][..], &[][..]),
        _ => (pass.inputs[0], pass.inputs[1]),
    };
    let [left_gradient, right_gradient] = pass.input_gradients else { return };
    let (broadcast, output) = (&config.broadcast, pass.output_gradients[0]);
    if let Some((gradient, accumulate)) = left_gradient.target() {
        E::arithmetic_backward_left(config.operator, broadcast, pass.batch, left, right, output, gradient, accumulate);
    }
    if let Some((gradient, accumulate)) = right_gradient.target() {
        E::arithmetic_backward_right(config.operator, broadcast, pass.batch, left, right, output, gradient, accumulate);
    }
}
