//! What goes into a network and comes out of it: tensors and tuples of tensors, of numbers and of indices.

use crate::Tensor;
use crate::tensor::{batch_slice, batch_slice_mut};

/// What a tensor may hold in a network of the element type `E`: numbers, or indices.
pub trait Holds<E>: bytemuck::Pod {
    /// The values, if they are numbers.
    fn numbers(values: &[Self]) -> &[E];
    /// The values, if they are numbers.
    fn numbers_mut(values: &mut [Self]) -> &mut [E];
    /// The values, if they are indices.
    fn indices(values: &[Self]) -> &[u32];
    /// The values, if they are indices.
    fn indices_mut(values: &mut [Self]) -> &mut [u32];
}

macro_rules! holds {
    ($($element:ident)*) => {$(
        impl Holds<$element> for $element {
            #[inline]
            fn numbers(values: &[$element]) -> &[$element] {
                values
            }
            #[inline]
            fn numbers_mut(values: &mut [$element]) -> &mut [$element] {
                values
            }
            #[inline]
            fn indices(_values: &[$element]) -> &[u32] {
                &[]
            }
            #[inline]
            fn indices_mut(_values: &mut [$element]) -> &mut [u32] {
                &mut []
            }
        }

        impl Holds<$element> for u32 {
            #[inline]
            fn numbers(_values: &[u32]) -> &[$element] {
                &[]
            }
            #[inline]
            fn numbers_mut(_values: &mut [u32]) -> &mut [$element] {
                &mut []
            }
            #[inline]
            fn indices(values: &[u32]) -> &[u32] {
                values
            }
            #[inline]
            fn indices_mut(values: &mut [u32]) -> &mut [u32] {
                values
            }
        }
    )*};
}

holds!(f32 f64);

/// The most tensors of an input or of a result.
pub(crate) const PARTS: usize = nn_shape::MAX_TENSORS;

/// No tensors. Written out, because debug builds compile it without optimisation.
#[inline(always)]
pub(crate) fn no_parts<'a, E>() -> [&'a mut [E]; PARTS] {
    [&mut [], &mut [], &mut [], &mut [], &mut [], &mut [], &mut [], &mut []]
}

/// A tensor, or a tuple of tensors: what goes into a network of the element type `E` and comes out of it, one sample.
///
/// A tensor holds numbers, or indices (`u32`); `()` stands for the gradient of indices, which there is none of.
pub trait Sample<E>: Copy {
    /// The numbers of one tensor of the tuple; none if it holds indices.
    fn part(&self, part: usize) -> &[E];
    /// The numbers of one tensor of the tuple; none if it holds indices.
    fn part_mut(&mut self, part: usize) -> &mut [E];
    /// The numbers of a batch, if a sample is one tensor that holds numbers.
    fn batch(samples: &[Self]) -> Option<&[E]> {
        let _ = samples;
        None
    }
    /// The numbers of a batch, if a sample is one tensor that holds numbers.
    fn batch_mut(samples: &mut [Self]) -> Option<&mut [E]> {
        let _ = samples;
        None
    }
    /// The numbers of all tensors of the tuple.
    fn parts(&self) -> [&[E]; PARTS];
    /// The numbers of all tensors of the tuple.
    fn parts_mut(&mut self) -> [&mut [E]; PARTS];
    /// The indices of one tensor of the tuple; none if it holds numbers.
    fn indices(&self, part: usize) -> &[u32];
    /// The indices of one tensor of the tuple; none if it holds numbers.
    fn indices_mut(&mut self, part: usize) -> &mut [u32];
}

impl<E, T: Tensor<Element: Holds<E>>> Sample<E> for T {
    fn part(&self, _part: usize) -> &[E] {
        T::Element::numbers(self.as_slice())
    }
    fn part_mut(&mut self, _part: usize) -> &mut [E] {
        T::Element::numbers_mut(self.as_mut_slice())
    }
    fn batch(samples: &[T]) -> Option<&[E]> {
        Some(T::Element::numbers(batch_slice(samples)))
    }
    fn batch_mut(samples: &mut [T]) -> Option<&mut [E]> {
        Some(T::Element::numbers_mut(batch_slice_mut(samples)))
    }
    #[inline(always)]
    fn parts(&self) -> [&[E]; PARTS] {
        let mut parts: [&[E]; PARTS] = [&[]; PARTS];
        parts[0] = self.part(0);
        parts
    }
    #[inline(always)]
    fn parts_mut(&mut self) -> [&mut [E]; PARTS] {
        let mut parts = no_parts();
        parts[0] = self.part_mut(0);
        parts
    }
    fn indices(&self, _part: usize) -> &[u32] {
        T::Element::indices(self.as_slice())
    }
    fn indices_mut(&mut self, _part: usize) -> &mut [u32] {
        T::Element::indices_mut(self.as_mut_slice())
    }
}

