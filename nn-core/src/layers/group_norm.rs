//! GroupNorm, LayerNorm, RMSNorm.

use nn_shape::{GroupNorm as GroupConfig, Groups, LayerNorm as LayerConfig};

use crate::{Backward, Element, Field, Float, Forward, Layer, Presence, Present, Tensor, Tensor1, parameters};

/// `y = (x - mean) / √(variance + eps) · weight + bias`, mean and variance being those of a group of neighbouring channels of one sample;
/// [`torch.nn.GroupNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html).
///
/// The input is `[C, ...]`. `A` and `B` tell whether there are a weight and a bias.
#[repr(C)]
pub struct GroupNorm<const C: usize, E: Element = f32, A: Presence = Present, B: Presence = Present> {
    /// What each channel is multiplied by; begins as 1.
    pub weight: A::Of<Tensor1<C, E>>,
    /// What is added to each channel; begins as 0.
    pub bias: B::Of<Tensor1<C, E>>,
}

parameters! {
    impl [const C: usize, E: Element, A: Presence, B: Presence] GroupNorm<C, E, A, B> {
        element: E,
        parameters: [weight, bias],
        reset: |layer, _random| {
            layer.weight.values_mut().fill(E::ONE);
            layer.bias.values_mut().fill(E::ZERO);
        },
    }
}

impl<const C: usize, E: Element, A: Presence, B: Presence> Layer for GroupNorm<C, E, A, B> {
    type Config = GroupConfig;

    fn forward(&self, config: &GroupConfig, pass: Forward<'_, E>) {
        forward(&config.groups, config.eps, (self.weight.optional(), self.bias.optional()), pass, false);
    }

    fn forward_train(&mut self, config: &GroupConfig, pass: Forward<'_, E>) {
        forward(&config.groups, config.eps, (self.weight.optional(), self.bias.optional()), pass, true);
    }

    fn backward(&self, config: &GroupConfig, pass: Backward<'_, E>, gradients: Option<&mut Self>) {
        let gradients = gradients.map(|own| (own.weight.optional_mut(), own.bias.optional_mut()));
        backward(&config.groups, self.weight.optional(), pass, gradients.unwrap_or_default());
    }
}

/// `y = (x - mean) / √(variance + eps) · weight + bias`, mean and variance being those of the last axes;
/// [`torch.nn.LayerNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html).
///
/// `T` is a tensor of the normalised shape, such as `Tensor1<64>`. `A` and `B` tell whether there are a weight and a bias.
#[repr(C)]
pub struct LayerNorm<T: Tensor<Element: Element>, A: Presence = Present, B: Presence = Present> {
    /// What each value is multiplied by; begins as 1.
    pub weight: A::Of<T>,
    /// What is added to each value; begins as 0.
    pub bias: B::Of<T>,
}

parameters! {
    impl [T: Tensor<Element: Element>, A: Presence, B: Presence] LayerNorm<T, A, B> {
        element: T::Element,
        parameters: [weight, bias],
        reset: |layer, _random| {
            layer.weight.values_mut().fill(Float::ONE);
            layer.bias.values_mut().fill(Float::ZERO);
        },
    }
}

impl<T: Tensor<Element: Element>, A: Presence, B: Presence> Layer for LayerNorm<T, A, B> {
    type Config = LayerConfig;

    fn forward(&self, config: &LayerConfig, pass: Forward<'_, T::Element>) {
        let factors = (self.weight.optional(), self.bias.optional());
        forward(&config.groups, eps::<T::Element>(config), factors, pass, false);
    }

    fn forward_train(&mut self, config: &LayerConfig, pass: Forward<'_, T::Element>) {
        let factors = (self.weight.optional(), self.bias.optional());
        forward(&config.groups, eps::<T::Element>(config), factors, pass, true);
    }

    fn backward(&self, config: &LayerConfig, pass: Backward<'_, T::Element>, gradients: Option<&mut Self>) {
        let gradients = gradients.map(|own| (own.weight.optional_mut(), own.bias.optional_mut()));
        backward(&config.groups, self.weight.optional(), pass, gradients.unwrap_or_default());
    }
}

/// `y = x / √(mean(x²) + eps) · weight`, the mean being that of the last axes;
/// [`torch.nn.RMSNorm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html).
///
/// `T` is a tensor of the normalised shape, such as `Tensor1<64>`. `A` tells whether there is a weight.
#[repr(C)]
pub struct RMSNorm<T: Tensor<Element: Element>, A: Presence = Present> {
    /// What each value is multiplied by; begins as 1.
    pub weight: A::Of<T>,
}

parameters! {
    impl [T: Tensor<Element: Element>, A: Presence] RMSNorm<T, A> {
        element: T::Element,
        parameters: [weight],
        reset: |layer, _random| layer.weight.values_mut().fill(Float::ONE),
    }
}

impl<T: Tensor<Element: Element>, A: Presence> Layer for RMSNorm<T, A> {
    type Config = LayerConfig;

    fn forward(&self, config: &LayerConfig, pass: Forward<'_, T::Element>) {
        forward(&config.groups, eps::<T::Element>(config), (self.weight.optional(), None), pass, false);
    }

    fn forward_train(&mut self, config: &LayerConfig, pass: Forward<'_, T::Element>) {
        forward(&config.groups, eps::<T::Element>(config), (self.weight.optional(), None), pass, true);
    }

    fn backward(&self, config: &LayerConfig, pass: Backward<'_, T::Element>, gradients: Option<&mut Self>) {
        let gradient = gradients.and_then(|own| own.weight.optional_mut());
        backward(&config.groups, self.weight.optional(), pass, (gradient, None));
    }
}

/// Without an `eps`, the element type's.
fn eps<E: Float>(config: &LayerConfig) -> f64 {
    config.eps.unwrap_or(E::EPSILON.to_f64())
}

type Factors<'a, E> = (Option<&'a [E]>, Option<&'a [E]>);
type FactorGradients<'a, E> = (Option<&'a mut [E]>, Option<&'a mut [E]>);

fn forward<E: Element>(groups: &Groups, eps: f64, factors: Factors<'_, E>, pass: Forward<'_, E>, trains: bool) {
    let statistics = trains.then_some(pass.saved.sample);
    E::group_norm_forward(groups, pass.batch, eps, pass.inputs[0], factors, pass.outputs[0], statistics, None);
}

pub(super) fn backward<E: Element>(
    groups: &Groups,
    weight: Option<&[E]>,
    pass: Backward<'_, E>,
    gradients: FactorGradients<'_, E>,
) {
    let (input, output) = (pass.inputs[0], pass.output_gradients[0]);
    let target = pass.input_gradients[0].target();
    E::group_norm_backward(groups, pass.batch, input, pass.saved.sample, weight, output, gradients, target);
}
