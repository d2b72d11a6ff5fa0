//! mean and sum along axes.

use nn_shape::Reduce;

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

fn forward<E: Element>(config: &Reduce, pass: Forward<'_, E>) {
    E::reduce_forward(config, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Reduce, pass: Backward<'_, E>) {
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        E::reduce_backward(config, pass.batch, pass.output_gradients[0], input, accumulate);
    }
}
