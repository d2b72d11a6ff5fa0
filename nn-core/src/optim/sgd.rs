//! Stochastic gradient descent.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use super::Optimizer;
use crate::kernels::{Kernels, SgdRule};
use crate::{Parameters, Path, Zeroable};

/// Stochastic gradient descent, with momentum if `BUFFERS` is 1;
/// [`torch.optim.SGD`](https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html).
///
/// For each parameter `p` with gradient `g`:
/// `g ← ±g + weight_decay · p`, `b ← momentum · b + (1 − dampening) · g` (at the first step `b ← g`), `p ← p − lr · b`, or with `nesterov`
/// `p ← p − lr · (g + momentum · b)`.
///
/// ```
/// use nn_core::optim::{Optimizer, SGD};
/// use nn_core::{layers::Linear, Parameters, Zeroable};
///
/// let mut layer = Linear::<2, 1>::zeroed();
/// let mut gradients = Linear::<2, 1>::zeroed();
/// gradients.weight[0] = [1.0, -2.0];
/// let mut optimizer = SGD::boxed(0.5);
/// optimizer.step(&mut layer, &gradients);
/// assert_eq!(layer.weight[0], [-0.5, 1.0]);
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct SGD<T, const BUFFERS: usize = 0> {
    /// Learning rate.
    pub lr: f64,
    /// Momentum factor; only with a buffer, from [`SGD::with_momentum`].
    pub momentum: f64,
    /// How much of the gradient the momentum leaves out.
    pub dampening: f64,
    /// L2 penalty, added to the gradient.
    pub weight_decay: f64,
    steps: u64,
    /// Nesterov's momentum, which needs a momentum and no dampening.
    pub nesterov: bool,
    /// Climbs instead of descending.
    pub maximize: bool,
    buffers: [T; BUFFERS],
}

// SAFETY: numbers, truth values and zeroable buffers, for all of which zero bytes are valid.
unsafe impl<T: Zeroable, const BUFFERS: usize> Zeroable for SGD<T, BUFFERS> {}

impl<T: Parameters> SGD<T, 0> {
    /// Without momentum.
    #[cfg(feature = "alloc")]
    pub fn boxed(lr: f64) -> Box<Self> {
        let mut optimizer: Box<Self> = bytemuck::zeroed_box();
        optimizer.lr = lr;
        optimizer
    }
}

impl<T: Parameters> SGD<T, 1> {
    /// With momentum.
    #[cfg(feature = "alloc")]
    pub fn with_momentum(lr: f64, momentum: f64) -> Box<Self> {
        let mut optimizer: Box<Self> = bytemuck::zeroed_box();
        (optimizer.lr, optimizer.momentum) = (lr, momentum);
        optimizer
    }
}

impl<T: Parameters, const BUFFERS: usize> Optimizer<T> for SGD<T, BUFFERS> {
    fn step(&mut self, network: &mut T, gradients: &T) {
        let rule = SgdRule {
            lr: self.lr,
            momentum: self.momentum,
            dampening: self.dampening,
            weight_decay: self.weight_decay,
            nesterov: self.nesterov,
            maximize: self.maximize,
            first: self.steps == 0,
        };
        self.steps += 1;
        match self.buffers.first_mut() {
            None => T::zip([gradients], [network], &Path::ROOT, &mut |parameter, [gradient], [values]| {
                if parameter.trainable {
                    T::Element::sgd_step(&rule, gradient, values, &mut []);
                }
            }),
            Some(buffer) => {
                T::zip([gradients], [network, buffer], &Path::ROOT, &mut |parameter, [gradient], [values, buffer]| {
                    if parameter.trainable {
                        T::Element::sgd_step(&rule, gradient, values, buffer);
                    }
                })
            }
        }
    }

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }
}
