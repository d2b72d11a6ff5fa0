//! MaxUnpool over one, two and three axes.

use nn_shape::MaxUnpool;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { MaxUnpool, forward, backward;
    /// The maxima of a pool over sequences `[channels, length]` back in their places, zeros elsewhere; see [`MaxUnpool2d`].
    /// [`torch.nn.MaxUnpool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool1d.html)
    MaxUnpool1d;
    /// The maxima of a pool over images `[channels, height, width]` back in their places, zeros elsewhere: `output[c, index / width, index % width]
    /// = value`, with values and indices from a pool with `return_indices = true`.
    /// [`torch.nn.MaxUnpool2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html)
    ///
    /// Where several values have one index, as of windows that overlap, the last one in the order of memory stays, and each of them has the
    /// gradient of the place; PyTorch leaves open which one stays. An index outside of the output panics, where PyTorch raises an error: that can
    /// only be one that the user gave.
    MaxUnpool2d;
    /// The maxima of a pool over volumes `[channels, depth, height, width]` back in their places, zeros elsewhere; see [`MaxUnpool2d`].
    /// [`torch.nn.MaxUnpool3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxUnpool3d.html)
    MaxUnpool3d;
}

fn forward<E: Element>(config: &MaxUnpool, pass: Forward<'_, E>) {
    E::max_unpool_forward(&config.geometry, pass.batch, pass.inputs[0], pass.indices[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &MaxUnpool, pass: Backward<'_, E>) {
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        let output = pass.output_gradients[0];
        E::max_unpool_backward(&config.geometry, pass.batch, output, pass.indices[0], input, accumulate);
    }
}
