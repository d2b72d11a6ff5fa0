//! What a layer of one's own is written with: `use nn::own::*;`

pub use nn_core::shape::{Arg, At, LAYER, Maker, Message, Needs, Shape, Violation};
pub use nn_core::{Backward, Element, Field, Float, Forward, Gradient, Layer, Parameters, Random, Rng, Saved, Tensor};
pub use nn_macros::layer;
