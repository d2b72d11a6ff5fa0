//! The schedule that looks at a metric, and so has a state.

use super::Schedule;

/// Multiplies the learning rate with `factor` when a metric has not improved for more than `patience` calls;
/// [`ReduceLROnPlateau`](https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html).
///
/// ```
/// let mut schedule = nn_core::optim::ReduceLROnPlateau::new(0.1);
/// schedule.patience = 1;
/// assert_eq!([0.5, 0.4, 0.4, 0.4].map(|loss| schedule.step(loss)), [0.1, 0.1, 0.1, 0.1 * 0.1]);
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ReduceLROnPlateau {
    /// The learning rate now.
    pub lr: f64,
    /// The metric shall grow, not fall.
    pub maximize: bool,
    /// What a reduction multiplies with.
    pub factor: f64,
    /// Calls without improvement that are borne.
    pub patience: usize,
    /// What counts as an improvement.
    pub threshold: f64,
    /// The threshold is a difference, not a part of the best value.
    pub absolute: bool,
    /// Calls after a reduction during which nothing is counted.
    pub cooldown: usize,
    /// The learning rate never falls below this.
    pub min_lr: f64,
    /// Reductions smaller than this are left out.
    pub eps: f64,
    /// NaN before the first metric, which improves on anything.
    best: f64,
    bad: usize,
    cooling: usize,
}

impl ReduceLROnPlateau {
    /// With PyTorch's defaults, for a metric that shall fall.
    pub const fn new(lr: f64) -> Self {
        ReduceLROnPlateau {
            lr,
            maximize: false,
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            absolute: false,
            cooldown: 0,
            min_lr: 0.0,
            eps: 1e-8,
            best: f64::NAN,
            bad: 0,
            cooling: 0,
        }
    }

    /// Looks at the metric of an epoch and gives the learning rate of the next.
    pub fn step(&mut self, metric: f64) -> f64 {
        if self.improves(metric) {
            (self.best, self.bad) = (metric, 0);
        } else {
            self.bad += 1;
        }
        if self.cooling > 0 {
            self.cooling -= 1;
            self.bad = 0;
        }
        if self.bad > self.patience {
            let lower = (self.lr * self.factor).max(self.min_lr);
            if self.lr - lower > self.eps {
                self.lr = lower;
            }
            (self.cooling, self.bad) = (self.cooldown, 0);
        }
        self.lr
    }

    /// Visits what [`step`](Self::step) changes, under PyTorch's names: for checkpoints. What is written becomes the state.
    pub fn visit_state(&mut self, visit: &mut dyn FnMut(&'static str, &mut f64)) {
        visit("lr", &mut self.lr);
        visit("best", &mut self.best);
        for (name, count) in [("num_bad_epochs", &mut self.bad), ("cooldown_counter", &mut self.cooling)] {
            let mut number = *count as f64;
            visit(name, &mut number);
            *count = number as usize;
        }
    }

    /// As in PyTorch, an infinite best value that is scaled stays infinite.
    fn improves(&self, metric: f64) -> bool {
        let best = match (self.best.is_nan(), self.maximize) {
            (true, false) => f64::INFINITY,
            (true, true) => f64::NEG_INFINITY,
            (false, _) => self.best,
        };
        match (self.maximize, self.absolute) {
            (false, false) => metric < best * (1.0 - self.threshold),
            (false, true) => metric < best - self.threshold,
            (true, false) => metric > best * (1.0 + self.threshold),
            (true, true) => metric > best + self.threshold,
        }
    }
}

/// The learning rate as it is since the last [`step`](ReduceLROnPlateau::step), whatever the number.
impl Schedule for ReduceLROnPlateau {
    fn lr(&self, _: usize) -> f64 {
        self.lr
    }
}
