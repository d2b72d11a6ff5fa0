//! What says to which class a sample, or a place of it, belongs.

use crate::kernels::{Labels, Targets};
use crate::{Element, Tensor, Tensor1, Tensor2, Tensor3, Tensor4, batch_slice, batch_slice_mut};

/// Outputs with `C` classes on their first axis: one number for each class and each place, as in `[C]`, `[C, length]`,
/// `[C, height, width]`, `[C, depth, height, width]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold numbers for {C} classes",
    note = "the first axis of the output is the classes; a `weight` has one number for each"
)]
pub trait Classes<const C: usize>: Tensor {
    /// One number for each place: the output's shape without the classes.
    type Losses: Copy;

    /// The numbers.
    #[doc(hidden)]
    fn losses(batch: &[Self::Losses]) -> &[Self::Element];

    /// The numbers.
    #[doc(hidden)]
    fn losses_mut(batch: &mut [Self::Losses]) -> &mut [Self::Element];
}

/// What outputs `T` can be compared with: class indices, in the output's shape without the classes and of any integer type
/// (`u32` for `[C]`, `Tensor2<H, W, u32>` for `[C, H, W]`), or a probability for each class, in the output's shape.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no target for outputs `{T}`",
    note = "class indices have the output's shape without its first axis: `u32` for `[C]`, `Tensor2<H, W, u32>` for `[C, H, W]`",
    note = "class probabilities have the output's shape"
)]
pub trait ClassTarget<T: Tensor>: Sized {
    /// The targets of a batch.
    #[doc(hidden)]
    fn targets(batch: &[Self]) -> Targets<'_, T::Element>;
}

/// A [`ClassTarget`] that holds class indices.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not hold class indices for outputs `{T}`",
    note = "class indices have the output's shape without its first axis: `u32` for `[C]`, `Tensor2<H, W, u32>` for `[C, H, W]`"
)]
pub trait ClassLabel<T: Tensor>: ClassTarget<T> {}

/// An integer that can be a class index.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no class index",
    note = "class indices are integers: `u32`, `i64`, ..."
)]
pub trait Label: bytemuck::Pod + PartialEq + core::fmt::Debug {
    /// The class indices of a batch.
    #[doc(hidden)]
    fn labels(labels: &[Self]) -> Labels<'_>;
}

/// A [`Label`] that can be -1.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be -1, which ends a list of classes",
    note = "use `i64` or `i32`"
)]
pub trait SignedLabel: Label {}

impl SignedLabel for i32 {}
impl SignedLabel for i64 {}

macro_rules! classes {
    ($($tensor:ident [$($size:ident),*] $losses:ident;)*) => {
        $(
        impl<const C: usize, $(const $size: usize,)* E: Element> Classes<C> for $tensor<C, $($size,)* E> {
            type Losses = $losses<$($size,)* E>;

            fn losses(batch: &[$losses<$($size,)* E>]) -> &[E] {
                batch_slice(batch)
            }

            fn losses_mut(batch: &mut [$losses<$($size,)* E>]) -> &mut [E] {
                batch_slice_mut(batch)
            }
        }

        impl<const C: usize, $(const $size: usize,)* E: Element> ClassTarget<$tensor<C, $($size,)* E>> for $tensor<C, $($size,)* E> {
            fn targets(batch: &[Self]) -> Targets<'_, E> {
                Targets::Probabilities(batch_slice(batch))
            }
        }
        )*
    };
}

impl<const C: usize, E: Element> Classes<C> for Tensor1<C, E> {
    type Losses = E;

    fn losses(batch: &[E]) -> &[E] {
        batch
    }

    fn losses_mut(batch: &mut [E]) -> &mut [E] {
        batch
    }
}

impl<const C: usize, E: Element> ClassTarget<Tensor1<C, E>> for Tensor1<C, E> {
    fn targets(batch: &[Self]) -> Targets<'_, E> {
        Targets::Probabilities(batch_slice(batch))
    }
}

classes! {
    Tensor2 [A] Tensor1;
    Tensor3 [A, B] Tensor2;
    Tensor4 [A, B, D] Tensor3;
}

macro_rules! labels {
    ($($integer:ident $labels:ident;)*) => {
        $(
        impl Label for $integer {
            fn labels(labels: &[Self]) -> Labels<'_> {
                Labels::$labels(labels)
            }
        }

        impl<const C: usize, E: Element> ClassTarget<Tensor1<C, E>> for $integer {
            fn targets(batch: &[Self]) -> Targets<'_, E> {
                Targets::Labels(Labels::$labels(batch))
            }
        }

        impl<const C: usize, E: Element> ClassLabel<Tensor1<C, E>> for $integer {}

        labels!(@places $integer $labels; Tensor2 [A] Tensor1; Tensor3 [A, B] Tensor2; Tensor4 [A, B, D] Tensor3;);
        )*
    };
    (@places $integer:ident $variant:ident; $($tensor:ident [$($size:ident),*] $labels:ident;)*) => {
        $(
        impl<const C: usize, $(const $size: usize,)* E: Element> ClassTarget<$tensor<C, $($size,)* E>>
            for $labels<$($size,)* $integer>
        {
            fn targets(batch: &[Self]) -> Targets<'_, E> {
                Targets::Labels(Labels::$variant(batch_slice(batch)))
            }
        }

        impl<const C: usize, $(const $size: usize,)* E: Element> ClassLabel<$tensor<C, $($size,)* E>>
            for $labels<$($size,)* $integer>
        {
        }
        )*
    };
}

labels! {
    u8 U8;
    u16 U16;
    u32 U32;
    u64 U64;
    usize Usize;
    i32 I32;
    i64 I64;
}
