//! Training in a few lines.
//!
//! ```
//! use nn::data::Dataset;
//! use nn::loss::CrossEntropyLoss;
//! use nn::optim::{AdamW, CosineAnnealingLR};
//! use nn::prelude::*;
//! use nn::train::{Epoch, Trainer, accuracy};
//!
//! network! { struct Mlp: [2] -> [2] (Linear(2, 16), Tanh, Linear(16, 2)); }
//!
//! # fn main() -> Result<(), nn::train::TrainError> {
//! let corners = [([0.0, 0.0], 0u32), ([0.0, 1.0], 1), ([1.0, 0.0], 1), ([1.0, 1.0], 0)];
//! let data = corners.map(|(point, class)| (Tensor1(point), class));
//!
//! let schedule = CosineAnnealingLR::new(0.05, 200);
//! let mut trainer = Trainer::new(Mlp::init(&mut nn::seed(1)), AdamW::boxed(0.05), CrossEntropyLoss::new())
//!     .epochs(200)
//!     .schedule(move |optimizer, step| schedule.apply(step, optimizer))
//!     .metric("accuracy", accuracy)
//!     .observe(|epoch: &Epoch| println!("{epoch}"));
//! let epochs = trainer.fit::<4>(&data)?;
//! assert_eq!(epochs[199].train.metric("accuracy"), Some(1.0));
//! let net = trainer.network;
//! # let _ = net;
//! # Ok(())
//! # }
//! ```
//!
//! # The same bits
//!
//! What a training gives depends on the network, the data, the options and the seed: order of the samples, augmentations and dropout draw
//! from generators that are seeded by epoch, step and sample, not by time or thread. A training that is interrupted and goes on from its
//! checkpoint gives the same bits, and so does one with another number of [threads](Trainer::threads).

mod observe;
mod step;
mod trainer;

pub use observe::{Epoch, Observer, Plan, Score, Step};
pub use trainer::{Remainder, TrainError, Trainer};

use crate::loss::Loss;
use crate::metrics::argmax;
use crate::{Element, Float, Tensor};

/// What a [`Trainer`] minimises: every [`Loss`] is one. Implement it where the network has several outputs or the loss is your own.
pub trait Criterion<O, Y> {
    /// The value for a batch, and its gradient with respect to the outputs.
    fn forward<const N: usize>(&self, output: &[O; N], target: &[Y; N], gradient: &mut [O; N]) -> f64;

    /// The value alone.
    fn value<const N: usize>(&self, output: &[O; N], target: &[Y; N]) -> f64;
}

impl<T: Tensor<Element: Element>, Y, L: Loss<T, Y>> Criterion<T, Y> for L {
    fn forward<const N: usize>(&self, output: &[T; N], target: &[Y; N], gradient: &mut [T; N]) -> f64 {
        Loss::forward(self, output, target, gradient).to_f64()
    }

    fn value<const N: usize>(&self, output: &[T; N], target: &[Y; N]) -> f64 {
        Loss::value(self, output, target).to_f64()
    }
}

/// 1 if the highest output is that of the class, else 0: a metric for [`Trainer::metric`].
pub fn accuracy<T: Tensor<Element: Element>, Y: Copy + TryInto<usize>>(output: &T, class: &Y) -> f64 {
    let is_right = T::LEN > 0 && (*class).try_into().ok() == Some(argmax(output.as_slice()));
    if is_right { 1.0 } else { 0.0 }
}
