//! Optimisers with PyTorch's names, options and update rules, learning-rate schedules and gradient clipping.
//!
//! An optimiser holds its state (momentum and the like) in values of the network's own type, so its memory is fixed when the program is compiled
//! and a step allocates nothing. Its options are public fields with PyTorch's names, which may change between steps. `boxed` puts it on
//! the heap; `init_in` into memory of the caller's, such as a `static`.
//!
//! ```
//! use nn_core::optim::{AdamW, CosineAnnealingLR, Optimizer, clip_grad_norm};
//! use nn_core::{Parameters, Zeroable, layers::Linear};
//!
//! let schedule = CosineAnnealingLR::new(0.2, 200);
//! let mut optimizer = AdamW::boxed(schedule.lr(0));
//! optimizer.weight_decay = 0.0;
//!
//! // Minimises (w - 3)² / 2.
//! let mut network = Linear::<1, 1>::zeroed();
//! let mut gradients = Linear::<1, 1>::zeroed();
//! for step in 0..200 {
//!     gradients.set_zero();
//!     gradients.weight[0][0] = network.weight[0][0] - 3.0;
//!     clip_grad_norm(&mut gradients, 1.0, 2.0);
//!     optimizer.set_lr(schedule.lr(step));
//!     optimizer.step(&mut network, &gradients);
//! }
//! assert!((network.weight[0][0] - 3.0).abs() < 0.01);
//! ```

mod adam;
mod clip;
mod plateau;
mod schedule;
mod sgd;
mod state;

pub use adam::{Adam, AdamW};
pub use clip::{clip_grad_norm, clip_grad_value, parameters_to_vector, vector_to_parameters};
pub use plateau::ReduceLROnPlateau;
pub use schedule::{CosineAnnealingLR, ExponentialLR, LinearLR, MultiStepLR, OneCycleLR, StepLR};
pub use sgd::SGD;
pub use state::{OptimizerState, State};

use core::mem::MaybeUninit;

use crate::{Parameters, Zeroable};

/// What all optimisers have in common, so that a training loop need not know which one it runs.
pub trait Optimizer<T: Parameters> {
    /// Moves every trainable parameter once. `#[frozen]` layers stay as they are.
    fn step(&mut self, network: &mut T, gradients: &T);

    /// The learning rate.
    fn lr(&self) -> f64;

    /// Sets the learning rate of the steps that follow: for schedules.
    fn set_lr(&mut self, lr: f64);
}

/// Zeroes in place: an optimiser is several networks large, too large for the stack.
fn zeroed_in<O: Zeroable>(memory: &mut MaybeUninit<O>) -> &mut O {
    // SAFETY: the pointer is valid for writing one `O`, for which all-zero bytes are valid: it is `Zeroable`.
    unsafe {
        core::ptr::write_bytes(memory.as_mut_ptr(), 0, 1);
        memory.assume_init_mut()
    }
}
