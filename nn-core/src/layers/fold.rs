//! Unfold and Fold.

use nn_shape::Fold as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// The windows over an image `[C, H, W]` as columns `[C · kh · kw, places]`.
    /// [`torch.nn.Unfold`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Unfold.html)
    Unfold;
    /// Columns `[C · kh · kw, places]` added up to an image `[C, H, W]`: where windows overlap, their values add.
    /// [`torch.nn.Fold`](https://docs.pytorch.org/docs/stable/generated/torch.nn.Fold.html)
    Fold;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
    if config.folds {
        output.fill(E::ZERO);
        E::fold(&config.geometry, pass.batch, input, output);
    } else {
        E::unfold(&config.geometry, pass.batch, input, output, false);
    }
}

fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    let gradient = pass.output_gradients[0];
    if config.folds {
        if let Some((input, accumulate)) = pass.input_gradients[0].target() {
            E::unfold(&config.geometry, pass.batch, gradient, input, accumulate);
        }
    } else if let Some(input) = pass.input_gradients[0].accumulator() {
        E::fold(&config.geometry, pass.batch, gradient, input);
    }
}
