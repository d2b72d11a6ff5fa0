//! Stochastic gradient descent.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use core::mem::MaybeUninit;

use super::{Optimizer, zeroed_in};
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
    /// Momentum factor; a step panics if it is not 0 and there is no buffer: [`SGD::with_momentum`] has one.
    pub momentum: f64,
    /// How much of the gradient the momentum leaves out.
    pub dampening: f64,
    /// L2 penalty, added to the gradient.
    pub weight_decay: f64,
    /// Nesterov's momentum; a step panics without a momentum or with dampening.
    pub nesterov: bool,
    /// Climbs instead of descending.
    pub maximize: bool,
    /// The buffers hold a step's gradient.
    pub(super) filled: bool,
    pub(super) buffers: [T; BUFFERS],
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

impl<T: Parameters, const BUFFERS: usize> SGD<T, BUFFERS> {
    /// With PyTorch's defaults, in memory that need not be initialised before, without a heap. With a buffer, set `momentum`.
    pub fn init_in(memory: &mut MaybeUninit<Self>, lr: f64) -> &mut Self {
        let optimizer = zeroed_in(memory);
        optimizer.lr = lr;
        optimizer
    }

    /// Where the momentum is kept, if there is one.
    fn buffer(&mut self) -> Option<&mut T> {
        if self.momentum == 0.0 {
            return None;
        }
        let buffer = self.buffers.first_mut();
        assert!(
            buffer.is_some(),
            "nn: SGD needs a buffer for its momentum: `SGD::with_momentum` has one, `SGD::boxed` has none"
        );
        buffer
    }
}

impl<T: Parameters, const BUFFERS: usize> Optimizer<T> for SGD<T, BUFFERS> {
    fn step(&mut self, network: &mut T, gradients: &T) {
        let nesterov_holds = self.momentum > 0.0 && self.dampening == 0.0;
        assert!(!self.nesterov || nesterov_holds, "nn: Nesterov's momentum needs a momentum and no dampening");
        let rule = SgdRule {
            lr: self.lr,
            momentum: self.momentum,
            dampening: self.dampening,
            weight_decay: self.weight_decay,
            nesterov: self.nesterov,
            maximize: self.maximize,
            first: !self.filled,
        };
        match self.buffer() {
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
                });
                self.filled = true;
            }
        }
    }

    fn lr(&self) -> f64 {
        self.lr
    }

    fn set_lr(&mut self, lr: f64) {
        self.lr = lr;
    }

    fn set_momentum(&mut self, momentum: f64) {
        self.momentum = momentum;
    }
}
