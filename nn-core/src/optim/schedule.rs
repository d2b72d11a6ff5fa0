//! Learning-rate schedules: torch.optim.lr_scheduler.
//!
//! Each is a plain value whose `lr(step)` gives the learning rate after so many calls of PyTorch's `scheduler.step()`, and a
//! [`Schedule`], which sets it.

use core::f64::consts::PI;

use super::Schedule;

/// `lr · gamma^⌊step / step_size⌋`; [`StepLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct StepLR {
    /// The learning rate at the start.
    pub lr: f64,
    /// Steps between two changes.
    pub step_size: usize,
    /// What each change multiplies with.
    pub gamma: f64,
}

impl StepLR {
    /// With PyTorch's default of a tenth at each change.
    pub const fn new(lr: f64, step_size: usize) -> Self {
        StepLR { lr, step_size, gamma: 0.1 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        self.lr * libm::pow(self.gamma, (step / self.step_size.max(1)) as f64)
    }
}

/// `lr · gammaⁿ` after `n` of the milestones; [`MultiStepLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html).
///
/// ```
/// let schedule = nn_core::optim::MultiStepLR::new(1.0, &[30, 80]);
/// assert_eq!([29, 30, 80].map(|step| schedule.lr(step)), [1.0, 0.1, 0.1 * 0.1]);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MultiStepLR<'a> {
    /// The learning rate at the start.
    pub lr: f64,
    /// The steps at which the learning rate changes, in any order.
    pub milestones: &'a [usize],
    /// What each change multiplies with.
    pub gamma: f64,
}

impl<'a> MultiStepLR<'a> {
    /// With PyTorch's default of a tenth at each change.
    pub const fn new(lr: f64, milestones: &'a [usize]) -> Self {
        MultiStepLR { lr, milestones, gamma: 0.1 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let passed = self.milestones.iter().filter(|milestone| **milestone <= step).count();
        self.lr * libm::pow(self.gamma, passed as f64)
    }
}

/// `lr · gamma^step`; [`ExponentialLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ExponentialLR {
    /// The learning rate at the start.
    pub lr: f64,
    /// What each step multiplies with.
    pub gamma: f64,
}

impl ExponentialLR {
    /// What PyTorch asks for.
    pub const fn new(lr: f64, gamma: f64) -> Self {
        ExponentialLR { lr, gamma }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        self.lr * libm::pow(self.gamma, step as f64)
    }
}

/// The factor goes from `start_factor` to `end_factor` in `total_iters` steps;
/// [`LinearLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LinearLR {
    /// The learning rate that the factors multiply.
    pub lr: f64,
    /// The first factor; PyTorch's default is 1/3.
    pub start_factor: f64,
    /// The last factor.
    pub end_factor: f64,
    /// Steps between them.
    pub total_iters: usize,
}

impl LinearLR {
    /// With PyTorch's defaults: from a third to the whole in five steps.
    pub const fn new(lr: f64) -> Self {
        LinearLR { lr, start_factor: 1.0 / 3.0, end_factor: 1.0, total_iters: 5 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let done = step.min(self.total_iters) as f64 / self.total_iters.max(1) as f64;
        self.lr * (self.start_factor + (self.end_factor - self.start_factor) * done)
    }
}

/// `eta_min + (lr − eta_min) · (1 + cos(π · step / t_max)) / 2` ([Loshchilov & Hutter 2017](https://arxiv.org/abs/1608.03983));
/// [`CosineAnnealingLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CosineAnnealingLR {
    /// The learning rate at the start.
    pub lr: f64,
    /// Steps to the minimum.
    pub t_max: usize,
    /// The minimum.
    pub eta_min: f64,
}

impl CosineAnnealingLR {
    /// With PyTorch's default: down to 0.
    pub const fn new(lr: f64, t_max: usize) -> Self {
        CosineAnnealingLR { lr, t_max, eta_min: 0.0 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let angle = PI * step as f64 / self.t_max.max(1) as f64;
        self.eta_min + (self.lr - self.eta_min) * (1.0 + libm::cos(angle)) / 2.0
    }
}

/// `lr · factor` for the first `total_iters` steps, then `lr`;
/// [`ConstantLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ConstantLR {
    /// The learning rate that the factor multiplies.
    pub lr: f64,
    /// The factor; PyTorch's default is 1/3.
    pub factor: f64,
    /// Steps with the factor.
    pub total_iters: usize,
}

