//! Tensors whose sizes are types: native nested arrays.

use bytemuck::{Pod, Zeroable};
use core::fmt::Debug;
use core::ops::{Deref, DerefMut};

/// A tensor of any rank: `LEN` elements in row-major order.
pub trait Tensor: Pod + PartialEq + Debug {
    /// What it holds.
    type Element: Pod;
    /// The size of each axis.
    const SHAPE: &'static [usize];
    /// The number of elements.
    const LEN: usize;

    /// The elements in row-major order.
    fn as_slice(&self) -> &[Self::Element];

    /// The elements in row-major order.
    fn as_mut_slice(&mut self) -> &mut [Self::Element];

    /// All elements zero.
    fn zeros() -> Self {
        Self::zeroed()
    }

    /// Copies from a slice of exactly [`Tensor::LEN`] elements.
    ///
    /// # Panics
    /// If the slice has another length.
    fn from_slice(values: &[Self::Element]) -> Self {
        assert_eq!(values.len(), Self::LEN, "a tensor of shape {:?} takes {} values", Self::SHAPE, Self::LEN);
        let mut tensor = Self::zeroed();
        tensor.as_mut_slice().copy_from_slice(values);
        tensor
    }
}

/// The elements of a batch, one tensor after the other.
pub fn batch_slice<T: Tensor>(batch: &[T]) -> &[T::Element] {
    bytemuck::cast_slice(batch)
}

/// The elements of a batch, one tensor after the other.
pub fn batch_slice_mut<T: Tensor>(batch: &mut [T]) -> &mut [T::Element] {
    bytemuck::cast_slice_mut(batch)
}

/// A batch from the elements of its tensors.
pub fn slice_batch<T: Tensor, const N: usize>(values: &[T::Element]) -> &[T; N] {
    bytemuck::cast_slice(values).try_into().expect("the plan gives every value its place")
}

macro_rules! tensors {
    // Without a cast: what little is called here counts in debug builds.
    (@slice $values:expr, $from:ident $flattened:ident;) => { core::slice::$from($values) };
    (@slice $values:expr, $from:ident $flattened:ident; $size:ident) => { $values };
    (@slice $values:expr, $from:ident $flattened:ident; $first:ident $($rest:ident)+) => {
        tensors!(@slice $values.$flattened(), $from $flattened; $($rest)+)
    };
    ($($(#[$doc:meta])* $name:ident [$($size:ident),*] = $array:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Debug)]
        #[repr(transparent)]
        pub struct $name<$(const $size: usize,)* E = f32>(pub $array);

        // SAFETY: transparent over nested arrays of `E`, for which all-zero bytes are valid because `E` is `Zeroable`.
        unsafe impl<$(const $size: usize,)* E: Zeroable> Zeroable for $name<$($size,)* E> {}

        // SAFETY: transparent over nested arrays of `E`: no padding, any bytes valid, no pointers, because `E` is `Pod`.
        unsafe impl<$(const $size: usize,)* E: Pod> Pod for $name<$($size,)* E> {}

        impl<$(const $size: usize,)* E: Pod + PartialEq + Debug> Tensor for $name<$($size,)* E> {
            type Element = E;
            const SHAPE: &'static [usize] = &[$($size),*];
            const LEN: usize = 1 $(* $size)*;
            #[inline]
            fn as_slice(&self) -> &[E] {
                tensors!(@slice &self.0, from_ref as_flattened; $($size)*)
            }
            #[inline]
            fn as_mut_slice(&mut self) -> &mut [E] {
                tensors!(@slice &mut self.0, from_mut as_flattened_mut; $($size)*)
            }
        }

        impl<$(const $size: usize,)* E> Deref for $name<$($size,)* E> {
            type Target = $array;
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl<$(const $size: usize,)* E> DerefMut for $name<$($size,)* E> {
            fn deref_mut(&mut self) -> &mut Self::Target {
                &mut self.0
            }
        }

        impl<$(const $size: usize,)* E> From<$array> for $name<$($size,)* E> {
            fn from(values: $array) -> Self {
                $name(values)
            }
        }

        impl<$(const $size: usize,)* E: Pod> Default for $name<$($size,)* E> {
            fn default() -> Self {
                Self::zeroed()
            }
        }
    )*};
}

tensors! {
    /// One number.
    Tensor0 [] = E;
    /// A vector: `x[i]`.
    Tensor1 [A] = [E; A];
    /// A matrix: `x[row][column]`.
    Tensor2 [A, B] = [[E; B]; A];
    /// Three axes: `x[channel][row][column]`.
    Tensor3 [A, B, C] = [[[E; C]; B]; A];
    /// Four axes: `x[a][b][c][d]`.
    Tensor4 [A, B, C, D] = [[[[E; D]; C]; B]; A];
    /// Five axes: `x[a][b][c][d][e]`.
    Tensor5 [A, B, C, D, F] = [[[[[E; F]; D]; C]; B]; A];
    /// Six axes: `x[a][b][c][d][e][f]`.
    Tensor6 [A, B, C, D, F, G] = [[[[[[E; G]; F]; D]; C]; B]; A];
}

/// A rank as a type: for [`Ranked`].
pub struct Rank<const R: usize>;

/// Chooses the tensor of a rank that only a constant knows.
///
/// `<Rank<{ shape.rank() }> as Ranked<{ shape.dim(0) }, ..., f32>>::Tensor`
pub trait Ranked<const A: usize, const B: usize, const C: usize, const D: usize, const F: usize, const G: usize, E> {
    /// The tensor type.
    type Tensor;
}

macro_rules! ranked {
    ($($rank:literal $name:ident [$($size:ident),*];)*) => {$(
        impl<const A: usize, const B: usize, const C: usize, const D: usize, const F: usize, const G: usize, E>
            Ranked<A, B, C, D, F, G, E> for Rank<$rank>
        {
            type Tensor = $name<$($size,)* E>;
        }
    )*};
}

ranked! {
    0 Tensor0 [];
    1 Tensor1 [A];
    2 Tensor2 [A, B];
    3 Tensor3 [A, B, C];
    4 Tensor4 [A, B, C, D];
    5 Tensor5 [A, B, C, D, F];
    6 Tensor6 [A, B, C, D, F, G];
}
