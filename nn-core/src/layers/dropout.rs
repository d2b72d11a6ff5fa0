//! Dropout, Dropout1d, Dropout2d, Dropout3d.

use nn_shape::Dropout as Config;

use crate::{Backward, Element, Forward, Layer, parameters};

macro_rules! dropout {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// What stays is divided by `1 - p`; in evaluation mode nothing happens.
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
                E::dropout_apply(config, pass.batch, pass.saved.words, pass.inputs[0], pass.outputs[0], false);
            }

            fn backward(&self, config: &Config, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
                let (words, output) = (pass.saved.words, pass.output_gradients[0]);
                if let Some((input, accumulate)) = pass.input_gradients[0].target() {
                    E::dropout_apply(config, pass.batch, words, output, input, accumulate);
                }
            }
        }
    )*};
}

dropout! {
    /// Zeroes each value with probability `p` in training mode.
    /// [`torch.nn.Dropout`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html)
    Dropout;
    /// Zeroes each channel of `[channels, length]` with probability `p` in training mode.
    /// [`torch.nn.Dropout1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html)
    Dropout1d;
    /// Zeroes each channel of `[channels, height, width]` with probability `p` in training mode.
    /// [`torch.nn.Dropout2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html)
    Dropout2d;
    /// Zeroes each channel of `[channels, depth, height, width]` with probability `p` in training mode.
    /// [`torch.nn.Dropout3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html)
    Dropout3d;
}
