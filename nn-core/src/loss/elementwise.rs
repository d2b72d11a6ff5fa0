//! A loss for each pair of numbers.

use super::Reduction;
use crate::kernels::{Elementwise, Operand};
use crate::{Element, Tensor, batch_slice, batch_slice_mut};

/// What a sum of so many losses is divided by.
pub(super) const fn divisor(reduction: Reduction, losses: usize) -> usize {
    match reduction {
        Reduction::Mean => losses,
        Reduction::Sum => 1,
    }
}

/// The sum of the losses, divided.
pub(super) fn value<T: Tensor<Element = E>, E: Element>(
    kind: &Elementwise<'_, E>,
    divisor: usize,
    output: &[T],
    target: &[T],
) -> E {
    E::loss_sum(kind, T::LEN, batch_slice(output), batch_slice(target)) / E::from_usize(divisor)
}

/// The gradient of the sum of the losses, each times its cotangent, divided.
pub(super) fn gradient<T: Tensor<Element = E>, G: Tensor<Element = E>, E: Element>(
    (kind, operand): (&Elementwise<'_, E>, Operand),
    divisor: usize,
    output: &[T],
    target: &[T],
    cotangent: Option<&[T]>,
    gradient: &mut [G],
) {
    let (output, target, cotangent) = (batch_slice(output), batch_slice(target), cotangent.map(batch_slice));
    let scale = E::ONE / E::from_usize(divisor);
    E::loss_gradient(kind, operand, T::LEN, output, target, scale, cotangent, batch_slice_mut(gradient));
}

/// The methods of a loss between outputs and targets of one shape, from its `kind` and what it divides by.
macro_rules! pair_methods {
    (impl [$($own:tt)*] $loss:ty where [$($bounds:tt)*]) => {
        impl<$($own)*> $loss {
            /// The value, and its gradient with respect to the outputs.
            pub fn forward<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                gradient: &mut [T; N],
            ) -> E
            where
                $($bounds)*
            {
                let kind = (&self.kind::<T>(), Operand::First);
                $crate::loss::elementwise::gradient(kind, self.divisor(N, T::LEN), output, target, None, gradient);
                self.value(output, target)
            }

            /// The value alone.
            pub fn value<T: Tensor<Element = E>, E: Element, const N: usize>(&self, output: &[T; N], target: &[T; N]) -> E
            where
                $($bounds)*
            {
                $crate::loss::elementwise::value(&self.kind::<T>(), self.divisor(N, T::LEN), output, target)
            }

            /// The loss of each element: PyTorch's `reduction = 'none'`.
            pub fn each<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                losses: &mut [T; N],
            ) where
                $($bounds)*
            {
                E::loss_each(&self.kind::<T>(), T::LEN, batch_slice(output), batch_slice(target), batch_slice_mut(losses));
            }

            /// The gradient of `Σ losses · cotangent` with respect to the outputs.
            pub fn each_backward<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                cotangent: &[T; N],
                gradient: &mut [T; N],
            ) where
                $($bounds)*
            {
                let kind = (&self.kind::<T>(), Operand::First);
                $crate::loss::elementwise::gradient(kind, 1, output, target, Some(cotangent), gradient);
            }
        }
    };
}
pub(super) use pair_methods;

/// The gradients of targets that are numbers, not labels.
macro_rules! target_methods {
    (impl [$($own:tt)*] $loss:ty where [$($bounds:tt)*]) => {
        impl<$($own)*> $loss {
            /// The gradient of the value with respect to the targets.
            pub fn backward_target<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                gradient: &mut [T; N],
            ) where
                $($bounds)*
            {
                let kind = (&self.kind::<T>(), Operand::Second);
                $crate::loss::elementwise::gradient(kind, self.divisor(N, T::LEN), output, target, None, gradient);
            }

            /// The gradient of `Σ losses · cotangent` with respect to the targets.
            pub fn each_backward_target<T: Tensor<Element = E>, E: Element, const N: usize>(
                &self,
                output: &[T; N],
                target: &[T; N],
                cotangent: &[T; N],
                gradient: &mut [T; N],
            ) where
                $($bounds)*
            {
                let kind = (&self.kind::<T>(), Operand::Second);
                $crate::loss::elementwise::gradient(kind, 1, output, target, Some(cotangent), gradient);
            }
        }
    };
}
pub(super) use target_methods;

