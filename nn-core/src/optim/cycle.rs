//! Schedules that cycle learning rate and momentum.

use core::f64::consts::PI;

use super::{HasMomentum, Optimizer, Schedule};
use crate::Parameters;

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
    /// The momentum cycles too.
    pub cycle_momentum: bool,
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
            cycle_momentum: true,
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

    /// As [`Schedule::apply`], for optimisers with a momentum; one without does not compile, as PyTorch refuses it:
    ///
    /// ```compile_fail,E0277
    /// # use nn_core::{layers::Linear, optim::{Adagrad, OneCycleLR}};
    /// let mut optimizer = Adagrad::<Linear<3, 2>>::boxed(0.1);
    /// OneCycleLR::new(0.1, 100).apply(0, &mut optimizer);
    /// ```
    pub fn apply<T: Parameters>(&self, step: usize, optimizer: &mut (impl Optimizer<T> + HasMomentum<T>)) {
        Schedule::apply(self, step, optimizer);
    }
}

impl Schedule for OneCycleLR {
    fn lr(&self, step: usize) -> f64 {
        self.lr(step)
    }

    fn momentum(&self, step: usize) -> Option<f64> {
        self.cycle_momentum.then(|| self.momentum(step))
    }
}

/// How the cycles of [`CyclicLR`] shrink.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CyclicMode {
    /// They do not.
    #[default]
    Triangular,
    /// To half at each.
    Triangular2,
    /// By `gamma` at each step.
    ExpRange,
}

/// In lines from `base_lr` up to `max_lr` and back, again and again ([Smith 2017](https://arxiv.org/abs/1506.01186));
/// [`CyclicLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CyclicLR {
    /// The lowest learning rate.
    pub base_lr: f64,
    /// The highest, in the first cycle.
    pub max_lr: f64,
    /// Steps up.
    pub step_size_up: usize,
    /// Steps down; `None` for as many as up.
    pub step_size_down: Option<usize>,
    /// How the cycles shrink.
    pub mode: CyclicMode,
    /// The factor of [`CyclicMode::ExpRange`].
    pub gamma: f64,
    /// The momentum cycles too.
    pub cycle_momentum: bool,
    /// The lowest momentum, where the learning rate is highest.
    pub base_momentum: f64,
    /// The highest momentum.
    pub max_momentum: f64,
}

impl CyclicLR {
    /// With PyTorch's defaults.
    pub const fn new(base_lr: f64, max_lr: f64) -> Self {
        CyclicLR {
            base_lr,
            max_lr,
            step_size_up: 2000,
            step_size_down: None,
            mode: CyclicMode::Triangular,
            gamma: 1.0,
            cycle_momentum: true,
            base_momentum: 0.8,
            max_momentum: 0.9,
        }
    }

    /// How far up the learning rate is, 0 to 1.
    fn height(&self, step: usize) -> f64 {
        let up = self.step_size_up.max(1) as f64;
        let total = up + self.step_size_down.map_or(up, |down| down as f64);
        let (cycle, rise) = (libm::floor(1.0 + step as f64 / total), up / total);
        let x = 1.0 + step as f64 / total - cycle;
        let height = if x <= rise { x / rise } else { (x - 1.0) / (rise - 1.0) };
        height
            * match self.mode {
                CyclicMode::Triangular => 1.0,
                CyclicMode::Triangular2 => libm::pow(2.0, 1.0 - cycle),
                CyclicMode::ExpRange => libm::pow(self.gamma, step as f64),
            }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        self.base_lr + (self.max_lr - self.base_lr) * self.height(step)
    }

    /// The momentum (or Adam's β₁) after `step` steps, which falls while the learning rate rises.
    pub fn momentum(&self, step: usize) -> f64 {
        self.max_momentum - (self.max_momentum - self.base_momentum) * self.height(step)
    }

    /// As [`Schedule::apply`], for optimisers with a momentum; one without does not compile, as PyTorch refuses it:
    ///
    /// ```compile_fail,E0277
    /// # use nn_core::{layers::Linear, optim::{Adagrad, CyclicLR}};
    /// let mut optimizer = Adagrad::<Linear<3, 2>>::boxed(0.1);
    /// CyclicLR::new(0.1, 0.5).apply(0, &mut optimizer);
    /// ```
    pub fn apply<T: Parameters>(&self, step: usize, optimizer: &mut (impl Optimizer<T> + HasMomentum<T>)) {
        Schedule::apply(self, step, optimizer);
    }
}

impl Schedule for CyclicLR {
    fn lr(&self, step: usize) -> f64 {
        self.lr(step)
    }

    fn momentum(&self, step: usize) -> Option<f64> {
        self.cycle_momentum.then(|| self.momentum(step))
    }
}
