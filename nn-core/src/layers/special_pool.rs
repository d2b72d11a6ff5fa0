//! LPPool and FractionalMaxPool.

use core::marker::PhantomData;

use nn_shape::{FractionalPool, LpPool};
use rand_core::Rng;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward, Layer, parameters};

unit_layers! { LpPool, forward, backward;
    /// `(Σ xᵖ)^(1/p)` over each window of a sequence `[channels, length]`.
    /// [`torch.nn.LPPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool1d.html)
    LPPool1d;
    /// `(Σ xᵖ)^(1/p)` over each window of an image `[channels, height, width]`, without absolute values; for an infinite `p` the largest
    /// `|x|`. The gradient is 0 where the sum is.
    /// [`torch.nn.LPPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html)
    LPPool2d;
    /// `(Σ xᵖ)^(1/p)` over each window of a volume `[channels, depth, height, width]`.
    /// [`torch.nn.LPPool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LPPool3d.html)
    LPPool3d;
}

fn forward<E: Element>(config: &LpPool, pass: Forward<'_, E>) {
    E::lp_pool_forward(&config.geometry, config.norm, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &LpPool, pass: Backward<'_, E>) {
    let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
    if let Some(gradient) = pass.input_gradients[0].accumulator() {
        E::lp_pool_backward(&config.geometry, config.norm, pass.batch, input, output, gradient);
    }
}

macro_rules! fractional {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// In training mode the windows lie at random; in evaluation mode, where PyTorch draws too, they lie in the middle of what chance
        /// gives.
        #[derive(Clone, Copy, Debug)]
        pub struct $name<E: Element = f32>(PhantomData<E>);

        parameters! {
            impl [E: Element] $name<E> {
                element: E,
                parameters: [],
                reset: |_, _| {},
            }
        }

        impl<E: Element> Layer for $name<E> {
            type Config = FractionalPool;

            fn forward(&self, config: &FractionalPool, pass: Forward<'_, E>) {
                let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
                let places = pass.index_outputs.first_mut().map(|places| &mut **places);
                E::fractional_max_pool_forward(&config.geometry, pass.batch, &mut || 0.5, input, output, places);
            }

            fn forward_train(&mut self, config: &FractionalPool, pass: Forward<'_, E>) {
                let (input, output, random) = (pass.inputs[0], &mut *pass.outputs[0], pass.random);
                // 53 bits are what the fraction of an `f64` holds.
                let mut draw = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
                let places = Some(pass.index_outputs.first_mut().map_or(pass.saved.words, |places| &mut **places));
                E::fractional_max_pool_forward(&config.geometry, pass.batch, &mut draw, input, output, places);
            }

            fn backward(&self, config: &FractionalPool, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
                if let Some(input) = pass.input_gradients[0].accumulator() {
                    let output = pass.output_gradients[0];
                    let places = pass.index_outputs.first().copied().unwrap_or(pass.saved.words);
                    E::max_pool_backward(&config.geometry, pass.batch, output, places, input);
                }
            }
        }
    )*};
}

fractional! {
    /// The maxima of `output_size` windows over an image `[channels, height, width]`.
    /// [`torch.nn.FractionalMaxPool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool2d.html)
    FractionalMaxPool2d;
    /// The maxima of `output_size` windows over a volume `[channels, depth, height, width]`.
    /// [`torch.nn.FractionalMaxPool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.FractionalMaxPool3d.html)
    FractionalMaxPool3d;
}
