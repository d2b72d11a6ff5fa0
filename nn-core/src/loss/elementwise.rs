//! MSELoss, L1Loss: a loss for each pair of numbers.

use super::{Reduction, impl_loss, reduce, scale};
use crate::kernels::Elementwise;
use crate::{Element, Tensor, batch_slice, batch_slice_mut};

/// How many numbers a batch has.
pub(super) fn count<T: Tensor<Element = E>, E: Element>(batch: &[T]) -> E {
    E::from_usize(batch.len() * T::LEN)
}

macro_rules! elementwise {
    ($($(#[$doc:meta])* $name:ident = $kind:expr;)*) => {$(
        $(#[$doc])*
        ///
        /// Outputs and targets have the same shape; the mean is over all of their elements.
        #[derive(Clone, Copy, PartialEq, Debug, Default)]
        pub struct $name {
            reduction: Reduction,
        }

        impl $name {
            /// The mean.
            pub const fn new() -> Self {
                $name { reduction: Reduction::Mean }
            }

            /// The mean, or the sum.
            pub const fn reduction(self, reduction: Reduction) -> Self {
                $name { reduction }
            }

            /// The value, and its gradient with respect to the outputs.
            pub fn forward<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                gradient: &mut [T; N],
            ) -> E {
                let scale = scale(self.reduction, count(output));
                let to = batch_slice_mut(gradient);
                E::loss_gradient(&$kind, T::LEN, batch_slice(output), batch_slice(target), scale, None, to);
                self.value(output, target)
            }

            /// The value alone.
            pub fn value<T: Tensor<Element = E>, E: Element, const N: usize>(&self, output: &[T; N], target: &[T; N]) -> E {
                let sum = E::loss_sum(&$kind, T::LEN, batch_slice(output), batch_slice(target));
                reduce(self.reduction, sum, count(output))
            }

            /// The loss of each element: PyTorch's `reduction = 'none'`.
            pub fn each<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                losses: &mut [T; N],
            ) {
                E::loss_each(&$kind, T::LEN, batch_slice(output), batch_slice(target), batch_slice_mut(losses));
            }

            /// The gradient of `Σ losses · cotangent` with respect to the outputs.
            pub fn each_backward<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                cotangent: &[T; N],
                gradient: &mut [T; N],
            ) {
                let (cotangent, to) = (Some(batch_slice(cotangent)), batch_slice_mut(gradient));
                E::loss_gradient(&$kind, T::LEN, batch_slice(output), batch_slice(target), E::ONE, cotangent, to);
            }
        }

        impl_loss! { [T: Tensor<Element = E>, E: Element] $name, T }
    )*};
}

elementwise! {
    /// The mean of `(output - target)²`.
    /// [`torch.nn.MSELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html)
    MSELoss = Elementwise::Squared;
    /// The mean of `|output - target|`; the derivative is 0 where both are equal.
    /// [`torch.nn.L1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html)
    L1Loss = Elementwise::Absolute;
}
