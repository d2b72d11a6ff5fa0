//! Bilinear.

use nn_shape::Bilinear as Config;

use crate::{Backward, Element, Field, Forward, Layer, Presence, Present, Tensor1, Tensor3, init, parameters};

/// `y[o] = Σ x1[i] W[o][i][j] x2[j] + b[o]` over the last axes;
/// [`torch.nn.Bilinear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Bilinear.html).
///
/// The weight is `[OUT, IN1, IN2]`, as in PyTorch. Weight and bias begin as U(±1/√IN1).
#[repr(C)]
pub struct Bilinear<const IN1: usize, const IN2: usize, const OUT: usize, E: Element = f32, B: Presence = Present> {
    /// One matrix of weights for each output.
    pub weight: Tensor3<OUT, IN1, IN2, E>,
    /// What is added to each output.
    pub bias: B::Of<Tensor1<OUT, E>>,
}

parameters! {
    impl [const IN1: usize, const IN2: usize, const OUT: usize, E: Element, B: Presence] Bilinear<IN1, IN2, OUT, E, B> {
        element: E,
        parameters: [weight, bias],
        reset: |layer, random| {
            init::uniform_fan_in(layer.weight.values_mut(), IN1, random);
            init::uniform_fan_in(layer.bias.values_mut(), IN1, random);
        },
    }
}

impl<const IN1: usize, const IN2: usize, const OUT: usize, E: Element, B: Presence> Layer
    for Bilinear<IN1, IN2, OUT, E, B>
{
    type Config = Config;

    fn forward(&self, _config: &Config, pass: Forward<'_, E>) {
        let (left, right) = (pass.inputs[0], pass.inputs[1]);
        let (weight, bias) = (self.weight.values(), self.bias.optional());
        E::bilinear_forward([IN1, IN2], left, right, weight, bias, pass.outputs[0], pass.scratch);
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let (left, right, output) = (pass.inputs[0], pass.inputs[1], pass.output_gradients[0]);
        let weight = self.weight.values();
        if let Some(gradients) = gradients {
            E::bilinear_backward_weight([IN1, IN2], left, right, output, gradients.weight.values_mut());
            if let Some(bias) = gradients.bias.optional_mut() {
                E::bias_backward(OUT, 1, config.rows * pass.batch, output, bias);
            }
        }
        let [left_gradient, right_gradient] = pass.input_gradients else { return };
        if let Some(gradient) = left_gradient.accumulator() {
            E::bilinear_backward_left([IN1, IN2], right, output, weight, gradient, pass.scratch);
        }
        if let Some(gradient) = right_gradient.accumulator() {
            E::bilinear_backward_right([IN1, IN2], left, output, weight, gradient);
        }
    }
}
