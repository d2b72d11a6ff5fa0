//! Adam and AdamW.

#[cfg(feature = "alloc")]
use alloc::boxed::Box;

use core::mem::MaybeUninit;

use super::{Optimizer, zeroed_in};
use crate::kernels::{AdamRule, Kernels};
use crate::{Parameters, Path, Zeroable};

macro_rules! adam {
    ($(#[$doc:meta])* $name:ident, weight_decay: $weight_decay:literal, decoupled: $decoupled:literal) => {
        $(#[$doc])*
        ///
        /// With `AMSGRAD` = 1 the second moment is the largest so far
        /// ([Reddi et al. 2018](https://openreview.net/forum?id=ryQu7f-RZ)); only then it takes a third state.
        #[derive(Clone, Copy)]
        #[repr(C)]
        pub struct $name<T, const AMSGRAD: usize = 0> {
            /// Learning rate.
            pub lr: f64,
            /// Decay of the first and of the second moment. The first is what `OneCycleLR` cycles.
            pub betas: (f64, f64),
            /// Added to the root of the second moment.
            pub eps: f64,
            /// Weight decay.
            pub weight_decay: f64,
            pub(super) steps: u64,
            /// Climbs instead of descending.
            pub maximize: bool,
            pub(super) moments: [T; 2],
            pub(super) largest: [T; AMSGRAD],
        }

        // SAFETY: numbers, a truth value and zeroable states, for all of which zero bytes are valid.
        unsafe impl<T: Zeroable, const AMSGRAD: usize> Zeroable for $name<T, AMSGRAD> {}

        impl<T: Parameters> $name<T, 0> {
            /// With PyTorch's defaults.
            #[cfg(feature = "alloc")]
            pub fn boxed(lr: f64) -> Box<Self> {
                Self::with_defaults(lr)
            }
        }

        impl<T: Parameters> $name<T, 1> {
            /// The AMSGrad variant, with PyTorch's defaults.
            #[cfg(feature = "alloc")]
            pub fn amsgrad(lr: f64) -> Box<Self> {
                Self::with_defaults(lr)
            }
        }

        impl<T: Parameters, const AMSGRAD: usize> $name<T, AMSGRAD> {
            #[cfg(feature = "alloc")]
            fn with_defaults(lr: f64) -> Box<Self> {
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
                (self.lr, self.betas, self.eps, self.weight_decay) = (lr, (0.9, 0.999), 1e-8, $weight_decay);
            }
        }

        impl<T: Parameters, const AMSGRAD: usize> Optimizer<T> for $name<T, AMSGRAD> {
            fn step(&mut self, network: &mut T, gradients: &T) {
                self.steps += 1;
                let step = self.steps as f64;
                let rule = AdamRule {
                    lr: self.lr,
                    betas: self.betas,
                    eps: self.eps,
                    weight_decay: self.weight_decay,
                    decoupled: $decoupled,
                    maximize: self.maximize,
                    corrections: (1.0 - libm::pow(self.betas.0, step), 1.0 - libm::pow(self.betas.1, step)),
                };
                let [m, v] = &mut self.moments;
                match self.largest.first_mut() {
                    None => T::zip([gradients], [network, m, v], &Path::ROOT, &mut |parameter, [gradient], [values, m, v]| {
                        if parameter.trainable {
                            T::Element::adam_step(&rule, gradient, values, m, v, &mut []);
                        }
                    }),
                    Some(w) => T::zip([gradients], [network, m, v, w], &Path::ROOT, &mut |parameter, [gradient], [values, m, v, w]| {
                        if parameter.trainable {
                            T::Element::adam_step(&rule, gradient, values, m, v, w);
                        }
                    }),
                }
            }

            fn lr(&self) -> f64 {
                self.lr
            }

            fn set_lr(&mut self, lr: f64) {
                self.lr = lr;
            }

            fn set_momentum(&mut self, momentum: f64) {
                self.betas.0 = momentum;
            }
        }
    };
}

adam! {
    /// Adam ([Kingma & Ba 2015](https://arxiv.org/abs/1412.6980));
    /// [`torch.optim.Adam`](https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html).
    ///
    /// For each parameter `p` with gradient `g` at step `t`: `g ← ±g + weight_decay · p`, `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`,
    /// `p ← p − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + eps)`.
    Adam, weight_decay: 0.0, decoupled: false
}

adam! {
    /// Adam with decoupled weight decay ([Loshchilov & Hutter 2019](https://arxiv.org/abs/1711.05101));
    /// [`torch.optim.AdamW`](https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html).
    ///
    /// As [`Adam`], but `p ← p · (1 − lr · weight_decay)` in place of the penalty on the gradient.
    AdamW, weight_decay: 0.01, decoupled: true
}
