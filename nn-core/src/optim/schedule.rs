//! Learning-rate schedules: torch.optim.lr_scheduler.
//!
//! Each is a plain value whose `lr(step)` gives the learning rate after so many calls of PyTorch's `scheduler.step()`.

use core::f64::consts::PI;

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

/// Up to `max_lr` and down to almost nothing ([Smith & Topin 2018](https://arxiv.org/abs/1708.07120));
/// [`OneCycleLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html).
///
/// From `max_lr / div_factor` up to `max_lr` in the first `pct_start` of the steps, then down to
/// `max_lr / div_factor / final_div_factor`; with `three_phase`, down as long as up, and then to the end.
///
/// ```
/// let schedule = nn_core::optim::OneCycleLR::new(0.1, 100);
/// assert!((schedule.lr(0) - 0.004).abs() < 1e-12);
/// assert!((schedule.lr(29) - 0.1).abs() < 1e-12);
/// assert!(schedule.lr(99) < 1e-6);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OneCycleLR {
    /// The highest learning rate.
    pub max_lr: f64,
    /// Steps of the whole cycle.
    pub total_steps: usize,
    /// The part of the cycle in which the learning rate rises.
    pub pct_start: f64,
    /// Straight lines instead of cosines.
    pub linear: bool,
    /// The lowest momentum, where the learning rate is highest.
    pub base_momentum: f64,
    /// The highest momentum.
    pub max_momentum: f64,
    /// The first learning rate is `max_lr / div_factor`.
    pub div_factor: f64,
    /// The last is the first divided by this.
    pub final_div_factor: f64,
    /// A fall as long as the rise, then a third phase.
    pub three_phase: bool,
}

impl OneCycleLR {
    /// With PyTorch's defaults.
    pub const fn new(max_lr: f64, total_steps: usize) -> Self {
        OneCycleLR {
            max_lr,
            total_steps,
            pct_start: 0.3,
            linear: false,
            base_momentum: 0.85,
            max_momentum: 0.95,
            div_factor: 25.0,
            final_div_factor: 1e4,
            three_phase: false,
        }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let initial = self.max_lr / self.div_factor;
        let last = initial / self.final_div_factor;
        let levels =
            if self.three_phase { [initial, self.max_lr, initial, last] } else { [initial, self.max_lr, last, last] };
        self.at(step, levels)
    }

    /// The momentum (or Adam's β₁) after `step` steps, which falls while the learning rate rises.
    pub fn momentum(&self, step: usize) -> f64 {
        let (low, high) = (self.base_momentum, self.max_momentum);
        self.at(step, [high, low, high, high])
    }

    /// The level at the ends of the phases, and between them.
    fn at(&self, step: usize, levels: [f64; 4]) -> f64 {
        let (total, step) = (self.total_steps as f64, step as f64);
        let rise = self.pct_start * total - 1.0;
        let ends = if self.three_phase {
            [rise, 2.0 * self.pct_start * total - 2.0, total - 1.0]
        } else {
            [rise, total - 1.0, total - 1.0]
        };
        let mut from = 0.0;
        for (phase, end) in ends.into_iter().enumerate() {
            if step <= end || phase == 2 {
                let done = if end > from { ((step - from) / (end - from)).min(1.0) } else { 1.0 };
                return self.anneal(levels[phase], levels[phase + 1], done);
            }
            from = end;
        }
        levels[3]
    }

    fn anneal(&self, start: f64, end: f64, done: f64) -> f64 {
        if self.linear {
            start + (end - start) * done
        } else {
            end + (start - end) / 2.0 * (1.0 + libm::cos(PI * done))
        }
    }
}
