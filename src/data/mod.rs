//! Data to train on: slices and arrays of samples, and files in the IDX format (MNIST's).
//!
//! ```
//! use nn::data::Dataset;
//! use nn::prelude::*;
//!
//! let points = [(Tensor1([0.0, 1.0]), 0u32), (Tensor1([1.0, 0.0]), 1)];
//! let mut input = Tensor1([0.0; 2]);
//! let class = points.read(1, &mut nn::seed(0), &mut input);
//! assert_eq!((input[0], class), (1.0, 1));
//!
//! // Samples may be changed each time that they are drawn, with random numbers of their own.
//! let noisy = (&points).augment(|input: &mut Tensor1<2>, class, random| {
//!     nn::init::normal().std(0.1).fill(&mut input[..], &[2], random);
//!     class
//! });
//! assert_eq!(noisy.len(), 2);
//! ```

mod idx;

pub use idx::{Idx, IdxError};

use std::vec::Vec;

use crate::{Random, Rng};

/// Samples that can be drawn in any order, from several threads.
#[allow(clippy::len_without_is_empty)]
pub trait Dataset: Sync {
    /// What goes into the network.
    type Input;
    /// What is to come out.
    type Target;

    /// The number of samples.
    fn len(&self) -> usize;

    /// Writes the input of a sample and gives its target. `random` depends on the training's seed, the epoch and the sample alone.
    fn read(&self, index: usize, random: &mut Random, input: &mut Self::Input) -> Self::Target;

    /// Changes the samples as they are drawn: moves, turns, adds noise.
    fn augment<F, Y>(self, change: F) -> Augmented<Self, F>
    where
        Self: Sized,
        F: Fn(&mut Self::Input, Self::Target, &mut Random) -> Y + Sync,
    {
        Augmented { data: self, change }
    }
}

impl<D: Dataset + ?Sized> Dataset for &D {
    type Input = D::Input;
    type Target = D::Target;

    fn len(&self) -> usize {
        (**self).len()
    }

    fn read(&self, index: usize, random: &mut Random, input: &mut D::Input) -> D::Target {
        (**self).read(index, random, input)
    }
}

impl<X: Clone + Sync, Y: Clone + Sync> Dataset for [(X, Y)] {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        <[_]>::len(self)
    }

    fn read(&self, index: usize, _: &mut Random, input: &mut X) -> Y {
        let (own, target) = &self[index];
        input.clone_from(own);
        target.clone()
    }
}

impl<X: Clone + Sync, Y: Clone + Sync, const N: usize> Dataset for [(X, Y); N] {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        N
    }

    fn read(&self, index: usize, random: &mut Random, input: &mut X) -> Y {
        self[..].read(index, random, input)
    }
}

impl<X: Clone + Sync, Y: Clone + Sync> Dataset for Vec<(X, Y)> {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn read(&self, index: usize, random: &mut Random, input: &mut X) -> Y {
        self[..].read(index, random, input)
    }
}

/// Inputs and targets that lie apart.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a, X, Y> {
    inputs: &'a [X],
    targets: &'a [Y],
}

/// Brings inputs and targets together.
///
/// # Panics
/// If there are not equally many.
pub fn pairs<'a, X, Y>(inputs: &'a [X], targets: &'a [Y]) -> Pairs<'a, X, Y> {
    assert_eq!(inputs.len(), targets.len(), "nn: a target for each input");
    Pairs { inputs, targets }
}

impl<X: Clone + Sync, Y: Clone + Sync> Dataset for Pairs<'_, X, Y> {
    type Input = X;
    type Target = Y;

    fn len(&self) -> usize {
        self.inputs.len()
    }

    fn read(&self, index: usize, _: &mut Random, input: &mut X) -> Y {
        input.clone_from(&self.inputs[index]);
        self.targets[index].clone()
    }
}

/// What [`Dataset::augment`] gives.
#[derive(Clone, Copy, Debug)]
pub struct Augmented<D, F> {
    data: D,
    change: F,
}

impl<D: Dataset, Y, F: Fn(&mut D::Input, D::Target, &mut Random) -> Y + Sync> Dataset for Augmented<D, F> {
    type Input = D::Input;
    type Target = Y;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn read(&self, index: usize, random: &mut Random, input: &mut D::Input) -> Y {
        let target = self.data.read(index, random, input);
        (self.change)(input, target, random)
    }
}

/// The numbers `0..count` in random order.
pub fn shuffled(count: usize, random: &mut Random) -> Vec<usize> {
    let mut order: Vec<_> = (0..count).collect();
    for last in (1..count).rev() {
        order.swap(last, below(last + 1, random));
    }
    order
}

/// A random number in `0..limit`, for augmentations.
///
/// # Panics
/// If the limit is 0.
pub fn below(limit: usize, random: &mut Random) -> usize {
    (random.next_u64() % limit as u64) as usize
}
