//! MultiLabelSoftMarginLoss, MultiMarginLoss, MultiLabelMarginLoss: a loss for each sample, from numbers for its classes.

use super::elementwise::{divisor, options};
use super::{ClassLabel, Reduction, SignedLabel, impl_loss};
use crate::kernels::{Labels, SampleLoss, Targets};
use crate::{Element, Tensor, Tensor1, batch_slice, batch_slice_mut};

/// The sum of the losses of `N` samples, divided.
pub(super) fn value<T: Tensor<Element = E>, E: Element, const N: usize>(
    kind: &SampleLoss<'_, E>,
    reduction: Reduction,
    inputs: [&[T]; 3],
    losses: Option<&mut [E; N]>,
) -> E {
    let (inputs, losses) = (inputs.map(batch_slice), losses.map(|losses| &mut losses[..]));
    E::sample_loss_forward(kind, N, T::LEN, inputs, losses) / E::from_usize(divisor(reduction, N))
}

/// The gradients of the sum of the losses, divided, or of the sum of each times its cotangent. An empty slice gets none.
pub(super) fn gradients<T: Tensor<Element = E>, E: Element, const N: usize>(
    kind: &SampleLoss<'_, E>,
    inputs: [&[T]; 3],
    scale: Result<Reduction, &[E; N]>,
    gradients: [&mut [T]; 3],
) {
    let (divisor, cotangent) = match scale {
        Ok(reduction) => (divisor(reduction, N), None),
        Err(cotangent) => (1, Some(&cotangent[..])),
    };
    let (inputs, gradients) = (inputs.map(batch_slice), gradients.map(batch_slice_mut));
    E::sample_loss_backward(kind, N, T::LEN, inputs, E::ONE / E::from_usize(divisor), cotangent, gradients);
}

/// The methods of a loss between numbers for classes and targets `Y`; `$kind` and the second input follow from the targets.
macro_rules! class_methods {
    (
        impl [$($own:tt)*] $loss:ty, targets [$($y:tt)*] $target:ty,
        |$this:ident, $targets:ident| $kind:expr, $second:expr
    ) => {
        impl<$($own)*> $loss {
            /// The value, and its gradient with respect to the outputs.
            ///
            /// # Panics
            /// If a class index is not below `C`.
            pub fn forward<$($y)* const N: usize>(
                &self,
                output: &[Tensor1<C, E>; N],
                target: &[$target; N],
                gradient: &mut [Tensor1<C, E>; N],
            ) -> E {
                let ($this, $targets) = (self, target);
                gradients(&$kind, [output, $second, &[]], Ok::<_, &[E; N]>(self.reduction), [gradient, &mut [], &mut []]);
                self.value(output, target)
            }

            /// The value alone.
            ///
            /// # Panics
            /// If a class index is not below `C`.
            pub fn value<$($y)* const N: usize>(&self, output: &[Tensor1<C, E>; N], target: &[$target; N]) -> E {
                let ($this, $targets) = (self, target);
                value::<_, _, N>(&$kind, self.reduction, [output, $second, &[]], None)
            }

            /// The loss of each sample: PyTorch's `reduction = 'none'`.
            ///
            /// # Panics
            /// If a class index is not below `C`.
            pub fn each<$($y)* const N: usize>(
                &self,
                output: &[Tensor1<C, E>; N],
                target: &[$target; N],
                losses: &mut [E; N],
            ) {
                let ($this, $targets) = (self, target);
                value(&$kind, self.reduction, [output, $second, &[]], Some(losses));
            }

            /// The gradient of `Σ losses · cotangent` with respect to the outputs.
            ///
            /// # Panics
            /// If a class index is not below `C`.
            pub fn each_backward<$($y)* const N: usize>(
                &self,
                output: &[Tensor1<C, E>; N],
                target: &[$target; N],
                cotangent: &[E; N],
                gradient: &mut [Tensor1<C, E>; N],
            ) {
                let ($this, $targets) = (self, target);
                gradients(&$kind, [output, $second, &[]], Err(cotangent), [gradient, &mut [], &mut []]);
            }
        }
    };
}