impl ConstantLR {
    /// With PyTorch's defaults: a third for five steps.
    pub const fn new(lr: f64) -> Self {
        ConstantLR { lr, factor: 1.0 / 3.0, total_iters: 5 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        if step < self.total_iters { self.lr * self.factor } else { self.lr }
    }
}

/// `lr · (1 − step / total_iters)^power`, after `total_iters` steps 0;
/// [`PolynomialLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PolynomialLR {
    /// The learning rate at the start.
    pub lr: f64,
    /// Steps to 0.
    pub total_iters: usize,
    /// The exponent.
    pub power: f64,
}

impl PolynomialLR {
    /// With PyTorch's defaults: a line down to 0 in five steps.
    pub const fn new(lr: f64) -> Self {
        PolynomialLR { lr, total_iters: 5, power: 1.0 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let left = 1.0 - step.min(self.total_iters) as f64 / self.total_iters.max(1) as f64;
        self.lr * libm::pow(left, self.power)
    }
}

/// Half a cosine wave from `lr` down to `eta_min` again and again, each `t_mult` times as long as the one before
/// ([Loshchilov & Hutter 2017](https://arxiv.org/abs/1608.03983));
/// [`CosineAnnealingWarmRestarts`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CosineAnnealingWarmRestarts {
    /// The learning rate at each start.
    pub lr: f64,
    /// Steps to the first restart.
    pub t_0: usize,
    /// What each restart multiplies the number of steps with.
    pub t_mult: usize,
    /// The minimum.
    pub eta_min: f64,
}

impl CosineAnnealingWarmRestarts {
    /// With PyTorch's defaults: waves of the same length down to 0.
    pub const fn new(lr: f64, t_0: usize) -> Self {
        CosineAnnealingWarmRestarts { lr, t_0, t_mult: 1, eta_min: 0.0 }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let (mut step, mut len) = (step, self.t_0.max(1));
        while self.t_mult > 1 && step >= len {
            step -= len;
            len = len.saturating_mul(self.t_mult);
        }
        CosineAnnealingLR { lr: self.lr, t_max: len, eta_min: self.eta_min }.lr(step % len)
    }
}

/// `lr · lr_lambda(step)`; [`LambdaLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html).
///
/// ```
/// let schedule = nn_core::optim::LambdaLR::new(0.5, |step| 1.0 / (1 + step) as f64);
/// assert_eq!([0, 1, 4].map(|step| schedule.lr(step)), [0.5, 0.25, 0.1]);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct LambdaLR<F> {
    /// The learning rate that the factors multiply.
    pub lr: f64,
    /// The factor of each step.
    pub lr_lambda: F,
}

impl<F: Fn(usize) -> f64> LambdaLR<F> {
    /// What PyTorch asks for.
    pub const fn new(lr: f64, lr_lambda: F) -> Self {
        LambdaLR { lr, lr_lambda }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        self.lr * (self.lr_lambda)(step)
    }
}

/// `lr · lr_lambda(1) · … · lr_lambda(step)`; [`MultiplicativeLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct MultiplicativeLR<F> {
    /// The learning rate at the start.
    pub lr: f64,
    /// What each step multiplies with.
    pub lr_lambda: F,
}

impl<F: Fn(usize) -> f64> MultiplicativeLR<F> {
    /// What PyTorch asks for.
    pub const fn new(lr: f64, lr_lambda: F) -> Self {
        MultiplicativeLR { lr, lr_lambda }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        (1..=step).fold(self.lr, |lr, step| lr * (self.lr_lambda)(step))
    }
}

macro_rules! schedules {
    ($([$($generics:tt)*] $name:ty;)*) => {$(
        impl<$($generics)*> Schedule for $name {
            fn lr(&self, step: usize) -> f64 {
                self.lr(step)
            }
        }
    )*};
}

schedules! {
    [] StepLR;
    [] MultiStepLR<'_>;
    [] ExponentialLR;
    [] LinearLR;
    [] CosineAnnealingLR;
    [] ConstantLR;
    [] PolynomialLR;
    [] CosineAnnealingWarmRestarts;
    [F: Fn(usize) -> f64] LambdaLR<F>;
    [F: Fn(usize) -> f64] MultiplicativeLR<F>;
}