impl<E> Sample<E> for () {
    fn part(&self, _part: usize) -> &[E] {
        &[]
    }
    fn part_mut(&mut self, _part: usize) -> &mut [E] {
        &mut []
    }
    #[inline(always)]
    fn parts(&self) -> [&[E]; PARTS] {
        [&[]; PARTS]
    }
    #[inline(always)]
    fn parts_mut(&mut self) -> [&mut [E]; PARTS] {
        no_parts()
    }
    fn indices(&self, _part: usize) -> &[u32] {
        &[]
    }
    fn indices_mut(&mut self, _part: usize) -> &mut [u32] {
        &mut []
    }
}

macro_rules! tuple_sample {
    ($first:ident $($name:ident $index:tt)*) => {
        impl<E, $first: Sample<E>, $($name: Sample<E>),*> Sample<E> for ($first, $($name),*) {
            tuple_sample!(@part fn part(&self) -> &[E]; $($index)*);
            tuple_sample!(@part fn part_mut(&mut self) -> &mut [E]; $($index)*);
            #[inline(always)]
            fn parts(&self) -> [&[E]; PARTS] {
                let mut parts: [&[E]; PARTS] = [&[]; PARTS];
                parts[0] = self.0.part(0);
                $(parts[$index] = self.$index.part(0);)*
                parts
            }
            #[inline(always)]
            fn parts_mut(&mut self) -> [&mut [E]; PARTS] {
                let mut parts = no_parts();
                parts[0] = self.0.part_mut(0);
                $(parts[$index] = self.$index.part_mut(0);)*
                parts
            }
            tuple_sample!(@part fn indices(&self) -> &[u32]; $($index)*);
            tuple_sample!(@part fn indices_mut(&mut self) -> &mut [u32]; $($index)*);
        }
    };
    (@part fn $part:ident($($this:tt)+) -> $result:ty; $($index:tt)*) => {
        tuple_sample!(@method fn $part($($this)+) -> $result; $($index)*);
    };
    (@method fn $part:ident(&self) -> $result:ty; $($index:tt)*) => {
        fn $part(&self, part: usize) -> $result {
            match part {
                $($index => self.$index.$part(0),)*
                _ => self.0.$part(0),
            }
        }
    };
    (@method fn $part:ident(&mut self) -> $result:ty; $($index:tt)*) => {
        fn $part(&mut self, part: usize) -> $result {
            match part {
                $($index => self.$index.$part(0),)*
                _ => self.0.$part(0),
            }
        }
    };
}

tuple_sample!(T0);
tuple_sample!(T0 T1 1);
tuple_sample!(T0 T1 1 T2 2);
tuple_sample!(T0 T1 1 T2 2 T3 3);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4 T5 5);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6);
tuple_sample!(T0 T1 1 T2 2 T3 3 T4 4 T5 5 T6 6 T7 7);

/// Brings one tensor of each sample together.
pub fn gather<E: Copy, X: Sample<E>>(samples: &[X], part: usize, to: &mut [E]) {
    if let Some(from) = X::batch(samples) {
        return to.copy_from_slice(from);
    }
    let len = to.len() / samples.len().max(1);
    for (sample, to) in samples.iter().zip(to.chunks_exact_mut(len.max(1))) {
        to.copy_from_slice(sample.part(part));
    }
}

/// Gives each sample its tensor.
pub fn scatter<E: Copy, X: Sample<E>>(from: &[E], part: usize, samples: &mut [X]) {
    if let Some(to) = X::batch_mut(samples) {
        return to.copy_from_slice(from);
    }
    let len = from.len() / samples.len().max(1);
    for (sample, from) in samples.iter_mut().zip(from.chunks_exact(len.max(1))) {
        sample.part_mut(part).copy_from_slice(from);
    }
}

/// Brings one tensor of indices of each sample together.
pub(crate) fn gather_indices<E, X: Sample<E>>(samples: &[X], part: usize, to: &mut [u32]) {
    let len = to.len() / samples.len().max(1);
    for (sample, to) in samples.iter().zip(to.chunks_exact_mut(len.max(1))) {
        to.copy_from_slice(sample.indices(part));
    }
}

/// Gives each sample its tensor of indices.
pub(crate) fn scatter_indices<E, X: Sample<E>>(from: &[u32], part: usize, samples: &mut [X]) {
    let len = from.len() / samples.len().max(1);
    for (sample, from) in samples.iter_mut().zip(from.chunks_exact(len.max(1))) {
        sample.indices_mut(part).copy_from_slice(from);
    }
}
