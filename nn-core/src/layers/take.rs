//! narrow, select, flip, roll, repeat, expand.

use nn_shape::Take;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Take, forward, backward;
    /// A part of an axis.
    /// [`torch.narrow`](https://docs.pytorch.org/docs/stable/generated/torch.narrow.html)
    Narrow;
    /// One place of an axis, which is left out.
    /// [`torch.select`](https://docs.pytorch.org/docs/stable/generated/torch.select.html)
    Select;
    /// Axes in reverse.
    /// [`torch.flip`](https://docs.pytorch.org/docs/stable/generated/torch.flip.html)
    Flip;
    /// Axes moved on, what leaves coming back at the other end.
    /// [`torch.roll`](https://docs.pytorch.org/docs/stable/generated/torch.roll.html)
    Roll;
    /// The value several times along its axes.
    /// [`torch.Tensor.repeat`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.repeat.html)
    Repeat;
    /// Axes of size 1 made longer.
    /// [`torch.Tensor.expand`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.expand.html)
    Expand;
}

fn forward<E: Element>(config: &Take, pass: Forward<'_, E>) {
    E::take_forward(config, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Take, pass: Backward<'_, E>) {
    if let Some(input) = pass.input_gradients[0].accumulator() {
        E::take_backward(config, pass.batch, pass.output_gradients[0], input);
    }
}
