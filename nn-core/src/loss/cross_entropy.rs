//! CrossEntropyLoss, NLLLoss.

use super::{ClassLabel, ClassTarget, Classes, Reduction, impl_loss, reduce, scale};
use crate::kernels::ClassLoss;
use crate::{Element, batch_slice, batch_slice_mut};

macro_rules! class_loss {
    ($($(#[$doc:meta])* $name:ident { log_softmax: $log_softmax:literal, $($smoothing:ident: $smoothing_type:ty)? };)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub struct $name<const C: usize, E = f32> {
            weight: Option<[E; C]>,
            ignore_index: i64,
            reduction: Reduction,
            $($smoothing: $smoothing_type,)?
        }

        impl<const C: usize, E: Element> Default for $name<C, E> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<const C: usize, E: Element> $name<C, E> {
            /// The mean, without weights.
            pub const fn new() -> Self {
                $name { weight: None, ignore_index: -100, reduction: Reduction::Mean, $($smoothing: 0.0)? }
            }

            /// What the loss of each class is multiplied by. For class indices, the mean is then the weighted one.
            pub const fn weight(mut self, weight: [E; C]) -> Self {
                self.weight = Some(weight);
                self
            }

            /// The class index that counts for nothing: -100 if nothing is said, which only signed indices can be.
            pub const fn ignore_index(mut self, ignore_index: i64) -> Self {
                self.ignore_index = ignore_index;
                self
            }

            /// The mean, or the sum.
            pub const fn reduction(mut self, reduction: Reduction) -> Self {
                self.reduction = reduction;
                self
            }

            $(
            /// How much of the target is spread over all classes.
            ///
            /// # Panics
            /// If it is not between 0 and 1; at compile time in a `const`.
            pub const fn $smoothing(mut self, $smoothing: $smoothing_type) -> Self {
                assert!($smoothing >= 0.0 && $smoothing <= 1.0, "label_smoothing lies between 0 and 1");
                self.$smoothing = $smoothing;
                self
            }
            )?

            fn kind<T: Classes<C, Element = E>>(&self) -> ClassLoss<'_, E> {
                ClassLoss {
                    classes: C,
                    places: T::LEN / if C == 0 { 1 } else { C },
                    weight: self.weight.as_ref().map(|weight| &weight[..]),
                    ignore_index: self.ignore_index,
                    label_smoothing: 0.0 $(+ self.$smoothing)?,
                    log_softmax: $log_softmax,
                }
            }
        }
    )*};
}

class_loss! {
    /// The cross entropy between the target's classes and `softmax(output)`: for class indices `-weight[y] log_softmax(x)[y]`, for
    /// probabilities `-Σ weight[c] p[c] log_softmax(x)[c]`.
    /// [`torch.nn.CrossEntropyLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html)
    ///
    /// `C` is the number of classes, on the first axis of an output; it follows from what the loss is used with. What targets may be:
    /// [`ClassTarget`]. The mean is over the places that are not ignored, for class indices weighted; over none it is NaN.
    CrossEntropyLoss { log_softmax: true, label_smoothing: f64 };
    /// The negative log-likelihood `-weight[y] x[y]` of class indices, the output being logarithms of probabilities, as
    /// [`LogSoftmax`](crate::layers::LogSoftmax) gives them.
    /// [`torch.nn.NLLLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html)
    ///
    /// `C` is the number of classes, on the first axis of an output; it follows from what the loss is used with. The mean is the weighted
    /// one over the places that are not ignored; over none it is NaN.
    NLLLoss { log_softmax: false, };
}

macro_rules! class_loss_methods {
    ($($name:ident, $target:ident;)*) => {$(
        impl<const C: usize, E: Element> $name<C, E> {
            /// The value, and its gradient with respect to the outputs.
            ///
            /// # Panics
            /// If a class index is not below `C`, and not the ignored one.
            pub fn forward<T: Classes<C, Element = E>, Y: $target<T>, const N: usize>(
                &self,
                output: &[T; N],
                target: &[Y; N],
                gradient: &mut [T; N],
            ) -> E {
                let (kind, targets) = (self.kind::<T>(), Y::targets(target));
                let count = E::class_loss_count(&kind, N, &targets);
                let (output, to) = (batch_slice(output), batch_slice_mut(gradient));
                let scale = scale(self.reduction, count);
                let sum = E::class_loss_backward(&kind, N, output, &targets, scale, None, to);
                reduce(self.reduction, sum, count)
            }

            /// The value alone.
            ///
            /// # Panics
            /// If a class index is not below `C`, and not the ignored one.
            pub fn value<T: Classes<C, Element = E>, Y: $target<T>, const N: usize>(&self, output: &[T; N], target: &[Y; N]) -> E {
                let (kind, targets) = (self.kind::<T>(), Y::targets(target));
                let count = E::class_loss_count(&kind, N, &targets);
                reduce(self.reduction, E::class_loss_forward(&kind, N, batch_slice(output), &targets, None), count)
            }

            /// The loss of each place: PyTorch's `reduction = 'none'`.
            ///
            /// # Panics
            /// If a class index is not below `C`, and not the ignored one.
            pub fn each<T: Classes<C, Element = E>, Y: $target<T>, const N: usize>(
                &self,
                output: &[T; N],
                target: &[Y; N],
                losses: &mut [T::Losses; N],
            ) {
                let losses = Some(T::losses_mut(losses));
                E::class_loss_forward(&self.kind::<T>(), N, batch_slice(output), &Y::targets(target), losses);
            }

            /// The gradient of `Σ losses · cotangent` with respect to the outputs.
            ///
            /// # Panics
            /// If a class index is not below `C`, and not the ignored one.
            pub fn each_backward<T: Classes<C, Element = E>, Y: $target<T>, const N: usize>(
                &self,
                output: &[T; N],
                target: &[Y; N],
                cotangent: &[T::Losses; N],
                gradient: &mut [T; N],
            ) {
                let (cotangent, to) = (Some(T::losses(cotangent)), batch_slice_mut(gradient));
                let (kind, targets) = (self.kind::<T>(), Y::targets(target));
                E::class_loss_backward(&kind, N, batch_slice(output), &targets, E::ONE, cotangent, to);
            }
        }

        impl_loss! { [T: Classes<C, Element = E>, Y: $target<T>, const C: usize, E: Element] $name<C, E>, Y }
    )*};
}

class_loss_methods! {
    CrossEntropyLoss, ClassTarget;
    NLLLoss, ClassLabel;
}
