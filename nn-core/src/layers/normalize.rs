//! normalize, LocalResponseNorm.

use nn_shape::{LocalResponseNorm as Response, Normalize as Config};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward, Layer, parameters};

unit_layers! { Config, forward, backward;
    /// `x / max(‖x‖, eps)` along an axis, by the p-norm.
    /// [`torch.nn.functional.normalize`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html)
    Normalize;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    E::normalize_forward(config, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    if let Some((to, accumulate)) = pass.input_gradients[0].target() {
        E::normalize_backward(config, pass.inputs[0], pass.output_gradients[0], to, accumulate);
    }
}

/// `x / (k + alpha / size · Σ x²)^beta`, the sum being over `size` neighbouring channels of `[channels, ...]`.
/// [`torch.nn.LocalResponseNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html)
#[derive(Clone, Copy, Debug)]
pub struct LocalResponseNorm<E: Element = f32>(core::marker::PhantomData<E>);

parameters! {
    impl [E: Element] LocalResponseNorm<E> {
        element: E,
        parameters: [],
        reset: |_, _| {},
    }
}

impl<E: Element> Layer for LocalResponseNorm<E> {
    type Config = Response;

    fn forward(&self, config: &Response, pass: Forward<'_, E>) {
        E::response_norm_forward(config, pass.inputs[0], pass.outputs[0], None);
    }

    fn forward_train(&mut self, config: &Response, pass: Forward<'_, E>) {
        E::response_norm_forward(config, pass.inputs[0], pass.outputs[0], Some(pass.saved.sample));
    }

    fn backward(&self, config: &Response, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
        let (input, sums, output) = (pass.inputs[0], pass.saved.sample, pass.output_gradients[0]);
        if let Some((to, accumulate)) = pass.input_gradients[0].target() {
            E::response_norm_backward(config, input, sums, output, to, accumulate, pass.scratch);
        }
    }
}
