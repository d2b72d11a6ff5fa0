//! Functions of their own for parts of a kernel.
//!
//! What is inlined into one function is optimised as a whole, and the time that takes grows faster than its size: parts of a large kernel that are called
//! seldom enough are functions of their own, compiled for the instruction set of their vector.

use super::Vector;

/// A function that [`apart`] declared.
pub(crate) trait Apart<V: Vector> {
    /// Its arguments.
    type Given<'a>;

    /// # Safety
    /// As the function says.
    unsafe fn run(given: Self::Given<'_>);
}

/// Declares a function that runs `body`, generic over a vector and over sizes, as a function of its own. `body`, and whatever lies below it, must be
/// `#[inline(always)]`.
macro_rules! apart {
    ($(#[$attribute:meta])* $visibility:vis unsafe fn $name:ident<$life:lifetime, $vector:ident $(, const $size:ident: usize)*>(
        $($arg:ident: $type:ty),* $(,)?
    ) = $body:ident;) => {
        $(#[$attribute])*
        #[inline(always)]
        #[allow(clippy::too_many_arguments)]
        $visibility unsafe fn $name<$life, $vector: $crate::simd::Vector $(, const $size: usize)*>($($arg: $type),*) {
            struct Function<$(const $size: usize),*>;
            impl<$vector: $crate::simd::Vector $(, const $size: usize)*> $crate::simd::Apart<$vector> for Function<$($size),*> {
                type Given<$life> = ($($type,)*);
                #[inline(always)]
                unsafe fn run(($($arg,)*): Self::Given<'_>) {
                    // SAFETY: passed on to the caller.
                    unsafe { $body::<$vector $(, $size)*>($($arg),*) }
                }
            }
            // SAFETY: passed on to the caller.
            unsafe { $vector::apart::<Function<$($size),*>>(($($arg,)*)) }
        }
    };
}
pub(crate) use apart;
