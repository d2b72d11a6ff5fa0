//! GLU.

use nn_shape::Glu;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Glu, forward, backward;
    /// `a · sigmoid(b)`, `a` and `b` being the halves of the input along an axis.
    /// [`torch.nn.GLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GLU.html)
    GLU;
}

fn forward<E: Element>(config: &Glu, pass: Forward<'_, E>) {
    E::glu_forward(config, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Glu, pass: Backward<'_, E>) {
    if let Some((to, accumulate)) = pass.input_gradients[0].target() {
        E::glu_backward(config, pass.inputs[0], pass.output_gradients[0], to, accumulate);
    }
}
