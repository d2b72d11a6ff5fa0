//! The loss of logarithms of probabilities that a network gives itself.

use super::elementwise::options;
use super::{impl_loss, reduce, scale};
use crate::{Element, Float, Tensor, batch_slice, batch_slice_mut};

options! {
    /// `-output`, the mean of it: for a network whose outputs are logarithms of the probabilities of what was right, as
    /// [`AdaptiveLogSoftmaxWithLoss`](crate::layers::AdaptiveLogSoftmaxWithLoss) gives them. It is the `loss` that PyTorch's
    /// [layer](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html) gives beside its `output`.
    ///
    /// Its targets are `()`, because the network has seen them.
    ///
    /// ```
    /// use nn_core::{Tensor0, loss::LogProbabilityLoss};
    ///
    /// let mut gradient = [Tensor0(0.0); 2];
    /// let loss: f32 = LogProbabilityLoss::new().forward(&[Tensor0(-0.5), Tensor0(-1.5)], &[(); 2], &mut gradient);
    /// assert_eq!((loss, gradient[1].0), (1.0, -0.5));
    /// ```
    LogProbabilityLoss {}
}

impl LogProbabilityLoss {
    /// The value, and its gradient with respect to the outputs.
    pub fn forward<T: Tensor<Element: Element>, const N: usize>(
        &self,
        output: &[T; N],
        target: &[(); N],
        gradient: &mut [T; N],
    ) -> T::Element {
        let gradient = batch_slice_mut(gradient);
        let count = T::Element::from_f64(gradient.len() as f64);
        gradient.fill(-scale(self.reduction, count));
        self.value(output, target)
    }

    /// The value alone.
    pub fn value<T: Tensor<Element: Element>, const N: usize>(&self, output: &[T; N], _target: &[(); N]) -> T::Element {
        let output = batch_slice(output);
        let sum = output.iter().fold(T::Element::ZERO, |sum, logarithm| sum - *logarithm);
        reduce(self.reduction, sum, T::Element::from_f64(output.len() as f64))
    }

    /// Each of the losses: PyTorch's `reduction = 'none'`.
    pub fn each<T: Tensor<Element: Element>, const N: usize>(
        &self,
        output: &[T; N],
        _target: &[(); N],
        losses: &mut [T; N],
    ) {
        for (loss, logarithm) in batch_slice_mut(losses).iter_mut().zip(batch_slice(output)) {
            *loss = -*logarithm;
        }
    }

    /// The gradient of `Σ losses · cotangent` with respect to the outputs.
    pub fn each_backward<T: Tensor<Element: Element>, const N: usize>(
        &self,
        _output: &[T; N],
        _target: &[(); N],
        cotangent: &[T; N],
        gradient: &mut [T; N],
    ) {
        for (gradient, cotangent) in batch_slice_mut(gradient).iter_mut().zip(batch_slice(cotangent)) {
            *gradient = -*cotangent;
        }
    }
}

impl_loss! { [T: Tensor<Element = E>, E: Element] LogProbabilityLoss, () }
