//! ConvTranspose1d, ConvTranspose2d, ConvTranspose3d.

use nn_shape::ConvTranspose;

use crate::{
    Backward, Element, Field, Forward, Layer, Presence, Present, Tensor1, Tensor3, Tensor4, Tensor5, init, parameters,
};

macro_rules! conv_transpose {
    ($(#[$doc:meta])* $name:ident, $tensor:ident, [$($kernel:ident),*]) => {
        $(#[$doc])*
        ///
        /// `GROUP` counts the output channels of one group: the weight is `[IN, GROUP, kernel...]`, as in PyTorch.
        /// Weight and bias begin as U(±1/√(GROUP · kernel)).
        #[repr(C)]
        pub struct $name<
            const IN: usize,
            const OUT: usize,
            const GROUP: usize,
            $(const $kernel: usize,)*
            E: Element = f32,
            B: Presence = Present,
        > {
            /// The windows.
            pub weight: $tensor<IN, GROUP, $($kernel,)* E>,
            /// What is added to each output channel.
            pub bias: B::Of<Tensor1<OUT, E>>,
        }

        parameters! {
            impl [
                const IN: usize, const OUT: usize, const GROUP: usize, $(const $kernel: usize,)* E: Element, B: Presence
            ] $name<IN, OUT, GROUP, $($kernel,)* E, B> {
                element: E,
                parameters: [weight, bias],
                reset: |layer, random| {
                    init::uniform_fan_in(layer.weight.values_mut(), GROUP $(* $kernel)*, random);
                    init::uniform_fan_in(layer.bias.values_mut(), GROUP $(* $kernel)*, random);
                },
            }
        }

        impl<const IN: usize, const OUT: usize, const GROUP: usize, $(const $kernel: usize,)* E: Element, B: Presence> Layer
            for $name<IN, OUT, GROUP, $($kernel,)* E, B>
        {
            type Config = ConvTranspose;

            fn forward(&self, config: &ConvTranspose, pass: Forward<'_, E>) {
                forward(config, self.weight.values(), self.bias.optional(), pass);
            }

            fn backward(&self, config: &ConvTranspose, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
                let gradients = gradients.map(|g| (g.weight.values_mut(), g.bias.optional_mut()));
                backward(config, self.weight.values(), pass, gradients);
            }
        }
    };
}

conv_transpose! {
    /// The transpose of a convolution over a sequence: `[in, length]` to `[OUT, (length - 1) · stride - 2 · padding + extent]`;
    /// [`torch.nn.ConvTranspose1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html).
    ConvTranspose1d, Tensor3, [K]
}
conv_transpose! {
    /// The transpose of a convolution over an image: `[in, height, width]` to a larger one with `OUT` channels;
    /// [`torch.nn.ConvTranspose2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html).
    ConvTranspose2d, Tensor4, [KH, KW]
}
conv_transpose! {
    /// The transpose of a convolution over a volume: `[in, depth, height, width]` to a larger one with `OUT` channels;
    /// [`torch.nn.ConvTranspose3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html).
    ConvTranspose3d, Tensor5, [KD, KH, KW]
}

/// Each input value is spread over a window of the output: what a convolution does to the gradient of its output.
fn forward<E: Element>(config: &ConvTranspose, weight: &[E], bias: Option<&[E]>, pass: Forward<'_, E>) {
    let geometry = &config.geometry;
    let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
    if let Some(bias) = bias {
        E::bias_forward(geometry.in_channels, geometry.input_plane(), pass.batch, bias, output);
    }
    E::conv_backward_input(geometry, pass.batch, input, weight, output, bias.is_some(), pass.scratch);
}

type WeightAndBias<'a, E> = (&'a mut [E], Option<&'a mut [E]>);

fn backward<E: Element>(
    config: &ConvTranspose,
    weight: &[E],
    pass: Backward<'_, E>,
    gradients: Option<WeightAndBias<'_, E>>,
) {
    let geometry = &config.geometry;
    let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
    let (sample, scratch) = pass.scratch.split_at_mut(geometry.output_len());
    if let Some((weight, bias)) = gradients {
        if let Some(bias) = bias {
            E::bias_backward(geometry.in_channels, geometry.input_plane(), pass.batch, output, bias);
        }
        E::conv_backward_weight(geometry, pass.batch, output, input, weight, scratch);
    }
    let Some((gradient, accumulate)) = pass.input_gradients[0].target() else { return };
    if !accumulate {
        return E::conv_forward(geometry, pass.batch, output, weight, None, gradient, scratch);
    }
    let gradients = gradient.chunks_exact_mut(geometry.output_len());
    for (output, gradient) in output.chunks_exact(geometry.input_len()).zip(gradients) {
        E::conv_forward(geometry, 1, output, weight, None, sample, scratch);
        E::accumulate(sample, gradient);
    }
}
