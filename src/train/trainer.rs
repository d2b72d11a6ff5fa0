//! The training loop.

use std::boxed::Box;
use std::fmt;
use std::time::Instant;
use std::vec::Vec;

use super::Criterion;
use super::observe::{Epoch, Observer, Plan, Step};
use super::step::{Job, Sums, Workers, copy, evaluate, mix};
use crate::Network;
use crate::data::{Dataset, shuffled};
use crate::optim::{Optimizer, ReduceLROnPlateau, clip_grad_norm};
#[cfg(feature = "safetensors")]
use crate::{
    optim::OptimizerState,
    weights::{Checkpoint, WeightsError},
};

/// Trains a network; see the [module](super).
pub struct Trainer<'a, M: Network, O, L, Y> {
    /// The network.
    pub network: Box<M>,
    /// The optimiser.
    pub optimizer: Box<O>,
    loss: L,
    epochs: usize,
    seed: u64,
    shuffle: bool,
    remainder: Remainder,
    accumulate: usize,
    threads: usize,
    patience: Option<u64>,
    max_norm: Option<f64>,
    metrics: Vec<Metric<'a, M, Y>>,
    schedule: Option<Schedule<'a, O>>,
    plateau: Option<ReduceLROnPlateau>,
    after_epoch: Option<AfterEpoch<'a, O>>,
    observers: Vec<Box<dyn Observer + 'a>>,
    validation: Option<Box<dyn Dataset<Input = M::Input, Target = Y> + 'a>>,
    progress: Progress,
    /// The network with the lowest loss so far, if it is to be kept.
    best: Option<Box<M>>,
    #[cfg(feature = "safetensors")]
    checkpoint: Option<(std::path::PathBuf, SaveFn<'a, M, O, L, Y>)>,
}

type Schedule<'a, O> = Box<dyn FnMut(&mut O, usize) + 'a>;
type AfterEpoch<'a, O> = Box<dyn FnMut(&mut O, &Epoch) + 'a>;

#[cfg(feature = "safetensors")]
type SaveFn<'a, M, O, L, Y> = fn(&mut Trainer<'a, M, O, L, Y>, &std::path::Path) -> Result<(), WeightsError>;

/// How far a training has come.
#[derive(Clone, Copy, Debug)]
struct Progress {
    epochs: u64,
    steps: u64,
    /// Epochs since the loss was lowest.
    stale: u64,
    lowest: f64,
}

/// A mean over samples.
pub(super) struct Metric<'a, M: Network, Y> {
    pub(super) name: &'static str,
    #[allow(clippy::type_complexity)]
    pub(super) value: Box<dyn Fn(&M::Output, &Y) -> f64 + Sync + 'a>,
}

/// What happens to the samples of an epoch that do not fill a batch; batches have one size because memory is planned for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Remainder {
    /// They sit out; the next epoch shuffles them in. PyTorch's `drop_last=True`.
    #[default]
    Drop,
    /// The first ones of the epoch come again to fill the batch.
    Wrap,
}

/// Why a training stopped. Its `Debug` is its `Display`.
#[non_exhaustive]
pub enum TrainError {
    /// Not even one batch.
    TooFew {
        /// Samples that there are.
        samples: usize,
        /// Samples of a batch.
        batch: usize,
    },
    /// A checkpoint could not be written.
    #[cfg(feature = "safetensors")]
    Checkpoint(WeightsError),
}

impl fmt::Debug for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrainError::TooFew { samples, batch } => write!(
                f,
                "{samples} samples do not fill a batch of {batch}: take a smaller batch, or `.remainder(Remainder::Wrap)`"
            ),
            #[cfg(feature = "safetensors")]
            TrainError::Checkpoint(error) => write!(f, "the checkpoint: {error}"),
        }
    }
}

impl std::error::Error for TrainError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            TrainError::TooFew { .. } => None,
            #[cfg(feature = "safetensors")]
            TrainError::Checkpoint(error) => Some(error),
        }
    }
}

/// What to train with.
impl<'a, M: Network, O: Optimizer<M>, L, Y> Trainer<'a, M, O, L, Y> {
    /// For one epoch, with seed 0, shuffled, on one thread.
    pub fn new(network: Box<M>, optimizer: Box<O>, loss: L) -> Self {
        Trainer {
            network,
            optimizer,
            loss,
            epochs: 1,
            seed: 0,
            shuffle: true,
            remainder: Remainder::Drop,
            accumulate: 1,
            threads: 1,
            patience: None,
            max_norm: None,
            metrics: Vec::new(),
            schedule: None,
            plateau: None,
            after_epoch: None,
            observers: Vec::new(),
            validation: None,
            progress: Progress { epochs: 0, steps: 0, stale: 0, lowest: f64::INFINITY },
            best: None,
            #[cfg(feature = "safetensors")]
            checkpoint: None,
        }
    }

