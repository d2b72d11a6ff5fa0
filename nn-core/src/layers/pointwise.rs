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
    /// `min(max(0, x), 6)`; the derivative at 0 and at 6 is 0.
    /// [`torch.nn.ReLU6`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReLU6.html)
    ReLU6;
    /// `x` where `x > 0`, else `alpha · (exp(x) - 1)`.
    /// [`torch.nn.ELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ELU.html)
    ELU;
    /// ELU scaled so that mean and variance are kept.
    /// [`torch.nn.SELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SELU.html)
    SELU;
    /// `x` where `x > 0`, else `alpha · (exp(x / alpha) - 1)`.
    /// [`torch.nn.CELU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CELU.html)
    CELU;
    /// `x / (1 + exp(-x))`.
    /// [`torch.nn.SiLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SiLU.html)
    SiLU;
    /// `x · tanh(log(1 + exp(x)))`.
    /// [`torch.nn.Mish`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Mish.html)
    Mish;
    /// `x`, or 0 between `-lambd` and `lambd`.
    /// [`torch.nn.Hardshrink`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html)
    Hardshrink;
    /// `x` moved by `lambd` towards 0, which it does not pass.
    /// [`torch.nn.Softshrink`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softshrink.html)
    Softshrink;
    /// `x - tanh(x)`.
    /// [`torch.nn.Tanhshrink`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html)
    Tanhshrink;
    /// `x / (1 + |x|)`.
    /// [`torch.nn.Softsign`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softsign.html)
    Softsign;
    /// `log(1 + exp(beta · x)) / beta`, or `x` where `beta · x > threshold`.
    /// [`torch.nn.Softplus`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Softplus.html)
    Softplus;
    /// `log(1 / (1 + exp(-x)))`.
    /// [`torch.nn.LogSigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html)
    LogSigmoid;
    /// `min(max(x + 3, 0), 6) / 6`.
    /// [`torch.nn.Hardsigmoid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html)
    Hardsigmoid;
    /// `x · min(max(x + 3, 0), 6) / 6`.
    /// [`torch.nn.Hardswish`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardswish.html)
    Hardswish;
    /// `min(max(x, min_val), max_val)`; the derivative at the bounds is 0.
    /// [`torch.nn.Hardtanh`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html)
    Hardtanh;
    /// `x` where `x > threshold`, else `value`.
    /// [`torch.nn.Threshold`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Threshold.html)
    Threshold;
    /// `xᵖ`.
    /// [`torch.pow`](https://docs.pytorch.org/docs/stable/generated/torch.pow.html)
    Pow;
    /// `min(max(x, min), max)`; the derivative at the bounds is 0.
    /// [`torch.clamp`](https://docs.pytorch.org/docs/stable/generated/torch.clamp.html)
    Clamp;
    /// `exp(x)`.
    Exp;
    /// `log(x)`, to the base e.
    Log;
    /// `√x`.
    Sqrt;
    /// `1 / √x`.
    Rsqrt;
    /// `x²`.
    Square;
    /// `1 / x`.
    Reciprocal;
    /// `exp(x) - 1`.
    Expm1;
    /// `log(1 + x)`, to the base e.
    Log1p;
    /// The error function.
    Erf;
    /// `sin(x)`.
    Sin;
    /// `cos(x)`.
    Cos;
    /// `|x|`.
    Abs;
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
