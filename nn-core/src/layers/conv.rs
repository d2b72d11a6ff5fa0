//! Conv1d, Conv2d, Conv3d.

use nn_shape::{Conv, ConvGeometry, Padding};

use crate::{
    Backward, Element, Field, Forward, Layer, Presence, Present, Tensor1, Tensor3, Tensor4, Tensor5, init, parameters,
};

macro_rules! conv {
    ($(#[$doc:meta])* $name:ident, $tensor:ident, [$($kernel:ident),*]) => {
        $(#[$doc])*
        ///
        /// `IN` counts the input channels of one group: the weight is `[OUT, IN, kernel...]`, as in PyTorch.
        /// Weight and bias begin as U(±1/√(IN · kernel)).
        #[repr(C)]
        pub struct $name<
            const IN: usize,
            const OUT: usize,
            $(const $kernel: usize,)*
            E: Element = f32,
            B: Presence = Present,
        > {
            /// The windows.
            pub weight: $tensor<OUT, IN, $($kernel,)* E>,
            /// What is added to each output channel.
            pub bias: B::Of<Tensor1<OUT, E>>,
        }

        parameters! {
            impl [const IN: usize, const OUT: usize, $(const $kernel: usize,)* E: Element, B: Presence]
            $name<IN, OUT, $($kernel,)* E, B> {
                element: E,
                parameters: [weight, bias],
                reset: |layer, random| {
                    init::uniform_fan_in(layer.weight.values_mut(), IN $(* $kernel)*, random);
                    init::uniform_fan_in(layer.bias.values_mut(), IN $(* $kernel)*, random);
                },
            }
        }

        impl<const IN: usize, const OUT: usize, $(const $kernel: usize,)* E: Element, B: Presence> Layer
            for $name<IN, OUT, $($kernel,)* E, B>
        {
            type Config = Conv;

            fn forward(&self, config: &Conv, pass: Forward<'_, E>) {
                forward(config, self.weight.values(), self.bias.optional(), pass);
            }

            fn backward(&self, config: &Conv, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
                let gradients = gradients.map(|g| (g.weight.values_mut(), g.bias.optional_mut()));
                backward(config, self.weight.values(), pass, gradients);
            }
        }
    };
}

conv! {
    /// Cross-correlation of a sequence `[in, length]` with `OUT` windows;
    /// [`torch.nn.Conv1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv1d.html).
    Conv1d, Tensor3, [K]
}
conv! {
    /// Cross-correlation of an image `[in, height, width]` with `OUT` windows;
    /// [`torch.nn.Conv2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html).
    Conv2d, Tensor4, [KH, KW]
}
conv! {
    /// Cross-correlation of a volume `[in, depth, height, width]` with `OUT` windows;
    /// [`torch.nn.Conv3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv3d.html).
    Conv3d, Tensor5, [KD, KH, KW]
}

/// The geometry of one sample laid out with its padding, where the padding is not zeros.
fn padded(config: &Conv) -> Option<ConvGeometry> {
    match config.padding {
        Padding::Zeros => None,
        _ => Some(config.kernel_geometry()),
    }
}

fn forward<E: Element>(config: &Conv, weight: &[E], bias: Option<&[E]>, pass: Forward<'_, E>) {
    let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
    let Some(geometry) = padded(config) else {
        return E::conv_forward(&config.geometry, pass.batch, input, weight, bias, output, pass.scratch);
    };
    let pad = config.pad_geometry();
    let (sample, scratch) = pass.scratch.split_at_mut(geometry.input_len());
    let outputs = output.chunks_exact_mut(geometry.output_len());
    for (input, output) in input.chunks_exact(config.geometry.input_len()).zip(outputs) {
        E::pad_forward(&pad, 1, E::ZERO, input, sample);
        E::conv_forward(&geometry, 1, sample, weight, bias, output, scratch);
    }
}

type WeightAndBias<'a, E> = (&'a mut [E], Option<&'a mut [E]>);

fn backward<E: Element>(config: &Conv, weight: &[E], pass: Backward<'_, E>, gradients: Option<WeightAndBias<'_, E>>) {
    let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
    let (geometry, pad) = (config.kernel_geometry(), config.pad_geometry());
    let padded = padded(config).map_or(0, |geometry| geometry.input_len());
    let (sample, scratch) = pass.scratch.split_at_mut(padded);
    if let Some((weight, bias)) = gradients {
        if let Some(bias) = bias {
            E::bias_backward(geometry.out_channels, geometry.output_plane(), pass.batch, output, bias);
        }
        if padded == 0 {
            E::conv_backward_weight(&geometry, pass.batch, input, output, weight, scratch);
        } else {
            let outputs = output.chunks_exact(geometry.output_len());
            for (input, output) in input.chunks_exact(config.geometry.input_len()).zip(outputs) {
                E::pad_forward(&pad, 1, E::ZERO, input, sample);
                E::conv_backward_weight(&geometry, 1, sample, output, weight, scratch);
            }
        }
    }
    let gradient = &mut pass.input_gradients[0];
    if padded == 0 {
        if let Some((input, accumulate)) = gradient.target() {
            E::conv_backward_input(&geometry, pass.batch, output, weight, input, accumulate, scratch);
        }
    } else if let Some(input) = gradient.accumulator() {
        let outputs = output.chunks_exact(geometry.output_len());
        for (input, output) in input.chunks_exact_mut(config.geometry.input_len()).zip(outputs) {
            E::conv_backward_input(&geometry, 1, output, weight, sample, false, scratch);
            E::pad_backward(&pad, 1, sample, input);
        }
    }
}