    /// How often each sample is seen.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.epochs = epochs;
        self
    }

    /// What the order of the samples, augmentations and dropout follow from.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Whether each epoch has an order of its own; `true` if nothing is said.
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// What happens to the samples that do not fill a batch.
    pub fn remainder(mut self, remainder: Remainder) -> Self {
        self.remainder = remainder;
        self
    }

    /// A step after each `parts` batches of `N`, with the mean of their gradients: a batch of `parts · N`.
    ///
    /// BatchNorm normalises each part by itself; its running statistics move once a step, by the mean over the parts, so that parts may be
    /// computed side by side. A loop in PyTorch moves them at each part: as far as a `momentum` of `1 - (1 - m)^parts` moves them here. The
    /// rows that an embedding with `max_norm` looks up are shortened by each part, and stay so.
    pub fn accumulate(mut self, parts: usize) -> Self {
        self.accumulate = parts.max(1);
        self
    }

    /// Shares the parts of a batch (see [`Trainer::accumulate`]) among so many threads. The result is the same to the last bit.
    ///
    /// Threads are started for each step: that pays from about a millisecond for each part on.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Ends the training when the loss ([`Epoch::loss`]) has not become lower for `patience` epochs.
    pub fn early_stopping(mut self, patience: usize) -> Self {
        self.patience = Some(patience.max(1) as u64);
        self
    }

    /// Leaves the network in the end as it was after the epoch with the lowest loss.
    pub fn keep_best(mut self) -> Self {
        self.best = Some(M::gradients());
        copy(&*self.network, &mut **self.best.as_mut().expect("just made"));
        self
    }

    /// Clips the gradients by their Euclidean norm: [`clip_grad_norm`].
    pub fn clip_grad_norm(mut self, max_norm: f64) -> Self {
        self.max_norm = Some(max_norm);
        self
    }

    /// Reports the mean of a value over the samples, such as [`accuracy`](super::accuracy).
    pub fn metric(mut self, name: &'static str, value: impl Fn(&M::Output, &Y) -> f64 + Sync + 'a) -> Self {
        self.metrics.push(Metric { name, value: Box::new(value) });
        self
    }

    /// Called before each step with the optimiser and the number of steps done: sets learning rate and momentum.
    pub fn schedule(mut self, schedule: impl FnMut(&mut O, usize) + 'a) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Called after each epoch.
    pub fn after_epoch(mut self, change: impl FnMut(&mut O, &Epoch) + 'a) -> Self {
        self.after_epoch = Some(Box::new(change));
        self
    }

    /// Lowers the learning rate where the loss of the epochs stops falling: the validation's, or the training's where there is none. Its state is
    /// part of the checkpoints.
    pub fn plateau(mut self, plateau: ReduceLROnPlateau) -> Self {
        self.optimizer.set_lr(plateau.lr);
        self.plateau = Some(plateau);
        self
    }

    /// Tells how the training goes.
    pub fn observe(mut self, observer: impl Observer + 'a) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Evaluates on other data after each epoch.
    pub fn validate(mut self, data: impl Dataset<Input = M::Input, Target = Y> + 'a) -> Self {
        self.validation = Some(Box::new(data));
        self
    }
}

/// Checkpoints.
#[cfg(feature = "safetensors")]
impl<'a, M: Network, O: OptimizerState<M>, L, Y> Trainer<'a, M, O, L, Y> {
    /// Writes a checkpoint after each epoch.
    pub fn checkpoint(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.checkpoint = Some((path.into(), |trainer, path| trainer.state().save(path)));
        self
    }

    /// Goes on from a checkpoint: the epochs that follow are the same as if the training had never stopped.
    ///
    /// The trainer must have the same options, [`Trainer::keep_best`] among them.
    pub fn resume(&mut self, path: impl AsRef<std::path::Path>) -> Result<(), WeightsError> {
        self.state().load(path)
    }

    fn state(&mut self) -> Checkpoint<'_> {
        let Progress { epochs, steps, stale, lowest } = &mut self.progress;
        let state = Checkpoint::new()
            .network(&mut *self.network)
            .optimizer(&mut *self.optimizer)
            .count("seed", &mut self.seed)
            .count("epochs", epochs)
            .count("steps", steps)
            .count("stale", stale)
            .number("lowest", lowest);
        let state = match &mut self.plateau {
            Some(plateau) => state.plateau("plateau", plateau),
            None => state,
        };
        match &mut self.best {
            Some(best) => state.network_as("best", &mut **best),
            None => state,
        }
    }
}

