//! MaxPool, AvgPool, AdaptiveMaxPool and AdaptiveAvgPool over one, two and three axes.

use core::marker::PhantomData;

use nn_shape::{Pool, Reduction};

use crate::{Backward, Element, Forward, Layer, parameters};

macro_rules! pools {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name<E: Element = f32>(PhantomData<E>);

        parameters! {
            impl [E: Element] $name<E> {
                element: E,
                parameters: [],
                reset: |_layer, _random| {},
            }
        }

        impl<E: Element> Layer for $name<E> {
            type Config = Pool;

            fn forward(&self, config: &Pool, pass: Forward<'_, E>) {
                forward(config, pass);
            }

            fn forward_train(&mut self, config: &Pool, pass: Forward<'_, E>) {
                forward_train(config, pass);
            }

            fn backward(&self, config: &Pool, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
                backward(config, pass);
            }
        }
    )*};
}

pools! {
    /// The maximum of each window of a sequence `[channels, length]`;
    /// [`torch.nn.MaxPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html).
    MaxPool1d;
    /// The maximum of each window of an image `[channels, height, width]`. Padding is -∞, of equal maxima the first takes the whole
    /// gradient, and NaN is above everything. With `return_indices = true` it gives indices, too: of each maximum its place in its channel,
    /// `row * width + column` in the input without padding;
    /// [`torch.nn.MaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html).
    MaxPool2d;
    /// The maximum of each window of a volume `[channels, depth, height, width]`;
    /// [`torch.nn.MaxPool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html).
    MaxPool3d;
    /// The mean of each window of a sequence `[channels, length]`;
    /// [`torch.nn.AvgPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html).
    AvgPool1d;
    /// The mean of each window of an image `[channels, height, width]`: the sum over the window, divided by the window's entries over the
    /// input and its padding, or, with `count_include_pad = false`, over the input, or by `divisor_override`;
    /// [`torch.nn.AvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html).
    AvgPool2d;
    /// The mean of each window of a volume `[channels, depth, height, width]`;
    /// [`torch.nn.AvgPool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html).
    AvgPool3d;
    /// The maxima of `output_size` windows that share a sequence `[channels, length]` among them;
    /// [`torch.nn.AdaptiveMaxPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html).
    AdaptiveMaxPool1d;
    /// The maxima of `output_size` windows that share an image `[channels, height, width]` among them;
    /// [`torch.nn.AdaptiveMaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html).
    AdaptiveMaxPool2d;
    /// The maxima of `output_size` windows that share a volume `[channels, depth, height, width]` among them;
    /// [`torch.nn.AdaptiveMaxPool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool3d.html).
    AdaptiveMaxPool3d;
    /// The means of `output_size` windows that share a sequence `[channels, length]` among them;
    /// [`torch.nn.AdaptiveAvgPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html).
    AdaptiveAvgPool1d;
    /// The means of `output_size` windows that share an image `[channels, height, width]` among them: window `i` of `n` begins at
    /// `floor(i · size / n)` and ends before `ceil((i + 1) · size / n)`;
    /// [`torch.nn.AdaptiveAvgPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html).
    AdaptiveAvgPool2d;
    /// The means of `output_size` windows that share a volume `[channels, depth, height, width]` among them;
    /// [`torch.nn.AdaptiveAvgPool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html).
    AdaptiveAvgPool3d;
}

fn forward<E: Element>(config: &Pool, pass: Forward<'_, E>) {
    let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
    match config.reduction {
        Reduction::Max => {
            let places = pass.index_outputs.first_mut().map(|places| &mut **places);
            E::max_pool_forward(&config.geometry, pass.batch, input, output, places);
        }
        Reduction::Average(divisor) => E::average_pool_forward(&config.geometry, divisor, pass.batch, input, output),
    }
}

fn forward_train<E: Element>(config: &Pool, pass: Forward<'_, E>) {
    match config.reduction {
        Reduction::Max => {
            let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
            let places = pass.index_outputs.first_mut().map_or(pass.saved.words, |places| &mut **places);
            E::max_pool_forward(&config.geometry, pass.batch, input, output, Some(places));
        }
        Reduction::Average(_) => forward(config, pass),
    }
}

fn backward<E: Element>(config: &Pool, pass: Backward<'_, E>) {
    let output = pass.output_gradients[0];
    let Some(input) = pass.input_gradients[0].accumulator() else { return };
    match config.reduction {
        Reduction::Max => {
            let places = pass.index_outputs.first().copied().unwrap_or(pass.saved.words);
            E::max_pool_backward(&config.geometry, pass.batch, output, places, input);
        }
        Reduction::Average(divisor) => E::average_pool_backward(&config.geometry, divisor, pass.batch, output, input),
    }
}
