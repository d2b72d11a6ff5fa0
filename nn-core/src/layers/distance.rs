//! CosineSimilarity, PairwiseDistance.

use nn_shape::Distance;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Distance, forward, backward;
    /// `Σ a b / (max(‖a‖, eps) · max(‖b‖, eps))` along an axis.
    /// [`torch.nn.CosineSimilarity`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html)
    CosineSimilarity;
    /// `‖a - b + eps‖` along the last axis, by the p-norm.
    /// [`torch.nn.PairwiseDistance`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html)
    PairwiseDistance;
}

fn forward<E: Element>(config: &Distance, pass: Forward<'_, E>) {
    let [left, right] = pass.inputs else { return };
    E::distance_forward(config.measure, &config.pairs, pass.batch, left, right, pass.outputs[0]);
}

fn backward<E: Element>(config: &Distance, pass: Backward<'_, E>) {
    let ([left, right], [to_left, to_right]) = (pass.inputs, pass.input_gradients) else { return };
    let (to_left, to_right) = (to_left.accumulator(), to_right.accumulator());
    let output = pass.output_gradients[0];
    E::distance_backward(config.measure, &config.pairs, pass.batch, left, right, output, to_left, to_right);
}
