//! PReLU, RReLU.

use nn_shape::{Function, PRelu, PReluWith as Config, RRelu};

use super::unit::unit_layers;
use crate::{Backward, Element, Field, Forward, Layer, Rng, Tensor1, parameters};

/// `x` where `x > 0`, else `weight · x`, with one weight or one for each channel; the derivative at 0 is the weight.
/// [`torch.nn.PReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html)
#[repr(C)]
pub struct PReLU<const N: usize, E: Element = f32> {
    /// The slope below 0; begins as `init`.
    pub weight: Tensor1<N, E>,
}

parameters! {
    impl [const N: usize, E: Element] PReLU<N, E> {
        element: E,
        parameters: [weight],
        reset: |layer, _random| layer.weight.values_mut().fill(E::from_f64(0.25)),
    }
}

impl<const N: usize, E: Element> Layer for PReLU<N, E> {
    type Config = PRelu;

    fn initialize(&mut self, config: &PRelu, _random: &mut dyn Rng) {
        self.weight.values_mut().fill(E::from_f64(config.init));
    }

    fn forward(&self, config: &PRelu, pass: Forward<'_, E>) {
        E::prelu_forward(config.planes, pass.inputs[0], self.weight.values(), pass.outputs[0]);
    }

    fn backward(&self, config: &PRelu, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
        if let Some(gradients) = gradients {
            E::prelu_backward_weight(config.planes, input, output, gradients.weight.values_mut());
        }
        if let Some((to, accumulate)) = pass.input_gradients[0].target() {
            E::prelu_backward_input(config.planes, input, self.weight.values(), output, to, accumulate);
        }
    }
}

unit_layers! { Config, forward, backward;
    /// `x` where `x > 0`, else `weight · x`, with one weight of the sample or one for each channel.
    /// [`torch.nn.functional.prelu`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html)
    PReluWith;
}

/// The pieces of a batch: for each sample its numbers among so many.
fn sample<E>(values: &[E], batch: usize, index: usize) -> &[E] {
    let len = values.len() / batch;
    &values[index * len..][..len]
}

fn sample_mut<E>(values: &mut [E], batch: usize, index: usize) -> &mut [E] {
    let len = values.len() / batch;
    &mut values[index * len..][..len]
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    let ([input, weight], [output]) = (pass.inputs, pass.outputs) else { return };
    for index in 0..pass.batch {
        let [input, weight] = [*input, *weight].map(|values| sample(values, pass.batch, index));
        E::prelu_forward(config.planes, input, weight, sample_mut(output, pass.batch, index));
    }
}

fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    let ([input, weight], [output]) = (pass.inputs, pass.output_gradients) else { return };
    let [input_gradient, weight_gradient] = pass.input_gradients else { return };
    if let Some((to, accumulate)) = input_gradient.target() {
        for index in 0..pass.batch {
            let [input, weight, output] = [*input, *weight, *output].map(|values| sample(values, pass.batch, index));
            let to = sample_mut(to, pass.batch, index);
            E::prelu_backward_input(config.planes, input, weight, output, to, accumulate);
        }
    }
    if let Some(to) = weight_gradient.accumulator() {
        for index in 0..pass.batch {
            let [input, output] = [*input, *output].map(|values| sample(values, pass.batch, index));
            E::prelu_backward_weight(config.planes, input, output, sample_mut(to, pass.batch, index));
        }
    }
}

/// `x` where `x > 0`, else `x` times a slope: in training mode one drawn between `lower` and `upper` for each value, in evaluation mode
/// the one in the middle. [`torch.nn.RReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RReLU.html)
#[derive(Clone, Copy, Debug)]
pub struct RReLU<E: Element = f32>(core::marker::PhantomData<E>);

parameters! {
    impl [E: Element] RReLU<E> {
        element: E,
        parameters: [],
        reset: |_, _| {},
    }
}

impl<E: Element> Layer for RReLU<E> {
    type Config = RRelu;

    fn forward(&self, config: &RRelu, pass: Forward<'_, E>) {
        let slope = (config.lower + config.upper) / 2.0;
        E::pointwise_forward(&Function::LeakyRelu { slope }, pass.inputs[0], pass.outputs[0]);
    }

    fn forward_train(&mut self, config: &RRelu, pass: Forward<'_, E>) {
        let bounds = (config.lower, config.upper);
        E::rrelu_forward(bounds, pass.inputs[0], pass.outputs[0], pass.saved.sample, pass.random);
    }

    fn backward(&self, _config: &RRelu, pass: Backward<'_, E>, _gradients: Option<&mut Self>) {
        if let Some((to, accumulate)) = pass.input_gradients[0].target() {
            E::rrelu_backward(pass.saved.sample, pass.output_gradients[0], to, accumulate);
        }
    }
}
