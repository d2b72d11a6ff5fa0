//! Other shapes for the same memory: a network runs none of these layers.

use nn_shape::Reshape as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// The input itself.
    /// [`torch.nn.Identity`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Identity.html)
    Identity;
    /// The axes from `start_dim` to `end_dim` become one.
    /// [`torch.nn.Flatten`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html)
    Flatten;
    /// The axis `dim` becomes several.
    /// [`torch.nn.Unflatten`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Unflatten.html)
    Unflatten;
    /// The same values under another shape.
    /// [`torch.reshape`](https://docs.pytorch.org/docs/stable/generated/torch.reshape.html)
    Reshape;
    /// The same values under another shape.
    /// [`torch.Tensor.view`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html)
    View;
    /// A new axis of size 1.
    /// [`torch.unsqueeze`](https://docs.pytorch.org/docs/stable/generated/torch.unsqueeze.html)
    Unsqueeze;
    /// Leaves out axes of size 1.
    /// [`torch.squeeze`](https://docs.pytorch.org/docs/stable/generated/torch.squeeze.html)
    Squeeze;
}

fn forward<E: Element>(_config: &Config, pass: Forward<'_, E>) {
    pass.outputs[0].copy_from_slice(pass.inputs[0]);
}

fn backward<E: Element>(_config: &Config, pass: Backward<'_, E>) {
    match pass.input_gradients[0].target() {
        Some((input, true)) => E::accumulate(pass.output_gradients[0], input),
        Some((input, false)) => input.copy_from_slice(pass.output_gradients[0]),
        None => {}
    }
}
