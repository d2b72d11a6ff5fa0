//! BatchNorm1d, BatchNorm2d, BatchNorm3d.

use nn_shape::BatchNorm;

use crate::{Backward, Element, Field, Forward, Layer, Presence, Present, Tensor0, Tensor1, parameters};

macro_rules! batch_norm {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// `y = (x - mean) / √(variance + eps) · weight + bias` for each of `C` channels. Training takes mean and variance from the batch
        /// and keeps running ones for evaluation. `A`, `B` and `S` tell whether there are a weight, a bias and running statistics.
        #[repr(C)]
        pub struct $name<
            const C: usize,
            E: Element = f32,
            A: Presence = Present,
            B: Presence = Present,
            S: Presence = Present,
        > {
            /// What each channel is multiplied by; begins as 1.
            pub weight: A::Of<Tensor1<C, E>>,
            /// What is added to each channel; begins as 0.
            pub bias: B::Of<Tensor1<C, E>>,
            /// The mean of each channel over the batches so far; begins as 0.
            pub running_mean: S::Of<Tensor1<C, E>>,
            /// The unbiased variance of each channel over the batches so far; begins as 1.
            pub running_var: S::Of<Tensor1<C, E>>,
            /// The batches so far.
            pub num_batches_tracked: S::Of<Tensor0<i64>>,
        }

        parameters! {
            impl [const C: usize, E: Element, A: Presence, B: Presence, S: Presence] $name<C, E, A, B, S> {
                element: E,
                parameters: [weight, bias],
                buffers: [running_mean, running_var],
                counters: [num_batches_tracked],
                reset: |layer, _random| {
                    layer.weight.values_mut().fill(E::ONE);
                    layer.bias.values_mut().fill(E::ZERO);
                    layer.running_mean.values_mut().fill(E::ZERO);
                    layer.running_var.values_mut().fill(E::ONE);
                    layer.num_batches_tracked.values_mut().fill(0);
                },
            }
        }

        impl<const C: usize, E: Element, A: Presence, B: Presence, S: Presence> Layer for $name<C, E, A, B, S> {
            type Config = BatchNorm;

            fn forward(&self, config: &BatchNorm, pass: Forward<'_, E>) {
                let factors = (self.weight.optional(), self.bias.optional());
                match (self.running_mean.optional(), self.running_var.optional()) {
                    (Some(mean), Some(variance)) => evaluate(config, (mean, variance), factors, pass),
                    _ => {
                        let Forward { batch, inputs, outputs, scratch, .. } = pass;
                        normalize(config, batch, inputs[0], scratch, factors, None, outputs[0]);
                    }
                }
            }

            fn forward_train(&mut self, config: &BatchNorm, pass: Forward<'_, E>) {
                let running = match self.num_batches_tracked.values_mut() {
                    [count] => {
                        *count += 1;
                        // Without momentum all batches so far weigh the same.
                        let weight = config.momentum.unwrap_or(1.0 / *count as f64);
                        Some((self.running_mean.values_mut(), self.running_var.values_mut(), weight))
                    }
                    _ => None,
                };
                let factors = (self.weight.optional(), self.bias.optional());
                normalize(config, pass.batch, pass.inputs[0], pass.saved.batch, factors, running, pass.outputs[0]);
            }

            fn backward(&self, config: &BatchNorm, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
                let gradients = match gradients {
                    Some(gradients) => (gradients.weight.optional_mut(), gradients.bias.optional_mut()),
                    None => (None, None),
                };
                backward(config, self.weight.optional(), pass, gradients);
            }
        }
    };
}

batch_norm! {
    /// Normalises features `[C]` or sequences `[C, length]` over the batch;
    /// [`torch.nn.BatchNorm1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html).
    BatchNorm1d
}
batch_norm! {
    /// Normalises images `[C, height, width]` over the batch;
    /// [`torch.nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html).
    BatchNorm2d
}
batch_norm! {
    /// Normalises volumes `[C, depth, height, width]` over the batch;
    /// [`torch.nn.BatchNorm3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html).
    BatchNorm3d
}

type Factors<'a, E> = (Option<&'a [E]>, Option<&'a [E]>);
type FactorGradients<'a, E> = (Option<&'a mut [E]>, Option<&'a mut [E]>);

/// With running statistics.
fn evaluate<E: Element>(config: &BatchNorm, running: (&[E], &[E]), factors: Factors<'_, E>, pass: Forward<'_, E>) {
    let output = &mut *pass.outputs[0];
    E::batch_norm_evaluate(config.planes, pass.batch, config.eps, pass.inputs[0], running, factors, output);
}

/// With the batch's own statistics, which are left in `statistics`: the means, then 1/√(variance + eps).
fn normalize<E: Element>(
    config: &BatchNorm,
    batch: usize,
    input: &[E],
    statistics: &mut [E],
    factors: Factors<'_, E>,
    running: Option<(&mut [E], &mut [E], f64)>,
    output: &mut [E],
) {
    let (mean, inverse) = statistics.split_at_mut(config.planes.channels);
    E::batch_norm_statistics(config.planes, batch, config.eps, input, mean, inverse, running);
    E::batch_norm_forward(config.planes, batch, input, (mean, inverse), factors, output);
}

fn backward<E: Element>(
    config: &BatchNorm,
    weight: Option<&[E]>,
    pass: Backward<'_, E>,
    gradients: FactorGradients<'_, E>,
) {
    let statistics = pass.saved.batch.split_at(config.planes.channels);
    let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
    let target = pass.input_gradients[0].target();
    E::batch_norm_backward(config.planes, pass.batch, input, statistics, weight, output, gradients, target);
}
