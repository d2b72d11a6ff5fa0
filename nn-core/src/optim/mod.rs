//! Optimisers with PyTorch's names, options and update rules, learning-rate schedules and gradient clipping.
//!
//! An optimiser holds its state (momentum and the like) in values of the network's own type, so its memory is fixed when the program is compiled
//! and a step allocates nothing.

mod adam;
mod clip;
mod schedule;
mod sgd;

pub use adam::{Adam, AdamW};
pub use clip::{clip_grad_norm, clip_grad_value, parameters_to_vector, vector_to_parameters};
pub use schedule::{CosineAnnealingLR, ExponentialLR, LinearLR, OneCycleLR, ReduceLROnPlateau, StepLR};
pub use sgd::SGD;

use crate::Parameters;

/// What all optimisers have in common, so that a training loop need not know which one it runs.
pub trait Optimizer<T: Parameters> {
    /// Moves every trainable parameter once. `#[frozen]` layers stay as they are.
    fn step(&mut self, network: &mut T, gradients: &T);

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate of the steps that follow: for schedules.
    fn set_lr(&mut self, lr: f64);
}
