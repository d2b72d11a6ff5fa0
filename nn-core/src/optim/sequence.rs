//! Several schedules: one after another, or all at once.

use super::Schedule;

/// Each schedule in turn, from its milestone on;
/// [`SequentialLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html).
///
/// Each counts its steps from its milestone. [`ChainedScheduler`] runs several at once.
///
/// ```
/// use nn_core::optim::{CosineAnnealingLR, LinearLR, Schedule, SequentialLR};
///
/// let (warmup, rest) = (LinearLR::new(0.3), CosineAnnealingLR::new(0.3, 100));
/// let schedules: [&dyn Schedule; 2] = [&warmup, &rest];
/// let schedule = SequentialLR::new(&schedules, &[5]);
/// assert!((schedule.lr(0) - 0.1).abs() < 1e-12 && (schedule.lr(55) - 0.15).abs() < 1e-12);
/// ```
#[derive(Clone, Copy)]
pub struct SequentialLR<'a> {
    schedules: &'a [&'a dyn Schedule],
    milestones: &'a [usize],
}

impl<'a> SequentialLR<'a> {
    /// The schedules, and the step at which each but the first begins, in rising order.
    ///
    /// # Panics
    /// Unless there is one schedule more than there are milestones; in a `const`, that is a compile error.
    #[track_caller]
    pub const fn new(schedules: &'a [&'a dyn Schedule], milestones: &'a [usize]) -> Self {
        assert!(
            schedules.len() == milestones.len() + 1,
            "nn: SequentialLR has one schedule more than it has milestones"
        );
        SequentialLR { schedules, milestones }
    }

    /// The schedule of a step, and how many steps it has gone.
    fn at(&self, step: usize) -> (&'a dyn Schedule, usize) {
        let passed = self.milestones.iter().take_while(|milestone| **milestone <= step).count();
        let start = if passed == 0 { 0 } else { self.milestones[passed - 1] };
        (self.schedules[passed], step - start)
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        let (schedule, step) = self.at(step);
        schedule.lr(step)
    }
}

impl Schedule for SequentialLR<'_> {
    fn lr(&self, step: usize) -> f64 {
        self.lr(step)
    }

    fn momentum(&self, step: usize) -> Option<f64> {
        let (schedule, step) = self.at(step);
        schedule.momentum(step)
    }
}

/// All schedules at once, their factors multiplied;
/// [`ChainedScheduler`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html).
///
/// `lr · Π scheduleᵢ(step) / lr`, where every schedule is made for the same learning rate `lr`, as in PyTorch, where they share the optimiser. PyTorch
/// chains them step by step, which is the same for schedules that multiply: StepLR, MultiStepLR, ConstantLR, LinearLR, ExponentialLR,
/// PolynomialLR, MultiplicativeLR and CosineAnnealingLR down to 0. The others there ignore what the schedules before them did.
///
/// ```
/// use nn_core::optim::{ChainedScheduler, ConstantLR, ExponentialLR, Schedule};
///
/// let (warmup, decay) = (ConstantLR { lr: 0.5, factor: 0.1, total_iters: 2 }, ExponentialLR::new(0.5, 0.9));
/// let schedules: [&dyn Schedule; 2] = [&warmup, &decay];
/// let schedule = ChainedScheduler::new(0.5, &schedules);
/// assert!((schedule.lr(1) - 0.5 * 0.1 * 0.9).abs() < 1e-12 && (schedule.lr(2) - 0.5 * 0.9 * 0.9).abs() < 1e-12);
/// ```
#[derive(Clone, Copy)]
pub struct ChainedScheduler<'a> {
    lr: f64,
    schedules: &'a [&'a dyn Schedule],
}

impl<'a> ChainedScheduler<'a> {
    /// The learning rate that the schedules are made for, and the schedules.
    ///
    /// # Panics
    /// If there are no schedules; in a `const`, that is a compile error.
    #[track_caller]
    pub const fn new(lr: f64, schedules: &'a [&'a dyn Schedule]) -> Self {
        assert!(!schedules.is_empty(), "nn: ChainedScheduler needs a schedule");
        ChainedScheduler { lr, schedules }
    }

    /// The learning rate after `step` steps.
    pub fn lr(&self, step: usize) -> f64 {
        if self.lr == 0.0 {
            return 0.0;
        }
        self.schedules.iter().fold(self.lr, |lr, schedule| lr * (schedule.lr(step) / self.lr))
    }
}

impl Schedule for ChainedScheduler<'_> {
    fn lr(&self, step: usize) -> f64 {
        self.lr(step)
    }

    /// That of the last schedule that says one.
    fn momentum(&self, step: usize) -> Option<f64> {
        self.schedules.iter().rev().find_map(|schedule| schedule.momentum(step))
    }
}
