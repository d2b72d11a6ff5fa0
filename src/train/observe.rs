//! What a training tells of itself.

use std::fmt;
use std::time::Duration;
use std::vec::Vec;

/// Hears how a training goes: prints, draws, moves a progress bar. Every `FnMut(&Epoch)` is one.
pub trait Observer {
    /// The training begins, or goes on.
    fn begin(&mut self, plan: &Plan) {
        let _ = plan;
    }

    /// The optimiser has done a step.
    fn step(&mut self, step: &Step) {
        let _ = step;
    }

    /// An epoch is over.
    fn epoch(&mut self, epoch: &Epoch) {
        let _ = epoch;
    }
}

impl<F: FnMut(&Epoch)> Observer for F {
    fn epoch(&mut self, epoch: &Epoch) {
        self(epoch);
    }
}

/// How long a training is going to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// Epochs in all.
    pub epochs: usize,
    /// Epochs done before, if the training goes on from a checkpoint.
    pub done: usize,
    /// The optimiser's steps in each epoch.
    pub steps: usize,
}

/// One step.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct Step {
    /// The epoch, from 1 on.
    pub epoch: usize,
    /// Steps done in all.
    pub step: usize,
    /// The loss of the batch, before the step.
    pub loss: f64,
}

/// One epoch.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Epoch {
    /// Which one, from 1 on.
    pub number: usize,
    /// Of how many.
    pub of: usize,
    /// Over the batches of the epoch, each before its step and in training mode.
    pub train: Score,
    /// Over the validation data after the epoch, in evaluation mode.
    pub validation: Option<Score>,
    /// The learning rate of the last step.
    pub lr: f64,
    /// How long it took.
    pub duration: Duration,
}

impl Epoch {
    /// The loss that early stopping looks at: the validation's, or the training's where there is none.
    pub fn loss(&self) -> f64 {
        self.validation.as_ref().unwrap_or(&self.train).loss
    }
}

/// Loss and metrics.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Score {
    /// The mean of the loss.
    pub loss: f64,
    /// The means of the metrics, in the order in which they were asked for.
    pub metrics: Vec<(&'static str, f64)>,
}

impl Score {
    /// A metric by its name.
    pub fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "epoch {:>2}/{}   {}", self.number, self.of, self.train)?;
        if let Some(validation) = &self.validation {
            write!(f, "   validation {validation}")?;
        }
        write!(f, "   {:.1} s", self.duration.as_secs_f64())
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {:.4}", self.loss)?;
        self.metrics.iter().try_for_each(|(name, value)| write!(f, ", {name} {value:.4}"))
    }
}
