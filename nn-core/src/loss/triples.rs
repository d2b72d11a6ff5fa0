//! MarginRankingLoss and GaussianNLLLoss: a loss for each three numbers.

use super::elementwise::{divisor, gradient, options, value};
use crate::kernels::{Elementwise, Operand, Weighting};
use crate::{Element, Tensor, Tensor1, Tensor2, Tensor3, Tensor4, Tensor5, Tensor6, batch_slice, batch_slice_mut};

options! {
    /// The mean of `max(0, -target (input1 - input2) + margin)`: where the target is 1, the first input shall be the larger by the margin;
    /// where it is -1, the second.
    /// [`torch.nn.MarginRankingLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html)
    ///
    /// Both inputs and the target have the same shape.
    ///
    /// ```
    /// use nn_core::{Tensor1, loss::MarginRankingLoss};
    ///
    /// let (better, worse) = ([Tensor1([2.0]), Tensor1([0.0])], [Tensor1([1.0]), Tensor1([0.5])]);
    /// let (mut up, mut down) = ([Tensor1([0.0]); 2], [Tensor1([0.0]); 2]);
    /// let value: f32 = MarginRankingLoss::new().forward(&better, &worse, &[Tensor1([1.0]); 2], &mut up, &mut down);
    /// assert_eq!((value, up, down), (0.25, [Tensor1([0.0]), Tensor1([-0.5])], [Tensor1([0.0]), Tensor1([0.5])]));
    /// ```
    MarginRankingLoss {
        /// By how much: 0 if nothing is said.
        margin: f64 = 0.0;
    }
}

impl MarginRankingLoss {
    fn kind<'a, T: Tensor>(&self, target: &'a [T]) -> Elementwise<'a, T::Element> {
        Elementwise::Ranking { target: batch_slice(target), margin: self.margin }
    }

    /// The value, and its gradients with respect to both inputs.
    pub fn forward<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        input1: &[T; N],
        input2: &[T; N],
        target: &[T; N],
        gradient1: &mut [T; N],
        gradient2: &mut [T; N],
    ) -> E {
        let (kind, divisor) = (self.kind(target), divisor(self.reduction, N * T::LEN));
        gradient((&kind, Operand::First), divisor, input1, input2, None, gradient1);
        gradient((&kind, Operand::Second), divisor, input1, input2, None, gradient2);
        value(&kind, divisor, input1, input2)
    }

    /// The value alone.
    pub fn value<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        input1: &[T; N],
        input2: &[T; N],
        target: &[T; N],
    ) -> E {
        value(&self.kind(target), divisor(self.reduction, N * T::LEN), input1, input2)
    }

    /// The gradient of the value with respect to the targets, where they are numbers that are learnt.
    pub fn backward_target<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        input1: &[T; N],
        input2: &[T; N],
        target: &[T; N],
        target_gradient: &mut [T; N],
    ) {
        let (kind, divisor) = (self.kind(target), divisor(self.reduction, N * T::LEN));
        gradient((&kind, Operand::Third), divisor, input1, input2, None, target_gradient);
    }

    /// The gradient of `Σ losses · cotangent` with respect to the targets.
    pub fn each_backward_target<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        input1: &[T; N],
        input2: &[T; N],
        target: &[T; N],
        cotangent: &[T; N],
        target_gradient: &mut [T; N],
    ) {
        gradient((&self.kind(target), Operand::Third), 1, input1, input2, Some(cotangent), target_gradient);
    }

    /// The loss of each element: PyTorch's `reduction = 'none'`.
    pub fn each<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        input1: &[T; N],
        input2: &[T; N],
        target: &[T; N],
        losses: &mut [T; N],
    ) {
        E::loss_each(&self.kind(target), T::LEN, batch_slice(input1), batch_slice(input2), batch_slice_mut(losses));
    }

    /// The gradients of `Σ losses · cotangent` with respect to both inputs.
    pub fn each_backward<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        input1: &[T; N],
        input2: &[T; N],
        target: &[T; N],
        cotangent: &[T; N],
        gradient1: &mut [T; N],
        gradient2: &mut [T; N],
    ) {
        let kind = self.kind(target);
        gradient((&kind, Operand::First), 1, input1, input2, Some(cotangent), gradient1);
        gradient((&kind, Operand::Second), 1, input1, input2, Some(cotangent), gradient2);
    }
}

