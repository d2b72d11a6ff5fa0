//! gumbel_softmax.

use nn_shape::GumbelSoftmax as Config;

use crate::{Backward, Element, Forward, Layer, parameters};

/// Softmax of `(x + g) / tau` along an axis, where training draws Gumbel noise `g` for each value and evaluation takes 0; with `hard` 1 at the largest
/// share and 0 elsewhere, the gradient being that of the shares.
/// [`torch.nn.functional.gumbel_softmax`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html), which draws in
/// both modes.
#[derive(Clone, Copy, Debug)]
pub struct GumbelSoftmax<E: Element = f32>(core::marker::PhantomData<E>);

parameters! {
    impl [E: Element] GumbelSoftmax<E> {
        element: E,
        parameters: [],
        reset: |_, _| {},
    }
}

impl<E: Element> Layer for GumbelSoftmax<E> {
    type Config = Config;

    fn forward(&self, config: &Config, pass: Forward<'_, E>) {
        E::gumbel_forward(config, pass.batch, pass.inputs[0], pass.outputs[0], None);
        if config.hard {
            E::gumbel_harden(config, pass.batch, pass.outputs[0]);
        }
    }

    fn forward_train(&mut self, config: &Config, pass: Forward<'_, E>) {
        let shares = pass.saved.sample;
        E::gumbel_forward(config, pass.batch, pass.inputs[0], shares, Some(pass.random));
        pass.outputs[0].copy_from_slice(shares);
        if config.hard {
            E::gumbel_harden(config, pass.batch, pass.outputs[0]);
        }
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
        if let Some((to, accumulate)) = pass.input_gradients[0].target() {
            E::gumbel_backward(config, pass.batch, pass.saved.sample, pass.output_gradients[0], to, accumulate);
        }
    }
}
