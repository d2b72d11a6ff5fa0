//! RMSprop.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use core::mem::MaybeUninit;

use super::{Optimizer, zeroed_in};
use crate::kernels::{Kernels, RmspropRule};
use crate::{Parameters, Path, Zeroable};

/// Divides by the root of the mean square of the last gradients
/// ([Hinton 2012](https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf)), with momentum if `BUFFERS` is 1, around their
/// mean if `CENTERED` is 1; [`torch.optim.RMSprop`](https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html).
///
/// For each parameter `p` with gradient `g`: `g ← ±g + weight_decay · p`, `v ← alpha · v + (1 − alpha) · g²`, with `CENTERED`
/// `m ← alpha · m + (1 − alpha) · g`; then `b ← momentum · b + g / (√(v − m²) + eps)` and `p ← p − lr · b`.
///
/// ```
/// use nn_core::optim::{Optimizer, RMSprop};
/// use nn_core::{layers::Linear, Parameters, Zeroable};
///
/// let mut layer = Linear::<2, 1>::zeroed();
/// let mut gradients = Linear::<2, 1>::zeroed();
/// gradients.weight[0] = [1.0, -2.0];
/// let mut optimizer = RMSprop::with_momentum(0.01, 0.9);
/// optimizer.step(&mut layer, &gradients);
/// assert!((layer.weight[0][0] + 0.1).abs() < 1e-6 && (layer.weight[0][1] - 0.1).abs() < 1e-6);
/// ```
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RMSprop<T, const BUFFERS: usize = 0, const CENTERED: usize = 0> {
    /// Learning rate.
    pub lr: f64,
    /// How much of the mean stays at a step.
    pub alpha: f64,
    /// Added to the root.
    pub eps: f64,
    /// L2 penalty, added to the gradient.
    pub weight_decay: f64,
    /// Momentum factor; a step panics if it is not 0 and there is no buffer: [`RMSprop::with_momentum`] has one.
    pub momentum: f64,
    /// Climbs instead of descending.
    pub maximize: bool,
    pub(super) squares: T,
    pub(super) buffers: [T; BUFFERS],
    pub(super) means: [T; CENTERED],
}

// SAFETY: numbers, a truth value and zeroable states, for all of which zero bytes are valid.
unsafe impl<T: Zeroable, const BUFFERS: usize, const CENTERED: usize> Zeroable for RMSprop<T, BUFFERS, CENTERED> {}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident <$buffers:literal, $centered:literal> ($($momentum:ident)?);)*) => {$(
        impl<T: Parameters> RMSprop<T, $buffers, $centered> {
            $(#[$doc])*
            #[cfg(feature = "alloc")]
            pub fn $name(lr: f64 $(, $momentum: f64)?) -> Box<Self> {
                let mut optimizer: Box<Self> = bytemuck::zeroed_box();
                optimizer.set_defaults(lr);
                $(optimizer.momentum = $momentum;)?
                optimizer
            }
        }
    )*};
}

constructors! {
    /// With PyTorch's defaults: without momentum.
    boxed<0, 0>();
    /// With momentum.
    with_momentum<1, 0>(momentum);
    /// The variance in place of the mean square: PyTorch's `centered = True`.
    centered<0, 1>();
    /// The variance in place of the mean square, with momentum.
    centered_with_momentum<1, 1>(momentum);
}

impl<T: Parameters, const BUFFERS: usize, const CENTERED: usize> RMSprop<T, BUFFERS, CENTERED> {
    /// With PyTorch's defaults, in memory that need not be initialised before, without a heap. With a buffer, set `momentum`.
    pub fn init_in(memory: &mut MaybeUninit<Self>, lr: f64) -> &mut Self {
        let optimizer = zeroed_in(memory);
        optimizer.set_defaults(lr);
        optimizer
    }

    /// Sets the learning rate and PyTorch's defaults in memory that was zeroed; the state stays as it is.
    pub fn set_defaults(&mut self, lr: f64) {
        (self.lr, self.alpha, self.eps) = (lr, 0.99, 1e-8);
    }
}

impl<T: Parameters, const BUFFERS: usize, const CENTERED: usize> Optimizer<T> for RMSprop<T, BUFFERS, CENTERED> {
    fn step(&mut self, network: &mut T, gradients: &T) {
        let rule = RmspropRule {
            lr: self.lr,
            alpha: self.alpha,
            eps: self.eps,
            weight_decay: self.weight_decay,
            momentum: self.momentum,
            maximize: self.maximize,
        };
        let has_momentum = self.momentum != 0.0;
        assert!(
            BUFFERS > 0 || !has_momentum,
            "nn: RMSprop needs a buffer for its momentum: `RMSprop::with_momentum` has one, `RMSprop::boxed` has none"
        );
        let (read, root, squares) = ([gradients], &Path::ROOT, &mut self.squares);
        match (self.means.first_mut(), self.buffers.first_mut().filter(|_| has_momentum)) {
            (None, None) => T::zip(read, [network, squares], root, &mut |parameter, [gradient], [values, v]| {
                if parameter.trainable {
                    T::Element::rmsprop_step(&rule, gradient, values, v, &mut [], &mut []);
                }
            }),
            (Some(m), None) => {
                T::zip(read, [network, squares, m], root, &mut |parameter, [gradient], [values, v, m]| {
                    if parameter.trainable {
                        T::Element::rmsprop_step(&rule, gradient, values, v, m, &mut []);
                    }
                })
            }
            (None, Some(b)) => {
                T::zip(read, [network, squares, b], root, &mut |parameter, [gradient], [values, v, b]| {
                    if parameter.trainable {
                        T::Element::rmsprop_step(&rule, gradient, values, v, &mut [], b);
                    }
                })
            }
            (Some(m), Some(b)) => {
                T::zip(read, [network, squares, m, b], root, &mut |parameter, [gradient], [values, v, m, b]| {
                    if parameter.trainable {
                        T::Element::rmsprop_step(&rule, gradient, values, v, m, b);
                    }
                });
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
