//! One schedule after another.

use super::Schedule;

/// Each schedule in turn, from its milestone on;
/// [`SequentialLR`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html).
///
/// Each counts its steps from its milestone. For a product of schedules, PyTorch's `ChainedScheduler`, write the product as a
/// [`LambdaLR`](super::LambdaLR).
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
