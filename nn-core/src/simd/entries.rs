//! One entry for each instruction set to a kernel that is generic over a vector.

/// Declares a function that runs `body`, generic over a [`Vector`](super::Vector), with the vectors of the current instruction set. `body`,
/// and whatever lies below it, must be `#[inline(always)]`: what is not inlined loses its instructions.
macro_rules! with_current_vectors {
    ($(#[$attribute:meta])* $visibility:vis unsafe fn $name:ident<$element:ident: Lanes>(
        $($arg:ident: $type:ty),* $(,)?
    ) = $body:path;) => {
        $(#[$attribute])*
        $visibility unsafe fn $name<$element: $crate::simd::Lanes>($($arg: $type),*) {
            use $body as body;
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
            unsafe fn avx512<$element: $crate::simd::Lanes>($($arg: $type),*) {
                // SAFETY: passed on to the caller.
                unsafe { body::<$element::Avx512>($($arg),*) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2<$element: $crate::simd::Lanes>($($arg: $type),*) {
                // SAFETY: passed on to the caller.
                unsafe { body::<$element::Avx2>($($arg),*) }
            }
            #[cfg(target_arch = "aarch64")]
            #[target_feature(enable = "neon")]
            unsafe fn neon<$element: $crate::simd::Lanes>($($arg: $type),*) {
                // SAFETY: passed on to the caller.
                unsafe { body::<$element::Neon>($($arg),*) }
            }
            match $crate::simd::Isa::of::<$element>() {
                // SAFETY: the machine has the set; the rest is passed on to the caller.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Isa::Avx512 if const { $crate::simd::has_avx512::<$element>() } => unsafe { avx512($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Isa::Avx2 => unsafe { avx2($($arg),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "aarch64")]
                $crate::simd::Isa::Neon => unsafe { neon($($arg),*) },
                // SAFETY: as above; every machine has this set.
                _ => unsafe { body::<$element::Portable>($($arg),*) },
            }
        }
    };
}
pub(crate) use with_current_vectors;
