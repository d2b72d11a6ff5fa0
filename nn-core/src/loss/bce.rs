//! BCELoss, BCEWithLogitsLoss.

use super::elementwise::{divisor, pair_methods, target_methods};
use super::{Reduction, impl_loss};
use crate::kernels::{Elementwise, Operand, Weighting};
use crate::{Element, Tensor, Tensor1, Tensor2, Tensor3, Tensor4, Tensor5, Tensor6, batch_slice, batch_slice_mut};

/// The cross entropy between yes-or-no targets, in [0, 1], and `sigmoid(output)`:
/// `weight · ((1 - t) x + (1 + (pos_weight - 1) t) log(1 + exp(-x)))`, its mean over all elements.
/// [`torch.nn.BCEWithLogitsLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html)
///
/// A weight is one number, an array with one for each channel (the first axis), or a tensor with one for each element of a sample:
/// [`Weights`].
///
/// ```
/// use nn_core::loss::BCEWithLogitsLoss;
/// use nn_core::Tensor1;
///
/// const LOSS: BCEWithLogitsLoss<nn_core::loss::Unweighted, [f32; 3]> = BCEWithLogitsLoss::new().pos_weight([1.0, 5.0, 2.0]);
/// let value = LOSS.value(&[Tensor1([0.0, 0.0, 0.0])], &[Tensor1([1.0, 1.0, 0.0])]);
/// assert!((value - (1.0 + 5.0 + 1.0) * 2f32.ln() / 3.0).abs() < 1e-6);
/// ```
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct BCEWithLogitsLoss<W = Unweighted, P = Unweighted> {
    weight: W,
    pos_weight: P,
    reduction: Reduction,
}

/// The cross entropy between yes-or-no targets and outputs that are probabilities, both in [0, 1]:
/// `-weight · (t log(x) + (1 - t) log(1 - x))`, its mean over all elements.
/// [`torch.nn.BCELoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html)
///
/// As in PyTorch no logarithm is less than -100, and the derivative's denominator `x (1 - x)` no less than 1e-12. An output that is no
/// probability, which PyTorch refuses, makes the loss NaN. [`BCEWithLogitsLoss`] is more exact than this behind a Sigmoid.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct BCELoss<W = Unweighted> {
    weight: W,
    reduction: Reduction,
}

/// The weight 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Unweighted;

/// Weights for the elements of samples `T`: [`Unweighted`], one number, an array with one for each channel, or a tensor of the sample's
/// shape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold the weights of samples `{T}`",
    note = "weights are one number, an array with one number for each channel (the first axis), or a tensor of the sample's shape"
)]
pub trait Weights<T: Tensor>: Copy {
    /// How they are laid out.
    #[doc(hidden)]
    fn weighting(&self) -> Weighting<'_, T::Element>;
}

impl<T: Tensor<Element = E>, E: Element> Weights<T> for Unweighted {
    fn weighting(&self) -> Weighting<'_, E> {
        Weighting { values: &[], repeat: 1 }
    }
}

macro_rules! weights {
    ($($element:ident)*; $($tensor:ident [$first:ident $(, $size:ident)*];)*) => {
        $(
        impl<T: Tensor<Element = $element>> Weights<T> for $element {
            fn weighting(&self) -> Weighting<'_, $element> {
                Weighting { values: core::slice::from_ref(self), repeat: usize::MAX }
            }
        }
        )*
        $(
        impl<const $first: usize, $(const $size: usize,)* E: Element> Weights<$tensor<$first, $($size,)* E>> for [E; $first] {
            fn weighting(&self) -> Weighting<'_, E> {
                Weighting { values: self, repeat: 1 $(* $size)* }
            }
        }

        impl<const $first: usize, $(const $size: usize,)* E: Element> Weights<$tensor<$first, $($size,)* E>>
            for $tensor<$first, $($size,)* E>
        {
            fn weighting(&self) -> Weighting<'_, E> {
                Weighting { values: self.as_slice(), repeat: 1 }
            }
        }
        )*
    };
}

weights! { f32 f64;
    Tensor1 [A];
    Tensor2 [A, B];
    Tensor3 [A, B, C];
    Tensor4 [A, B, C, D];
    Tensor5 [A, B, C, D, F];
    Tensor6 [A, B, C, D, F, G];
}

impl BCELoss {
    /// The mean, without weights.
    pub const fn new() -> Self {
        BCELoss { weight: Unweighted, reduction: Reduction::Mean }
    }
}

impl<W: Copy> BCELoss<W> {
    /// What each loss is multiplied by.
    pub const fn weight<V: Copy>(self, weight: V) -> BCELoss<V> {
        BCELoss { weight, reduction: self.reduction }
    }

    /// The mean, or the sum.
    pub const fn reduction(mut self, reduction: Reduction) -> Self {
        self.reduction = reduction;
        self
    }

    fn kind<T: Tensor>(&self) -> Elementwise<'_, T::Element>
    where
        W: Weights<T>,
    {
        Elementwise::Probability { weight: self.weight.weighting() }
    }

    const fn divisor(&self, samples: usize, len: usize) -> usize {
        divisor(self.reduction, samples * len)
    }
}

pair_methods! { impl [W: Copy] BCELoss<W> where [W: Weights<T>] }
target_methods! { impl [W: Copy] BCELoss<W> where [W: Weights<T>] }
impl_loss! { [T: Tensor<Element = E>, E: Element, W: Weights<T>] BCELoss<W>, T }

impl BCEWithLogitsLoss {
    /// The mean, without weights.
    pub const fn new() -> Self {
        BCEWithLogitsLoss { weight: Unweighted, pos_weight: Unweighted, reduction: Reduction::Mean }
    }
}

impl<W: Copy, P: Copy> BCEWithLogitsLoss<W, P> {
    /// What each loss is multiplied by.
    pub const fn weight<V: Copy>(self, weight: V) -> BCEWithLogitsLoss<V, P> {
        BCEWithLogitsLoss { weight, pos_weight: self.pos_weight, reduction: self.reduction }
    }

    /// What the loss of a yes is multiplied by: above 1, fewer of them are missed.
    pub const fn pos_weight<V: Copy>(self, pos_weight: V) -> BCEWithLogitsLoss<W, V> {
        BCEWithLogitsLoss { weight: self.weight, pos_weight, reduction: self.reduction }
    }

    /// The mean, or the sum.
    pub const fn reduction(mut self, reduction: Reduction) -> Self {
        self.reduction = reduction;
        self
    }

    fn kind<T: Tensor>(&self) -> Elementwise<'_, T::Element>
    where
        W: Weights<T>,
        P: Weights<T>,
    {
        Elementwise::Logits { weight: self.weight.weighting(), pos_weight: self.pos_weight.weighting() }
    }

    const fn divisor(&self, samples: usize, len: usize) -> usize {
        divisor(self.reduction, samples * len)
    }
}

pair_methods! { impl [W: Copy, P: Copy] BCEWithLogitsLoss<W, P> where [W: Weights<T>, P: Weights<T>] }
target_methods! { impl [W: Copy, P: Copy] BCEWithLogitsLoss<W, P> where [W: Weights<T>, P: Weights<T>] }
impl_loss! { [T: Tensor<Element = E>, E: Element, W: Weights<T>, P: Weights<T>] BCEWithLogitsLoss<W, P>, T }
