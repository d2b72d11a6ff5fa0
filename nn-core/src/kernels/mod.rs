//! What computes: functions on slices and geometries that know nothing of layers.
//!
//! They are generic over the element and the instruction set, and [`Kernels`] compiles each once for `f32` and once for `f64` here,
//! so that a user's crate, however many layers it has and however it is built, only calls them.

/// Declares the trait whose methods are the kernels compiled for one element, and implements it for `f32` and `f64`.
macro_rules! kernels {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),* $(,)?) = $path:path;)*) => {
        /// The kernels, compiled for one element type.
        pub trait Kernels: Sized {
            $($(#[$doc])* fn $name($($arg: $type),*);)*
        }
        kernels!(@implement f32; $(fn $name($($arg: $type),*) = $path;)*);
        kernels!(@implement f64; $(fn $name($($arg: $type),*) = $path;)*);
    };
    (@implement $element:ident; $(fn $name:ident($($arg:ident: $type:ty),*) = $path:path;)*) => {
        impl Kernels for $element {
            $(fn $name($($arg: $type),*) { $path($($arg),*) })*
        }
    };
}

kernels! {
}
