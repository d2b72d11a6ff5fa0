//! one_hot.

use nn_shape::OneHot as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// For each index a row of zeros with a 1 at its place. An index that is not below `num_classes` panics.
    /// [`torch.nn.functional.one_hot`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html)
    OneHot;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    E::one_hot_forward(config.classes, pass.indices[0], pass.outputs[0]);
}

/// Indices have no gradient.
fn backward<E: Element>(_config: &Config, _pass: Backward<'_, E>) {}
