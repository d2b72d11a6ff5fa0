//! permute and transpose.

use nn_shape::Permute as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// The axes in another order.
    /// [`torch.permute`](https://docs.pytorch.org/docs/stable/generated/torch.permute.html)
    Permute;
    /// Exchanges two axes.
    /// [`torch.transpose`](https://docs.pytorch.org/docs/stable/generated/torch.transpose.html)
    Transpose;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    E::permute_forward(&config.walk, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        E::permute_backward(&config.walk, pass.batch, pass.output_gradients[0], input, accumulate);
    }
}
