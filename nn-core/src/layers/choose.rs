//! argmax, argmin, max, min, topk.

use nn_shape::Choose;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Choose, forward, backward;
    /// Where the largest value of an axis stands, the first of several; NaN is above everything.
    /// [`torch.argmax`](https://docs.pytorch.org/docs/stable/generated/torch.argmax.html)
    Argmax;
    /// Where the smallest value of an axis stands, the first of several; NaN is below everything.
    /// [`torch.argmin`](https://docs.pytorch.org/docs/stable/generated/torch.argmin.html)
    Argmin;
    /// The largest value of an axis, and where it stands; the first of several has the gradient.
    /// [`torch.max`](https://docs.pytorch.org/docs/stable/generated/torch.max.html)
    Max;
    /// The smallest value of an axis, and where it stands; the first of several has the gradient.
    /// [`torch.min`](https://docs.pytorch.org/docs/stable/generated/torch.min.html)
    Min;
    /// The `k` largest values of an axis, or the smallest, in order, and where they stand; NaN is above everything. Each is searched for, in
    /// `k` times the size of the axis.
    /// [`torch.topk`](https://docs.pytorch.org/docs/stable/generated/torch.topk.html)
    Topk;
}

fn forward<E: Element>(config: &Choose, pass: Forward<'_, E>) {
    let output = pass.outputs.first_mut().map(|output| &mut **output);
    E::choose_forward(config, pass.batch, pass.inputs[0], output, pass.index_outputs[0]);
}

fn backward<E: Element>(config: &Choose, pass: Backward<'_, E>) {
    // Places have no gradient.
    let Some(output) = pass.output_gradients.first() else { return };
    if let Some(input) = pass.input_gradients[0].accumulator() {
        E::choose_backward(config, pass.batch, output, pass.index_outputs[0], input);
    }
}