impl<M, O, L, Y> Trainer<'_, M, O, L, Y>
where
    M: Network + Send + Sync,
    O: Optimizer<M>,
    L: Criterion<M::Output, Y> + Sync,
    M::Input: Send,
    M::Output: Send,
    Y: Send + Sync,
{
    /// Trains with batches of `N` samples, and gives what each epoch gave.
    pub fn fit<const N: usize>(
        &mut self,
        data: &impl Dataset<Input = M::Input, Target = Y>,
    ) -> Result<Vec<Epoch>, TrainError>
    where
        M::Tape<N>: Send,
    {
        const { assert!(N > 0, "a batch has samples") };
        let batches = match self.remainder {
            Remainder::Drop => data.len() / N,
            Remainder::Wrap => data.len().div_ceil(N),
        };
        if batches == 0 {
            return Err(TrainError::TooFew { samples: data.len(), batch: N });
        }
        let mut workers = Workers::<M, Y, N>::new(self.accumulate.min(batches), self.threads);
        let steps = batches.div_ceil(self.accumulate);
        let plan = Plan { epochs: self.epochs, done: self.progress.epochs as usize, steps };
        self.observers.iter_mut().for_each(|observer| observer.begin(&plan));
        let mut epochs = Vec::new();
        while self.progress.epochs < self.epochs as u64 && !self.is_stale() {
            let epoch = self.epoch(data, &mut workers);
            self.conclude(&epoch);
            epochs.push(epoch);
            #[cfg(feature = "safetensors")]
            if let Some((path, save)) = self.checkpoint.take() {
                let result = save(self, &path);
                self.checkpoint = Some((path, save));
                result.map_err(TrainError::Checkpoint)?;
            }
        }
        if let Some(best) = &self.best {
            copy(&**best, &mut *self.network);
        }
        Ok(epochs)
    }

    fn is_stale(&self) -> bool {
        self.patience.is_some_and(|patience| self.progress.stale >= patience)
    }

    fn epoch<const N: usize>(
        &mut self,
        data: &impl Dataset<Input = M::Input, Target = Y>,
        workers: &mut Workers<M, Y, N>,
    ) -> Epoch
    where
        M::Tape<N>: Send,
    {
        let begin = Instant::now();
        let order = self.order::<N>(data.len());
        let batches: Vec<_> = order.chunks_exact(N).collect();
        let mut sums = Sums::zero(self.metrics.len());
        for batch in batches.chunks(self.accumulate) {
            let done = self.progress.steps;
            if let Some(schedule) = &mut self.schedule {
                schedule(&mut self.optimizer, done as usize);
            }
            let job = Job {
                data,
                loss: &self.loss,
                metrics: &self.metrics,
                seed: self.seed,
                epoch: self.progress.epochs,
                step: done,
            };
            let own = workers.step(&job, &mut *self.network, batch);
            if let Some(max_norm) = self.max_norm {
                clip_grad_norm(&mut *workers.gradients, max_norm, 2.0);
            }
            self.optimizer.step(&mut self.network, &workers.gradients);
            self.progress.steps += 1;
            sums.add(&own);
            let epoch = self.progress.epochs as usize + 1;
            let step = Step { epoch, step: self.progress.steps as usize, loss: own.mean_loss() };
            self.observers.iter_mut().for_each(|observer| observer.step(&step));
        }
        let validation = self.validation.as_deref().filter(|data| data.len() > 0).map(|data| {
            let job = Job { data, loss: &self.loss, metrics: &self.metrics, seed: self.seed, epoch: 0, step: 0 };
            evaluate::<N, _, _, _>(&job, &*self.network)
        });
        Epoch {
            number: self.progress.epochs as usize + 1,
            of: self.epochs,
            train: sums.score(&self.metrics),
            validation,
            lr: self.optimizer.lr(),
            duration: begin.elapsed(),
        }
    }

    /// The order of an epoch, a whole number of batches if the remainder is to wrap.
    fn order<const N: usize>(&self, len: usize) -> Vec<usize> {
        let mut order = match self.shuffle {
            true => shuffled(len, &mut crate::seed(mix([self.seed, self.progress.epochs, u64::MAX]))),
            false => (0..len).collect(),
        };
        if self.remainder == Remainder::Wrap {
            let more: Vec<_> = order.iter().copied().cycle().take(len.next_multiple_of(N) - len).collect();
            order.extend(more);
        }
        order
    }

    /// What follows from an epoch.
    fn conclude(&mut self, epoch: &Epoch) {
        self.progress.epochs += 1;
        // A loss that is NaN is not lower.
        if epoch.loss() < self.progress.lowest {
            (self.progress.lowest, self.progress.stale) = (epoch.loss(), 0);
            if let Some(best) = &mut self.best {
                copy(&*self.network, &mut **best);
            }
        } else {
            self.progress.stale += 1;
        }
        if let Some(plateau) = &mut self.plateau {
            self.optimizer.set_lr(plateau.step(epoch.loss()));
        }
        if let Some(change) = &mut self.after_epoch {
            change(&mut self.optimizer, epoch);
        }
        self.observers.iter_mut().for_each(|observer| observer.epoch(epoch));
    }
}