/// Declares a loss with weights for `C` classes.
macro_rules! weighted {
    ($(#[$doc:meta])* $name:ident { $($option:ident: $type:ty = $default:expr;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Debug)]
        pub struct $name<const C: usize, E = f32> {
            weight: Option<[E; C]>,
            reduction: Reduction,
            $($option: $type,)*
        }

        impl<const C: usize, E: Element> Default for $name<C, E> {
            fn default() -> Self {
                Self::new()
            }
        }

        impl<const C: usize, E: Element> $name<C, E> {
            /// The mean, without weights, with PyTorch's defaults.
            pub const fn new() -> Self {
                $name { weight: None, reduction: Reduction::Mean, $($option: $default,)* }
            }

            /// A weight for each class.
            pub const fn weight(mut self, weight: [E; C]) -> Self {
                self.weight = Some(weight);
                self
            }

            /// The mean, or the sum.
            pub const fn reduction(mut self, reduction: Reduction) -> Self {
                self.reduction = reduction;
                self
            }

            fn weights(&self) -> Option<&[E]> {
                self.weight.as_ref().map(|weight| &weight[..])
            }
        }
    };
}

weighted! {
    /// The mean over the classes of `-weight[c] (t log(sigmoid(x)) + (1 - t) log(1 - sigmoid(x)))`, and that over the samples.
    /// [`torch.nn.MultiLabelSoftMarginLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html)
    ///
    /// Outputs `[C]` and targets of the same shape, in [0, 1]. `C` follows from what the loss is used with.
    MultiLabelSoftMarginLoss {}
}

class_methods! {
    impl [const C: usize, E: Element] MultiLabelSoftMarginLoss<C, E>, targets [] Tensor1<C, E>,
    |this, target| SampleLoss::MultiLabelSoftMargin { weight: this.weights() }, target
}

impl<const C: usize, E: Element> MultiLabelSoftMarginLoss<C, E> {
    /// The gradient of the value with respect to the targets.
    pub fn backward_target<const N: usize>(
        &self,
        output: &[Tensor1<C, E>; N],
        target: &[Tensor1<C, E>; N],
        gradient: &mut [Tensor1<C, E>; N],
    ) {
        let kind = SampleLoss::MultiLabelSoftMargin { weight: self.weights() };
        gradients(&kind, [output, target, &[]], Ok::<_, &[E; N]>(self.reduction), [&mut [], gradient, &mut []]);
    }

    /// The gradient of `Σ losses · cotangent` with respect to the targets.
    pub fn each_backward_target<const N: usize>(
        &self,
        output: &[Tensor1<C, E>; N],
        target: &[Tensor1<C, E>; N],
        cotangent: &[E; N],
        gradient: &mut [Tensor1<C, E>; N],
    ) {
        let kind = SampleLoss::MultiLabelSoftMargin { weight: self.weights() };
        gradients(&kind, [output, target, &[]], Err(cotangent), [&mut [], gradient, &mut []]);
    }
}

weighted! {
    /// `weight[y] Σ max(0, margin - x[y] + x[i])ᵖ / C` over the classes `i` that are not the target's class `y`; the mean of the samples.
    /// [`torch.nn.MultiMarginLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html)
    ///
    /// Outputs `[C]` and targets of any integer type, one for each sample. `C` follows from what the loss is used with. The mean is over the
    /// samples, whatever the weights.
    MultiMarginLoss {
        p: u32 = 1;
        margin: f64 = 1.0;
    }
}

impl<const C: usize, E: Element> MultiMarginLoss<C, E> {
    /// The exponent: 1, which holds if nothing is said, or 2.
    ///
    /// # Panics
    /// If it is another; in a `const`, that is a compile error.
    #[track_caller]
    pub const fn p(mut self, p: u32) -> Self {
        assert!(p == 1 || p == 2, "nn: MultiMarginLoss: p is 1 or 2");
        self.p = p;
        self
    }

    /// By how much the target's class shall lead: 1 if nothing is said.
    pub const fn margin(mut self, margin: f64) -> Self {
        self.margin = margin;
        self
    }

    fn kind<'a>(&'a self, labels: Labels<'a>) -> SampleLoss<'a, E> {
        SampleLoss::MultiMargin { labels, squared: self.p == 2, margin: self.margin, weight: self.weights() }
    }
}

/// The class indices of a batch.
fn labels<Y: ClassLabel<T>, T: Tensor>(batch: &[Y]) -> Labels<'_> {
    match Y::targets(batch) {
        Targets::Labels(labels) => labels,
        Targets::Probabilities(_) => Labels::U8(&[]),
    }
}

class_methods! {
    impl [const C: usize, E: Element] MultiMarginLoss<C, E>, targets [Y: ClassLabel<Tensor1<C, E>>,] Y,
    |this, target| this.kind(labels(target)), &[]
}

options! {
    /// `Σ max(0, 1 - x[y] + x[i]) / C` over the classes `y` that a sample has and the classes `i` that it has not; the mean of the samples.
    /// [`torch.nn.MultiLabelMarginLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html)
    ///
    /// Outputs `[C]`; targets `Tensor1<C, i64>` or `Tensor1<C, i32>`, which name a sample's classes up to the first -1.
    ///
    /// ```
    /// use nn_core::{Tensor1, loss::MultiLabelMarginLoss};
    ///
    /// let value: f32 = MultiLabelMarginLoss::new().value(&[Tensor1([0.1, 0.2, 0.4, 0.8])], &[Tensor1([3, 0, -1, 1])]);
    /// assert!((value - 0.85).abs() < 1e-6);
    /// ```
    MultiLabelMarginLoss {}
}

/// The kernel's view of such targets.
fn named<I: SignedLabel, const C: usize, E: Element>(targets: &[Tensor1<C, I>]) -> SampleLoss<'_, E> {
    SampleLoss::MultiLabelMargin { labels: I::labels(batch_slice(targets)) }
}

class_methods! {
    impl [] MultiLabelMarginLoss, targets [I: SignedLabel, E: Element, const C: usize,] Tensor1<C, I>,
    |_this, target| named(target), &[]
}

impl_loss! { [const C: usize, E: Element] MultiLabelSoftMarginLoss<C, E>, Tensor1<C, E>; for Tensor1<C, E> }
impl_loss! { [Y: ClassLabel<Tensor1<C, E>>, const C: usize, E: Element] MultiMarginLoss<C, E>, Y; for Tensor1<C, E> }
impl_loss! { [I: SignedLabel, const C: usize, E: Element] MultiLabelMarginLoss, Tensor1<C, I>; for Tensor1<C, E> }
