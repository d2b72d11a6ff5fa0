//! Optimisers with PyTorch's names, options and update rules, learning-rate schedules and gradient clipping.
//!
//! An optimiser holds its state (momentum and the like) in values of the network's own type, so its memory is fixed when the program is compiled
//! and a step allocates nothing. Its options are public fields with PyTorch's names, which may change between steps. `boxed` puts it on
//! the heap; `init_in` into memory of the caller's, such as a `static`.
//!
//! ```
//! use nn_core::optim::{AdamW, CosineAnnealingLR, Optimizer, Schedule, clip_grad_norm};
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
//!     schedule.apply(step, &mut optimizer);
//!     optimizer.step(&mut network, &gradients);
//! }
//! assert!((network.weight[0][0] - 3.0).abs() < 0.01);
//! ```

mod adagrad;
mod adam;
mod clip;
mod cycle;
mod plateau;
mod rmsprop;
mod schedule;
mod sequence;
mod sgd;
mod state;

pub use adagrad::Adagrad;
pub use adam::{Adam, AdamW};
pub use clip::{clip_grad_norm, clip_grad_value, parameters_to_vector, vector_to_parameters};
pub use cycle::{CyclicLR, CyclicMode, OneCycleLR};
pub use plateau::ReduceLROnPlateau;
pub use rmsprop::RMSprop;
pub use schedule::{
    ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, ExponentialLR, LambdaLR, LinearLR, MultiStepLR,
    MultiplicativeLR, PolynomialLR, StepLR,
};
pub use sequence::{ChainedScheduler, SequentialLR};
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

    /// Sets the momentum of the steps that follow, for Adam β₁: for schedules that cycle it.
    ///
    /// # Panics
    /// If the optimiser has no momentum.
    fn set_momentum(&mut self, momentum: f64) {
        panic!("nn: this optimiser has no momentum that could be set to {momentum}: `cycle_momentum = false`");
    }
}

/// An optimiser with a momentum, or Adam's β₁: what [`OneCycleLR`] and [`CyclicLR`] cycle.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no momentum that the schedule could cycle",
    note = "SGD and RMSprop have one if they are made with `with_momentum`; Adam and AdamW have their first beta",
    note = "for the learning rate alone, PyTorch's `cycle_momentum=False`, write `optimizer.set_lr(schedule.lr(step))`"
)]
pub trait HasMomentum<T> {}

impl<T> HasMomentum<T> for SGD<T, 1> {}
impl<T, const AMSGRAD: usize> HasMomentum<T> for Adam<T, AMSGRAD> {}
impl<T, const AMSGRAD: usize> HasMomentum<T> for AdamW<T, AMSGRAD> {}
impl<T, const CENTERED: usize> HasMomentum<T> for RMSprop<T, 1, CENTERED> {}
#[cfg(feature = "alloc")]
impl<T, O: HasMomentum<T>> HasMomentum<T> for alloc::boxed::Box<O> {}

#[cfg(feature = "alloc")]
impl<T: Parameters, O: Optimizer<T>> Optimizer<T> for alloc::boxed::Box<O> {
    fn step(&mut self, network: &mut T, gradients: &T) {
        (**self).step(network, gradients);
    }

    fn lr(&self) -> f64 {
        (**self).lr()
    }

    fn set_lr(&mut self, lr: f64) {
        (**self).set_lr(lr);
    }

    fn set_momentum(&mut self, momentum: f64) {
        (**self).set_momentum(momentum);
    }
}

/// What gives the learning rate of each step, and for some the momentum.
///
/// ```
/// use nn_core::optim::{OneCycleLR, Optimizer, SGD, Schedule};
/// use nn_core::layers::Linear;
///
/// let schedule = OneCycleLR::new(0.1, 100);
/// let mut optimizer = SGD::<Linear<3, 2>, 1>::with_momentum(schedule.lr(0), 0.9);
/// schedule.apply(29, &mut optimizer);
/// assert!((optimizer.lr - 0.1).abs() < 1e-12 && (optimizer.momentum - 0.85).abs() < 1e-12);
/// ```
pub trait Schedule {
    /// The learning rate after `step` calls of PyTorch's `scheduler.step()`.
    fn lr(&self, step: usize) -> f64;

    /// The momentum, or Adam's β₁, if the schedule says one.
    fn momentum(&self, step: usize) -> Option<f64> {
        let _ = step;
        None
    }

    /// Sets the learning rate of an optimiser, and its momentum if the schedule says one.
    ///
    /// # Panics
    /// If the schedule says a momentum and the optimiser has none.
    fn apply<T: Parameters>(&self, step: usize, optimizer: &mut impl Optimizer<T>)
    where
        Self: Sized,
    {
        optimizer.set_lr(self.lr(step));
        if let Some(momentum) = self.momentum(step) {
            optimizer.set_momentum(momentum);
        }
    }
}

/// Zeroes in place: an optimiser is several networks large, too large for the stack.
fn zeroed_in<O: Zeroable>(memory: &mut MaybeUninit<O>) -> &mut O {
    // SAFETY: the pointer is valid for writing one `O`, for which all-zero bytes are valid: it is `Zeroable`.
    unsafe {
        core::ptr::write_bytes(memory.as_mut_ptr(), 0, 1);
        memory.assume_init_mut()
    }
}