options! {
    /// The negative log-likelihood of targets that are normally distributed around the outputs:
    /// `(log(v) + (x - t)² / v) / 2` with `v = max(var, eps)`, its mean over all elements.
    /// [`torch.nn.GaussianNLLLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html)
    ///
    /// What the variances of a sample may be: [`Variance`]. As in PyTorch, the gradient of a variance below `eps` is that at `eps`; one below 0,
    /// which PyTorch refuses, counts as `eps`.
    GaussianNLLLoss {
        /// Adds the constant `log(2π) / 2`.
        full: bool = false;
        /// The smallest variance: 1e-6 if nothing is said.
        eps: f64 = 1e-6, if eps > 0.0, "eps is positive";
    }
}

/// The variances of a sample `T`: one for each element, in its shape; one for each row, in its shape without the last axis; or, for a
/// sample of any shape, one number.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold the variances of samples `{T}`",
    note = "variances have the sample's shape, or that without its last axis, or are one number for the sample"
)]
pub trait Variance<T: Tensor>: Copy {
    /// How many elements of the sample share one.
    #[doc(hidden)]
    const REPEAT: usize;

    /// The numbers.
    #[doc(hidden)]
    fn slice(batch: &[Self]) -> &[T::Element];

    /// The numbers.
    #[doc(hidden)]
    fn slice_mut(batch: &mut [Self]) -> &mut [T::Element];
}

macro_rules! variance {
    ($([$($generics:tt)*] $tensor:ty: $variance:ty [$repeat:expr];)*) => {$(
        impl<$($generics)* E: Element> Variance<$tensor> for $variance {
            const REPEAT: usize = $repeat;

            fn slice(batch: &[Self]) -> &[E] {
                batch_slice(batch)
            }

            fn slice_mut(batch: &mut [Self]) -> &mut [E] {
                batch_slice_mut(batch)
            }
        }
    )*};
}

variance! {
    [const A: usize,] Tensor1<A, E>: Tensor1<A, E> [1];
    [const A: usize, const B: usize,] Tensor2<A, B, E>: Tensor2<A, B, E> [1];
    [const A: usize, const B: usize,] Tensor2<A, B, E>: Tensor1<A, E> [B];
    [const A: usize, const B: usize, const C: usize,] Tensor3<A, B, C, E>: Tensor3<A, B, C, E> [1];
    [const A: usize, const B: usize, const C: usize,] Tensor3<A, B, C, E>: Tensor2<A, B, E> [C];
    [const A: usize, const B: usize, const C: usize, const D: usize,] Tensor4<A, B, C, D, E>: Tensor4<A, B, C, D, E> [1];
    [const A: usize, const B: usize, const C: usize, const D: usize,] Tensor4<A, B, C, D, E>: Tensor3<A, B, C, E> [D];
    [const A: usize, const B: usize, const C: usize, const D: usize, const F: usize,]
        Tensor5<A, B, C, D, F, E>: Tensor5<A, B, C, D, F, E> [1];
    [const A: usize, const B: usize, const C: usize, const D: usize, const F: usize, const G: usize,]
        Tensor6<A, B, C, D, F, G, E>: Tensor6<A, B, C, D, F, G, E> [1];
}

macro_rules! one_variance {
    ($($element:ident)*) => {$(
        impl<T: Tensor<Element = $element>> Variance<T> for $element {
            const REPEAT: usize = T::LEN;

            fn slice(batch: &[Self]) -> &[$element] {
                batch
            }

            fn slice_mut(batch: &mut [Self]) -> &mut [$element] {
                batch
            }
        }
    )*};
}

one_variance! { f32 f64 }