/// Declares the options of a loss, each with its default and the values that it may have.
macro_rules! options {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$option_doc:meta])* $option:ident: $type:ty = $default:expr $(, if $holds:expr, $rule:literal)?;)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub struct $name {
            reduction: $crate::loss::Reduction,
            $($option: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $name {
            /// The mean, with PyTorch's defaults.
            pub const fn new() -> Self {
                $name { reduction: $crate::loss::Reduction::Mean, $($option: $default,)* }
            }

            /// The mean, or the sum.
            pub const fn reduction(mut self, reduction: $crate::loss::Reduction) -> Self {
                self.reduction = reduction;
                self
            }

            $(
            $(#[$option_doc])*
            $(///
            /// # Panics
            #[doc = concat!("Unless ", $rule, "; in a `const`, that is a compile error.")])?
            #[track_caller]
            pub const fn $option(mut self, $option: $type) -> Self {
                $(assert!($holds, concat!("nn: ", stringify!($name), ": ", $rule));)?
                self.$option = $option;
                self
            }
            )*
        }
    };
}
pub(super) use options;

macro_rules! elementwise {
    ($(
        $(#[$doc:meta])*
        $name:ident { $($options:tt)* } = |$loss:ident| $kind:expr;
        divided by |$reduction:ident, $samples:ident, $len:ident| $divisor:expr $(=> $target_methods:ident)?;
    )*) => {$(
        options! {
            $(#[$doc])*
            ///
            /// Outputs and targets have the same shape.
            $name { $($options)* }
        }

        impl $name {
            fn kind<T: Tensor>(&self) -> Elementwise<'_, T::Element> {
                let $loss = self;
                $kind
            }

            fn divisor(&self, $samples: usize, $len: usize) -> usize {
                let $reduction = self;
                $divisor
            }
        }

        pair_methods! { impl [] $name where [] }
        $($target_methods! { impl [] $name where [] })?
        super::impl_loss! { [T: Tensor<Element = E>, E: Element] $name, T }
    )*};
}

elementwise! {
    /// The mean of `(output - target)²`.
    /// [`torch.nn.MSELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html)
    MSELoss {} = |_loss| Elementwise::Squared;
    divided by |loss, samples, len| divisor(loss.reduction, samples * len) => target_methods;
    /// The mean of `|output - target|`; the derivative is 0 where both are equal.
    /// [`torch.nn.L1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html)
    L1Loss {} = |_loss| Elementwise::Absolute;
    divided by |loss, samples, len| divisor(loss.reduction, samples * len) => target_methods;
    /// The mean of `(x - t)² / (2 beta)` where `|x - t| < beta`, of `|x - t| - beta / 2` elsewhere; with `beta = 0` it is [`L1Loss`].
    /// [`torch.nn.SmoothL1Loss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html)
    SmoothL1Loss {
        /// Where the parabola meets the lines: 1 if nothing is said.
        beta: f64 = 1.0, if beta >= 0.0, "beta is not negative";
    } = |loss| if loss.beta == 0.0 { Elementwise::Absolute } else { Elementwise::Smooth { beta: loss.beta } };
    divided by |loss, samples, len| divisor(loss.reduction, samples * len) => target_methods;
    /// The mean of `(x - t)² / 2` where `|x - t| <= delta`, of `delta (|x - t| - delta / 2)` elsewhere.
    /// [`torch.nn.HuberLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html)
    HuberLoss {
        /// Where the parabola meets the lines: 1 if nothing is said.
        delta: f64 = 1.0, if delta > 0.0, "delta is positive";
    } = |loss| Elementwise::Huber { delta: loss.delta };
    divided by |loss, samples, len| divisor(loss.reduction, samples * len) => target_methods;
    /// The Kullback-Leibler divergence of the outputs, which are logarithms of probabilities, from the targets, which are probabilities:
    /// `t (log(t) - x)`; with `log_target`, `exp(t) (t - x)`.
    ///
    /// The mean over all elements, which is PyTorch's default, is not the divergence: that is the mean over the samples, [`batchmean`](Self::batchmean).
    /// [`torch.nn.KLDivLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html)
    KLDivLoss {
        /// The targets are logarithms too.
        log_target: bool = false;
        /// PyTorch's `reduction = 'batchmean'`: the sum divided by the number of samples, whatever `reduction` says.
        batchmean: bool = false;
    } = |loss| Elementwise::Divergence { log_target: loss.log_target };
    divided by |loss, samples, len| if loss.batchmean { samples } else { divisor(loss.reduction, samples * len) } => target_methods;
    /// The negative log-likelihood of counts `t` at the rate `exp(x)`: the mean of `exp(x) - t x`; without `log_input` at the rate `x`:
    /// `x - t log(x + eps)`.
    /// [`torch.nn.PoissonNLLLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html)
    PoissonNLLLoss {
        /// The outputs are logarithms of rates: true if nothing is said.
        log_input: bool = true;
        /// Adds Stirling's approximation of `log(t!)`, `t log(t) - t + log(2πt) / 2`, where `t > 1`.
        full: bool = false;
        /// What keeps the logarithm of a rate of 0 finite: 1e-8 if nothing is said.
        eps: f64 = 1e-8;
    } = |loss| Elementwise::Poisson { log_input: loss.log_input, full: loss.full, eps: loss.eps };
    divided by |loss, samples, len| divisor(loss.reduction, samples * len) => target_methods;
    /// The mean of `x` where the target is 1 and of `max(0, margin - x)` where it is -1, the outputs being distances.
    /// [`torch.nn.HingeEmbeddingLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html)
    HingeEmbeddingLoss {
        /// The distance that is large enough: 1 if nothing is said.
        margin: f64 = 1.0;
    } = |loss| Elementwise::Hinge { margin: loss.margin };
    divided by |loss, samples, len| divisor(loss.reduction, samples * len);
    /// The mean of `log(1 + exp(-t x))`, the targets being 1 or -1.
    ///
    /// Where PyTorch's exponential overflows and its gradient is NaN, below -88 in `f32`, this is `-t x`.
    /// [`torch.nn.SoftMarginLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html)
    SoftMarginLoss {} = |_loss| Elementwise::SoftMargin;
    divided by |loss, samples, len| divisor(loss.reduction, samples * len);
}
