//! Linear.

use nn_shape::Linear as Config;

use crate::{Backward, Element, Field, Forward, Layer, Presence, Present, Tensor1, Tensor2, init, parameters};

/// `y = x Wᵀ + b` over the last axis; [`torch.nn.Linear`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html).
///
/// The weight is `[OUT, IN]`, as in PyTorch. Weight and bias begin as U(±1/√IN).
#[repr(C)]
pub struct Linear<const IN: usize, const OUT: usize, E: Element = f32, B: Presence = Present> {
    /// One row of weights for each output.
    pub weight: Tensor2<OUT, IN, E>,
    /// What is added to each output.
    pub bias: B::Of<Tensor1<OUT, E>>,
}

parameters! {
    impl [const IN: usize, const OUT: usize, E: Element, B: Presence] Linear<IN, OUT, E, B> {
        element: E,
        parameters: [weight, bias],
        reset: |layer, random| {
            init::uniform_fan_in(layer.weight.values_mut(), IN, random);
            init::uniform_fan_in(layer.bias.values_mut(), IN, random);
        },
    }
}

impl<const IN: usize, const OUT: usize, E: Element, B: Presence> Layer for Linear<IN, OUT, E, B> {
    type Config = Config;
    const WRITES_GRADIENTS: bool = true;

    fn forward(&self, config: &Config, pass: Forward<'_, E>) {
        let rows = config.rows * pass.batch;
        E::linear_forward(
            rows,
            IN,
            OUT,
            pass.inputs[0],
            self.weight.values(),
            self.bias.optional(),
            pass.outputs[0],
            pass.scratch,
        );
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let rows = config.rows * pass.batch;
        let output = pass.output_gradients[0];
        if let Some(gradients) = gradients {
            E::linear_backward_weight(
                rows,
                IN,
                OUT,
                pass.inputs[0],
                output,
                gradients.weight.values_mut(),
                !pass.fresh,
                pass.scratch,
            );
            if let Some(bias) = gradients.bias.optional_mut() {
                if pass.fresh {
                    bias.fill(E::ZERO);
                }
                E::bias_backward(OUT, 1, rows, output, bias);
            }
        }
        if let Some((input, accumulate)) = pass.input_gradients[0].target() {
            E::linear_backward_input(rows, IN, OUT, output, self.weight.values(), input, accumulate, pass.scratch);
        }
    }
}
