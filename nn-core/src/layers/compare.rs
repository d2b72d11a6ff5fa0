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
    let right = config.constant.map_or_else(|| Ok(pass.inputs[1]), Err);
    let output = &mut *pass.index_outputs[0];
    E::compare(config.comparison, &config.broadcast, pass.batch, pass.inputs[0], right, output);
}

/// Truth values do not change with the numbers that they come of.
fn backward<E: Element>(_config: &Config, pass: Backward<'_, E>) {
    for gradient in pass.input_gradients {
        gradient.accumulator();
    }
}
