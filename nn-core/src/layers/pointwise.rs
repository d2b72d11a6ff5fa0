//! Activations, and arithmetic with a constant: functions of one number, for inputs of any shape.

use nn_shape::{Pointwise, Reads};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Pointwise, forward, backward;
    /// `max(0, x)`; the derivative at 0 is 0.
    /// [`torch.nn.ReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU.html)
    ReLU;
    /// `x` where `x > 0`, else `negative_slope · x`; the derivative at 0 is the slope.
    /// [`torch.nn.LeakyReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html)
    LeakyReLU;
    /// `1 / (1 + exp(-x))`.
    /// [`torch.nn.Sigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html)
    Sigmoid;
    /// `tanh(x)`.
    /// [`torch.nn.Tanh`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanh.html)
    Tanh;
    /// `x · Φ(x)`, Φ being the normal distribution's cumulative function, or its approximation by a hyperbolic tangent.
    /// [`torch.nn.GELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GELU.html)
    GELU;
    /// `-x`.
    Neg;
    /// `x + c`.
    AddScalar;
    /// `x - c`.
    SubScalar;
    /// `c - x`.
    RsubScalar;
    /// `x · c`.
    MulScalar;
    /// `x / c`.
    DivScalar;
    /// `c / x`.
    RdivScalar;
}

fn forward<E: Element>(config: &Pointwise, pass: Forward<'_, E>) {
    E::pointwise_forward(&config.function, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Pointwise, pass: Backward<'_, E>) {
    let known = match config.function.reads() {
        Reads::Nothing => &[],
        Reads::Input => pass.inputs[0],
        Reads::Output => pass.outputs[0],
    };
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        E::pointwise_backward(&config.function, known, pass.output_gradients[0], input, accumulate);
    }
}
