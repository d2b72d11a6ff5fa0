//! `> >= < <= == !=`.

use nn_shape::Compare as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// 1 where the comparison of two values, or of a value and a constant, holds, else 0.
    /// [`torch.gt`](https://docs.pytorch.org/docs/stable/generated/torch.gt.html) and its relatives
    Compare;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    let Config { comparison, broadcast, constant, .. } = config;
    let output = &mut *pass.index_outputs[0];
    if config.of_indices() {
        let right = constant.map_or_else(|| Ok(pass.indices[1]), Err);
        E::compare_indices(*comparison, broadcast, pass.batch, pass.indices[0], right, output);
    } else {
        let right = constant.map_or_else(|| Ok(pass.inputs[1]), Err);
        E::compare(*comparison, broadcast, pass.batch, pass.inputs[0], right, output);
    }
}

/// Truth values do not change with the numbers that they come of.
fn backward<E: Element>(_config: &Config, pass: Backward<'_, E>) {
    for gradient in pass.input_gradients {
        gradient.accumulator();
    }
}
