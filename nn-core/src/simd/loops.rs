//! Plain loops, compiled once for each instruction set and left to the optimiser.
//!
//! For kernels whose loops need no care beyond contiguous slices. Nothing here rounds differently: all sets give the same bits.

/// Declares a function that runs `body` on the best instruction set that the machine has. `body`, and whatever holds the loops below it,
/// must be `#[inline(always)]`: what is not inlined loses its instructions.
macro_rules! on_every_isa {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident<$element:ident: Float>(
        $($arg:ident: $type:ty),* $(,)?
    ) = $body:path;) => {
        $(#[$attribute])*
        #[allow(clippy::too_many_arguments)]
        $visibility fn $name<$element: $crate::Float>($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
            #[allow(clippy::too_many_arguments)]
            fn avx512<$element: $crate::Float>($($arg: $type),*) {
                $body($($arg),*)
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            fn avx2<$element: $crate::Float>($($arg: $type),*) {
                $body($($arg),*)
            }
            match $crate::simd::Isa::of::<$element>() {
                // SAFETY: the machine has the set.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Isa::Avx512 if const { $crate::simd::has_avx512::<$element>() } => unsafe { avx512($($arg),*) },
                // SAFETY: the machine has the set.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Isa::Avx2 => unsafe { avx2($($arg),*) },
                _ => $body($($arg),*),
            }
        }
    };
}
pub(crate) use on_every_isa;

/// As [`on_every_isa`], for loops that wait for memory, or for the machine to find the next value, however wide vectors are: what has AVX-512 runs the
/// form of AVX2, and `f64` has the portable form alone.
macro_rules! bound_by_memory {
    ($(#[$attribute:meta])* $visibility:vis fn $name:ident<$element:ident: Float>(
        $($arg:ident: $type:ty),* $(,)?
    ) = $body:path;) => {
        $(#[$attribute])*
        #[allow(clippy::too_many_arguments)]
        $visibility fn $name<$element: $crate::Float>($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            fn avx2<$element: $crate::Float>($($arg: $type),*) {
                $body($($arg),*)
            }
            #[cfg(target_arch = "x86_64")]
            if const { $crate::simd::has_avx512::<$element>() } {
                if let $crate::simd::Isa::Avx2 | $crate::simd::Isa::Avx512 = $crate::simd::Isa::current() {
                    // SAFETY: the machine has the set, which AVX-512 includes.
                    return unsafe { avx2($($arg),*) };
                }
            }
            $body($($arg),*)
        }
    };
}
pub(crate) use bound_by_memory;