impl GaussianNLLLoss {
    fn kind<'a, T: Tensor<Element = E>, V: Variance<T>, E: Element>(&self, var: &'a [V]) -> Elementwise<'a, E> {
        let variance = Weighting { values: V::slice(var), repeat: V::REPEAT };
        Elementwise::Gaussian { variance, full: self.full, eps: self.eps }
    }

    fn gradients<T: Tensor<Element = E>, V: Variance<T>, E: Element>(
        &self,
        [output, target]: [&[T]; 2],
        var: &[V],
        (divisor, cotangent): (usize, Option<&[T]>),
        output_gradient: &mut [T],
        var_gradient: &mut [V],
    ) {
        let kind = self.kind::<T, V, E>(var);
        gradient((&kind, Operand::First), divisor, output, target, cotangent, output_gradient);
        let (output, target, cotangent) = (batch_slice(output), batch_slice(target), cotangent.map(batch_slice));
        let (scale, to) = (E::ONE / E::from_usize(divisor), V::slice_mut(var_gradient));
        E::loss_gradient(&kind, Operand::Third, T::LEN, output, target, scale, cotangent, to);
    }

    /// The value, and its gradients with respect to the outputs and their variances.
    pub fn forward<T: Tensor<Element = E>, V: Variance<T>, E: Element, const N: usize>(
        &self,
        output: &[T; N],
        target: &[T; N],
        var: &[V; N],
        gradient: &mut [T; N],
        var_gradient: &mut [V; N],
    ) -> E {
        let divisor = divisor(self.reduction, N * T::LEN);
        self.gradients([output, target], var, (divisor, None), gradient, var_gradient);
        self.value(output, target, var)
    }

    /// The value alone.
    pub fn value<T: Tensor<Element = E>, V: Variance<T>, E: Element, const N: usize>(
        &self,
        output: &[T; N],
        target: &[T; N],
        var: &[V; N],
    ) -> E {
        value(&self.kind::<T, V, E>(var), divisor(self.reduction, N * T::LEN), output, target)
    }

    /// The gradient of the value with respect to the targets.
    pub fn backward_target<T: Tensor<Element = E>, V: Variance<T>, E: Element, const N: usize>(
        &self,
        output: &[T; N],
        target: &[T; N],
        var: &[V; N],
        target_gradient: &mut [T; N],
    ) {
        let (kind, divisor) = (self.kind::<T, V, E>(var), divisor(self.reduction, N * T::LEN));
        gradient((&kind, Operand::Second), divisor, output, target, None, target_gradient);
    }

    /// The gradient of `Σ losses · cotangent` with respect to the targets.
    pub fn each_backward_target<T: Tensor<Element = E>, V: Variance<T>, E: Element, const N: usize>(
        &self,
        output: &[T; N],
        target: &[T; N],
        var: &[V; N],
        cotangent: &[T; N],
        target_gradient: &mut [T; N],
    ) {
        let kind = self.kind::<T, V, E>(var);
        gradient((&kind, Operand::Second), 1, output, target, Some(cotangent), target_gradient);
    }

    /// The loss of each element: PyTorch's `reduction = 'none'`.
    pub fn each<T: Tensor<Element = E>, V: Variance<T>, E: Element, const N: usize>(
        &self,
        output: &[T; N],
        target: &[T; N],
        var: &[V; N],
        losses: &mut [T; N],
    ) {
        let (output, target, losses) = (batch_slice(output), batch_slice(target), batch_slice_mut(losses));
        E::loss_each(&self.kind::<T, V, E>(var), T::LEN, output, target, losses);
    }

    /// The gradients of `Σ losses · cotangent` with respect to the outputs and their variances.
    pub fn each_backward<T: Tensor<Element = E>, V: Variance<T>, E: Element, const N: usize>(
        &self,
        output: &[T; N],
        target: &[T; N],
        var: &[V; N],
        cotangent: &[T; N],
        gradient: &mut [T; N],
        var_gradient: &mut [V; N],
    ) {
        self.gradients([output, target], var, (1, Some(cotangent)), gradient, var_gradient);
    }
}
