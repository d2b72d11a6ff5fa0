//! CosineSimilarity, PairwiseDistance, pdist.

use nn_shape::{AllPairs, Distance};

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

unit_layers! { AllPairs, pairs_forward, pairs_backward;
    /// The p-norm of the difference of each pair of rows.
    /// [`torch.nn.functional.pdist`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html)
    Pdist;
}

fn pairs_forward<E: Element>(config: &AllPairs, pass: Forward<'_, E>) {
    E::all_pairs_forward(config, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn pairs_backward<E: Element>(config: &AllPairs, pass: Backward<'_, E>) {
    let (input, distances, output) = (pass.inputs[0], pass.outputs[0], pass.output_gradients[0]);
    if let Some(gradient) = pass.input_gradients[0].accumulator() {
        E::all_pairs_backward(config, pass.batch, input, distances, output, gradient);
    }
}
