//! Adagrad.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use core::mem::MaybeUninit;

use super::{Optimizer, zeroed_in};
use crate::kernels::{AdagradRule, Kernels};
use crate::{Parameters, Path, Zeroable};

/// Divides by the root of the sum of the squares of all gradients so far
/// ([Duchi et al. 2011](https://jmlr.org/papers/v12/duchi11a.html));
/// [`torch.optim.Adagrad`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html).
///
/// For each parameter `p` with gradient `g` at step `t`: `g ← ±g + weight_decay · p`, `s ← s + g²`,
/// `p ← p − lr / (1 + (t − 1) · lr_decay) · g / (√s + eps)`.
///
/// ```
/// use nn_core::optim::{Adagrad, Optimizer};
/// use nn_core::{layers::Linear, Parameters, Zeroable};
///
/// let mut layer = Linear::<2, 1>::zeroed();
/// let mut gradients = Linear::<2, 1>::zeroed();
/// gradients.weight[0] = [1.0, -2.0];
/// Adagrad::boxed(0.5).step(&mut layer, &gradients);
/// assert_eq!(layer.weight[0], [-0.5, 0.5]);
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Adagrad<T> {
    /// Learning rate.
    pub lr: f64,
    /// How fast the learning rate falls.
    pub lr_decay: f64,
    /// L2 penalty, added to the gradient.
    pub weight_decay: f64,
    /// What the sums begin with; read at the first step.
    pub initial_accumulator_value: f64,
    /// Added to the root.
    pub eps: f64,
    pub(super) steps: u64,
    /// Climbs instead of descending.
    pub maximize: bool,
    pub(super) sums: T,
}

// SAFETY: numbers, a truth value and a zeroable state, for all of which zero bytes are valid.
unsafe impl<T: Zeroable> Zeroable for Adagrad<T> {}

impl<T: Parameters> Adagrad<T> {
    /// With PyTorch's defaults.
    #[cfg(feature = "alloc")]
    pub fn boxed(lr: f64) -> Box<Self> {
        let mut optimizer: Box<Self> = bytemuck::zeroed_box();
        optimizer.set_defaults(lr);
        optimizer
    }

    /// With PyTorch's defaults, in memory that need not be initialised before, without a heap.
    pub fn init_in(memory: &mut MaybeUninit<Self>, lr: f64) -> &mut Self {
        let optimizer = zeroed_in(memory);
        optimizer.set_defaults(lr);
        optimizer
    }

    /// Sets the learning rate and PyTorch's defaults in memory that was zeroed; the state stays as it is.
    pub fn set_defaults(&mut self, lr: f64) {
        (self.lr, self.eps) = (lr, 1e-10);
    }
}

impl<T: Parameters> Optimizer<T> for Adagrad<T> {
    fn step(&mut self, network: &mut T, gradients: &T) {
        let rule = AdagradRule {
            lr: self.lr / (1.0 + self.steps as f64 * self.lr_decay),
            weight_decay: self.weight_decay,
            eps: self.eps,
            maximize: self.maximize,
            first: (self.steps == 0).then_some(self.initial_accumulator_value),
        };
        self.steps += 1;
        let write = [network, &mut self.sums];
        T::zip([gradients], write, &Path::ROOT, &mut |parameter, [gradient], [values, sums]| {
            if parameter.trainable {
                T::Element::adagrad_step(&rule, gradient, values, sums);
            }
        });
    }

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }
}
