//! AdaptiveLogSoftmaxWithLoss.

use nn_shape::{AdaptiveLogSoftmax as Config, MAX_ENTRIES};

use super::Linear;
use crate::clusters::Tail;
use crate::kernels::{AdaptiveGradients, AdaptiveWeights};
use crate::{Backward, Element, Field, Forward, Layer, Presence, Present, parameters};

/// The logarithm of a class's probability, where there are very many classes: `crit(x, target)` for a row `x` of `IN` features and its class
/// `target: u32`, or `crit(x)` for all classes, which is PyTorch's `log_prob`;
/// [`torch.nn.AdaptiveLogSoftmaxWithLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html)
/// ([Grave et al. 2017](https://arxiv.org/abs/1609.04309)).
///
/// The `HEAD` knows the classes below the first cutoff, which are the frequent ones, and the clusters; `T` is a tuple with two linear layers
/// for each cluster, first down to few features, then up to its classes:
///
/// ```text
/// log p(class) = log_softmax(head x)[class]                                      a frequent class
/// log p(class) = log_softmax(head x)[cluster] + log_softmax(tail x)[class]       a class of a cluster
/// ```
///
/// Of the clusters only those are computed that the targets lie in. PyTorch gives the mean of the negative logarithms too; here that is
/// [`LogProbabilityLoss`](crate::loss::LogProbabilityLoss), because a network's results are those of each sample. The most likely class,
/// PyTorch's `predict`, is the largest of `crit(x)`: `argmax(crit(x), dim = 1)`. A class that is not below `n_classes` panics.
#[repr(C)]
pub struct AdaptiveLogSoftmaxWithLoss<const IN: usize, const HEAD: usize, T, E: Element = f32, B: Presence = Present> {
    /// One number for each frequent class and each cluster.
    pub head: Linear<IN, HEAD, E, B>,
    /// The clusters: `tail.0.0.weight` as in PyTorch.
    pub tail: T,
}

parameters! {
    impl [const IN: usize, const HEAD: usize, T: Tail<Element = E>, E: Element, B: Presence] AdaptiveLogSoftmaxWithLoss<IN, HEAD, T, E, B> {
        element: E,
        parameters: [],
        layers: [head: Linear<IN, HEAD, E, B>, tail: T],
        reset: |layer, random| {
            layer.head.reset(random);
            layer.tail.reset(random);
        },
    }
}

impl<const IN: usize, const HEAD: usize, T: Tail<Element = E>, E: Element, B: Presence>
    AdaptiveLogSoftmaxWithLoss<IN, HEAD, T, E, B>
{
    fn weights(&self) -> AdaptiveWeights<'_, E> {
        let mut tail: [[&[E]; 2]; MAX_ENTRIES] = [[&[]; 2]; MAX_ENTRIES];
        self.tail.weights(&mut |cluster, weights| tail[cluster] = weights);
        AdaptiveWeights { head: self.head.weight.values(), bias: self.head.bias.optional(), tail }
    }

    fn gradients(&mut self) -> AdaptiveGradients<'_, E> {
        let mut tail: [[&mut [E]; 2]; MAX_ENTRIES] = core::array::from_fn(|_| [&mut [] as &mut [E], &mut []]);
        self.tail.weights_mut(&mut |cluster, weights| tail[cluster] = weights);
        AdaptiveGradients { head: self.head.weight.values_mut(), bias: self.head.bias.optional_mut(), tail }
    }
}

impl<const IN: usize, const HEAD: usize, T: Tail<Element = E>, E: Element, B: Presence> Layer
    for AdaptiveLogSoftmaxWithLoss<IN, HEAD, T, E, B>
{
    type Config = Config;

    fn forward(&self, config: &Config, pass: Forward<'_, E>) {
        let (rows, targets) = (config.rows * pass.batch, targets(config, pass.indices));
        E::adaptive_forward(config, rows, pass.inputs[0], targets, &self.weights(), pass.outputs[0], pass.scratch);
    }

    fn backward(&self, config: &Config, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        E::adaptive_backward(
            config,
            config.rows * pass.batch,
            pass.inputs[0],
            targets(config, pass.indices),
            &self.weights(),
            pass.output_gradients[0],
            gradients.map(Self::gradients),
            pass.input_gradients[0].accumulator(),
            pass.scratch,
        );
    }
}

fn targets<'a>(config: &Config, indices: &[&'a [u32]]) -> Option<&'a [u32]> {
    config.has_target.then(|| indices[0])
}
