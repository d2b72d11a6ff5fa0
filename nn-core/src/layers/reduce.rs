//! mean and sum along axes.

use nn_shape::{Extreme, Reduce};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Reduce, forward, backward;
    /// The mean along one or several axes.
    /// [`torch.mean`](https://docs.pytorch.org/docs/stable/generated/torch.mean.html)
    Mean;
    /// The sum along one or several axes.
    /// [`torch.sum`](https://docs.pytorch.org/docs/stable/generated/torch.sum.html)
    Sum;
}

unit_layers! { Extreme, extreme, extreme_backward;
    /// The largest value along one or several axes; values that are equally large share the gradient.
    /// [`torch.amax`](https://docs.pytorch.org/docs/stable/generated/torch.amax.html)
    Amax;
    /// The smallest value along one or several axes; values that are equally small share the gradient.
    /// [`torch.amin`](https://docs.pytorch.org/docs/stable/generated/torch.amin.html)
    Amin;
}

fn extreme<E: Element>(config: &Extreme, pass: Forward<'_, E>) {
    E::extreme_forward(&config.reduce, config.least, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn extreme_backward<E: Element>(config: &Extreme, pass: Backward<'_, E>) {
    let (input, output, gradient) = (pass.inputs[0], pass.outputs[0], pass.output_gradients[0]);
    if let Some(to) = pass.input_gradients[0].accumulator() {
        E::extreme_backward(&config.reduce, pass.batch, input, output, gradient, to, pass.scratch);
    }
}

fn forward<E: Element>(config: &Reduce, pass: Forward<'_, E>) {
    E::reduce_forward(config, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Reduce, pass: Backward<'_, E>) {
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        E::reduce_backward(config, pass.batch, pass.output_gradients[0], input, accumulate);
    }
}
