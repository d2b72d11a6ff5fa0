//! Softmax, LogSoftmax, Softmin, Softmax2d.

use nn_shape::Softmax as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// `exp(xᵢ) / Σ exp(xⱼ)` along an axis.
    /// [`torch.nn.Softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html)
    Softmax;
    /// `xᵢ - log Σ exp(xⱼ)` along an axis.
    /// [`torch.nn.LogSoftmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html)
    LogSoftmax;
    /// `exp(-xᵢ) / Σ exp(-xⱼ)` along an axis.
    /// [`torch.nn.Softmin`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmin.html)
    Softmin;
    /// Softmax over the channels of `[channels, height, width]`.
    /// [`torch.nn.Softmax2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax2d.html)
    Softmax2d;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    E::softmax_forward(config, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        E::softmax_backward(config, pass.batch, pass.outputs[0], pass.output_gradients[0], input, accumulate);
    }
}
