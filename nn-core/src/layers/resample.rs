//! Upsample and its relatives.

use nn_shape::{Divisor, Resample};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Resample, forward, backward;
    /// A sequence `[C, L]`, an image `[C, H, W]` or a volume `[C, D, H, W]` of another size: each value is that of the nearest neighbour
    /// in the input, or lies on a line, a cubic or a plane through its neighbours.
    /// [`torch.nn.Upsample`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Upsample.html)
    Upsample;
    /// A larger image: each value is repeated.
    /// [`torch.nn.UpsamplingNearest2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingNearest2d.html)
    UpsamplingNearest2d;
    /// A larger image: lines between the values, the corners being those of the input.
    /// [`torch.nn.UpsamplingBilinear2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.UpsamplingBilinear2d.html)
    UpsamplingBilinear2d;
}

fn forward<E: Element>(config: &Resample, pass: Forward<'_, E>) {
    let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
    match &config.area {
        Some(windows) => E::average_pool_forward(windows, Divisor::Inside, pass.batch, input, output),
        None => E::resample_forward(&config.geometry, pass.batch, input, output, pass.scratch),
    }
}

fn backward<E: Element>(config: &Resample, pass: Backward<'_, E>) {
    let output = pass.output_gradients[0];
    let Some(input) = pass.input_gradients[0].accumulator() else { return };
    match &config.area {
        Some(windows) => E::average_pool_backward(windows, Divisor::Inside, pass.batch, output, input),
        None => E::resample_backward(&config.geometry, pass.batch, output, input, pass.scratch),
    }
}
