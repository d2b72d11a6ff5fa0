//! BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d.

use nn_shape::BatchNorm;

use crate::{Backward, Element, Field, Forward, Layer, Presence, Present, Tensor0, Tensor1, parameters};

/// Normalises the channels of a batch or of each sample, as the functions of a module say.
macro_rules! channel_norm {
    ($($(#[$doc:meta])* $name:ident by $module:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// `y = (x - mean) / √(variance + eps) · weight + bias` for each of `C` channels. `A`, `B` and `S` tell whether there are a weight, a
        /// bias and running statistics for evaluation.
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
            /// The batches so far; an InstanceNorm does not count them.
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
                    _ => $module::evaluate(config, factors, pass),
                }
            }

            fn forward_train(&mut self, config: &BatchNorm, pass: Forward<'_, E>) {
                let running = match self.num_batches_tracked.values_mut() {
                    [count] => Some((self.running_mean.values_mut(), self.running_var.values_mut(), count)),
                    _ => None,
                };
                $module::train(config, (self.weight.optional(), self.bias.optional()), running, pass);
            }

            fn backward(&self, config: &BatchNorm, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
                let gradients = match gradients {
                    Some(gradients) => (gradients.weight.optional_mut(), gradients.bias.optional_mut()),
                    None => (None, None),
                };
                $module::backward(config, (self.weight.optional(), self.bias.optional()), pass, gradients);
            }
        }
    )*};
}

channel_norm! {
    /// Normalises features `[C]` or sequences `[C, length]` over the batch;
    /// [`torch.nn.BatchNorm1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html).
    BatchNorm1d by batch;
    /// Normalises images `[C, height, width]` over the batch;
    /// [`torch.nn.BatchNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html).
    BatchNorm2d by batch;
    /// Normalises volumes `[C, depth, height, width]` over the batch;
    /// [`torch.nn.BatchNorm3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html).
    BatchNorm3d by batch;
    /// Normalises each sequence `[C, length]` by itself;
    /// [`torch.nn.InstanceNorm1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html).
    InstanceNorm1d by instance;
    /// Normalises each image `[C, height, width]` by itself;
    /// [`torch.nn.InstanceNorm2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html).
    InstanceNorm2d by instance;
    /// Normalises each volume `[C, depth, height, width]` by itself;
    /// [`torch.nn.InstanceNorm3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm3d.html).
    InstanceNorm3d by instance;
}

/// Weight and bias.
type Factors<'a, E> = (Option<&'a [E]>, Option<&'a [E]>);
/// Their gradients.
type FactorGradients<'a, E> = (Option<&'a mut [E]>, Option<&'a mut [E]>);
/// Mean, variance, and the batches so far.
type Running<'a, E> = Option<(&'a mut [E], &'a mut [E], &'a mut i64)>;

/// With running statistics.
fn evaluate<E: Element>(config: &BatchNorm, running: (&[E], &[E]), factors: Factors<'_, E>, pass: Forward<'_, E>) {
    let output = &mut *pass.outputs[0];
    E::batch_norm_evaluate(
        config.planes,
        pass.batch,
        config.eps,
        config.rectifies,
        pass.inputs[0],
        running,
        factors,
        output,
    );
}

/// With the batch's statistics.
mod batch {
    use super::*;

    pub(super) fn evaluate<E: Element>(config: &BatchNorm, factors: Factors<'_, E>, pass: Forward<'_, E>) {
        normalize(config, pass.batch, pass.inputs[0], pass.scratch, factors, None, pass.outputs[0]);
    }

    pub(super) fn train<E: Element>(
        config: &BatchNorm,
        factors: Factors<'_, E>,
        running: Running<'_, E>,
        pass: Forward<'_, E>,
    ) {
        let running = running.map(|(mean, variance, count)| {
            *count += 1;
            // Without momentum all batches so far weigh the same.
            (mean, variance, config.momentum.unwrap_or(1.0 / *count as f64))
        });
        normalize(config, pass.batch, pass.inputs[0], pass.saved.batch, factors, running, pass.outputs[0]);
    }

    /// `statistics` take the means, then 1/√(variance + eps).
    fn normalize<E: Element>(
        config: &BatchNorm,
        batch: usize,
        input: &[E],
        statistics: &mut [E],
        factors: Factors<'_, E>,
        running: Option<(&mut [E], &mut [E], f64)>,
        output: &mut [E],
    ) {
        let statistics = statistics.split_at_mut(config.planes.channels);
        let BatchNorm { planes, eps, rectifies, .. } = *config;
        E::batch_norm_forward(planes, batch, eps, rectifies, input, statistics, running, factors, output);
    }

    pub(super) fn backward<E: Element>(
        config: &BatchNorm,
        factors: Factors<'_, E>,
        pass: Backward<'_, E>,
        gradients: FactorGradients<'_, E>,
    ) {
        let statistics = pass.saved.batch.split_at(config.planes.channels);
        let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
        let target = pass.input_gradients[0].target();
        let BatchNorm { planes, rectifies, .. } = *config;
        E::batch_norm_backward(planes, pass.batch, rectifies, input, statistics, factors, output, gradients, target);
    }
}

/// With each sample's own statistics.
mod instance {
    use super::*;
    use crate::layers::group_norm;

    pub(super) fn evaluate<E: Element>(config: &BatchNorm, factors: Factors<'_, E>, pass: Forward<'_, E>) {
        let (input, output) = (pass.inputs[0], &mut *pass.outputs[0]);
        E::group_norm_forward(&config.groups(), pass.batch, config.eps, input, factors, output, None, None);
    }

    pub(super) fn train<E: Element>(
        config: &BatchNorm,
        factors: Factors<'_, E>,
        running: Running<'_, E>,
        pass: Forward<'_, E>,
    ) {
        // PyTorch takes no momentum for 0.
        let running = running.zip(config.momentum).map(|((mean, variance, _), momentum)| (mean, variance, momentum));
        let (input, output, statistics) = (pass.inputs[0], &mut *pass.outputs[0], Some(pass.saved.sample));
        E::group_norm_forward(&config.groups(), pass.batch, config.eps, input, factors, output, statistics, running);
    }

    pub(super) fn backward<E: Element>(
        config: &BatchNorm,
        factors: Factors<'_, E>,
        pass: Backward<'_, E>,
        gradients: FactorGradients<'_, E>,
    ) {
        group_norm::backward(&config.groups(), factors.0, pass, gradients);
    }
}
