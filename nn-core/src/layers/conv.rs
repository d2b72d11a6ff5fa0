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

/// Numbers of an input and its output that all kernels of the backward pass are done with before they go on: what one of them has read, the
/// next one finds in the second cache.
const NEAR: usize = 1 << 18;

fn backward<E: Element>(config: &Conv, weight: &[E], pass: Backward<'_, E>, gradients: Option<WeightAndBias<'_, E>>) {
    if padded(config).is_some() {
        return backward_padded(config, weight, pass, gradients);
    }
    let (geometry, (mut weight_gradient, mut bias_gradient)) = (&config.geometry, gradients.unzip());
    let mut bias_gradient = bias_gradient.as_mut().and_then(Option::as_deref_mut);
    let (input_len, output_len) = (geometry.input_len(), geometry.output_len());
    let mut target = pass.input_gradients[0].target();
    let samples = (NEAR / (input_len + output_len).max(1)).max(1);
    for first in (0..pass.batch).step_by(samples) {
        let samples = samples.min(pass.batch - first);
        let inputs = first * input_len..(first + samples) * input_len;
        let (input, output) =
            (&pass.inputs[0][inputs.clone()], &pass.output_gradients[0][first * output_len..][..samples * output_len]);
        if let Some(weight) = &mut weight_gradient {
            E::conv_backward_weight(geometry, samples, input, output, weight, pass.scratch);
        }
        if let Some(bias) = &mut bias_gradient {
            E::bias_backward(geometry.out_channels, geometry.output_plane(), samples, output, bias);
        }
        if let Some((gradient, accumulate)) = &mut target {
            let gradient = &mut gradient[inputs];
            E::conv_backward_input(geometry, samples, output, weight, gradient, *accumulate, pass.scratch);
        }
    }
}

/// Sample by sample, each laid out with its padding.
fn backward_padded<E: Element>(
    config: &Conv,
    weight: &[E],
    pass: Backward<'_, E>,
    gradients: Option<WeightAndBias<'_, E>>,
) {
    let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
    let (geometry, pad) = (config.kernel_geometry(), config.pad_geometry());
    let (sample, scratch) = pass.scratch.split_at_mut(geometry.input_len());
    let outputs = || output.chunks_exact(geometry.output_len());
    if let Some((weight, bias)) = gradients {
        if let Some(bias) = bias {
            E::bias_backward(geometry.out_channels, geometry.output_plane(), pass.batch, output, bias);
        }
        for (input, output) in input.chunks_exact(config.geometry.input_len()).zip(outputs()) {
            E::pad_forward(&pad, 1, E::ZERO, input, sample);
            E::conv_backward_weight(&geometry, 1, sample, output, weight, scratch);
        }
    }
    if let Some(input) = pass.input_gradients[0].accumulator() {
        for (input, output) in input.chunks_exact_mut(config.geometry.input_len()).zip(outputs()) {
            E::conv_backward_input(&geometry, 1, output, weight, sample, false, scratch);
            E::pad_backward(&pad, 1, sample, input);
        }
    }
}
