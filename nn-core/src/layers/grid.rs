//! affine_grid, grid_sample.

use nn_shape::{AffineGrid as Grid, GridSample as Sample};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Grid, affine_forward, affine_backward;
    /// Where the pixels of an image lie under an affine map `[2, 3]`, or those of a volume under `[3, 4]`.
    /// [`torch.nn.functional.affine_grid`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html)
    AffineGrid;
}

unit_layers! { Sample, sample_forward, sample_backward;
    /// The values of an image or volume at the places that a grid holds.
    /// [`torch.nn.functional.grid_sample`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html)
    GridSample;
}

fn affine_forward<E: Element>(config: &Grid, pass: Forward<'_, E>) {
    E::affine_grid_forward(config, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn affine_backward<E: Element>(config: &Grid, pass: Backward<'_, E>) {
    if let Some(gradient) = pass.input_gradients[0].accumulator() {
        E::affine_grid_backward(config, pass.batch, pass.output_gradients[0], gradient);
    }
}

fn sample_forward<E: Element>(config: &Sample, pass: Forward<'_, E>) {
    let [input, grid] = pass.inputs else { return };
    E::grid_sample_forward(config, pass.batch, input, grid, pass.outputs[0]);
}

fn sample_backward<E: Element>(config: &Sample, pass: Backward<'_, E>) {
    let ([input, grid], [to_input, to_grid]) = (pass.inputs, pass.input_gradients) else { return };
    let (to_input, to_grid) = (to_input.accumulator(), to_grid.accumulator());
    E::grid_sample_backward(config, pass.batch, input, grid, pass.output_gradients[0], to_input, to_grid);
}
