//! Dropout, Dropout1d, Dropout2d, Dropout3d, AlphaDropout, FeatureAlphaDropout.

use nn_shape::Dropout as Config;

use crate::{Backward, Element, Forward, Layer, parameters};

macro_rules! dropout {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// In evaluation mode nothing happens.
        #[derive(Clone, Copy, Debug)]
        pub struct $name<E: Element = f32>(core::marker::PhantomData<E>);

        parameters! {
            impl [E: Element] $name<E> {
                element: E,
                parameters: [],
                reset: |_, _| {},
            }
        }

        impl<E: Element> Layer for $name<E> {
            type Config = Config;

            fn forward(&self, _config: &Config, pass: Forward<'_, E>) {
                pass.outputs[0].copy_from_slice(pass.inputs[0]);
            }

            fn forward_train(&mut self, config: &Config, pass: Forward<'_, E>) {
                E::dropout_draw(config, pass.batch, pass.saved.words, pass.random);
                E::dropout_forward(config, pass.batch, pass.saved.words, pass.inputs[0], pass.outputs[0]);
            }

            fn backward(&self, config: &Config, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
                let (words, output) = (pass.saved.words, pass.output_gradients[0]);
                if let Some((input, accumulate)) = pass.input_gradients[0].target() {
                    E::dropout_backward(config, pass.batch, words, output, input, accumulate);
                }
            }
        }
    )*};
}

dropout! {
    /// Zeroes each value with probability `p` in training mode, and divides what stays by `1 - p`.
    /// [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html)
    Dropout;
    /// Zeroes each channel of `[channels, length]` with probability `p` in training mode, and divides what stays by `1 - p`.
    /// [`torch.nn.Dropout1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html)
    Dropout1d;
    /// Zeroes each channel of `[channels, height, width]` with probability `p` in training mode, and divides what stays by `1 - p`.
    /// [`torch.nn.Dropout2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html)
    Dropout2d;
    /// Zeroes each channel of `[channels, depth, height, width]` with probability `p` in training mode, and divides what stays by `1 - p`.
    /// [`torch.nn.Dropout3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html)
    Dropout3d;
    /// Sets each value to the smallest value of SELU with probability `p` in training mode, and scales and shifts all values so that their
    /// mean and variance stay. [`torch.nn.AlphaDropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html)
    AlphaDropout;
    /// AlphaDropout of whole channels of `[channels, ...]`.
    /// [`torch.nn.FeatureAlphaDropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html)
    FeatureAlphaDropout;
}
