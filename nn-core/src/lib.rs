//! The run time of `nn`.
#![no_std]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod element;
mod gradient;
pub mod kernels;

pub use element::{Element, Float};
pub use gradient::Gradient;
pub use nn_shape as shape;
