//! How often a classifier is right: accuracy, and which classes it takes for which others.
//!
//! ```
//! use nn_core::{Tensor1, metrics::ConfusionMatrix};
//!
//! let mut confusion = ConfusionMatrix::<3>::new();
//! confusion.observe(&[Tensor1([0.1, 0.7, 0.2]), Tensor1([0.3, 0.5, 0.2]), Tensor1([0.2, 0.1, 0.6])], &[1u32, 0, 2]);
//! assert_eq!(confusion.accuracy(), 2.0 / 3.0);
//! assert_eq!(confusion[0], [0, 1, 0]); // the sample of class 0 was taken for class 1
//! ```

use core::fmt;
use core::ops::Index;

use crate::{Float, Tensor1};

/// The place of the largest number, the first of several; 0 of none.
pub fn argmax<E: Float>(values: &[E]) -> usize {
    (0..values.len()).reduce(|best, place| if values[place] > values[best] { place } else { best }).unwrap_or(0)
}

/// The part of a batch whose largest output is that of its class; NaN of an empty batch.
///
/// A class that is none of the outputs', as the ignored one of a loss, counts as not met.
pub fn accuracy<const C: usize, E: Float, Y: Copy + TryInto<usize>>(output: &[Tensor1<C, E>], class: &[Y]) -> f64 {
    assert_eq!(output.len(), class.len(), "nn: a class for each output");
    let pairs = output.iter().zip(class);
    let right = pairs.filter(|(output, class)| (**class).try_into().ok() == Some(argmax(&***output)) && C > 0).count();
    right as f64 / output.len() as f64
}

/// How many samples of each of `C` classes were taken for each: `matrix[class][guess]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConfusionMatrix<const C: usize> {
    counts: [[u64; C]; C],
}

impl<const C: usize> ConfusionMatrix<C> {
    /// Without samples.
    pub const fn new() -> Self {
        ConfusionMatrix { counts: [[0; C]; C] }
    }

    /// Counts one sample.
    ///
    /// # Panics
    /// If one of both is not below `C`.
    pub const fn add(&mut self, class: usize, guess: usize) {
        assert!(class < C && guess < C, "nn: ConfusionMatrix: a class is out of bounds");
        self.counts[class][guess] += 1;
    }

    /// Counts a batch: for each sample the class and the place of its largest output.
    ///
    /// # Panics
    /// If a class is not below `C`.
    pub fn observe<E: Float, Y: Copy + TryInto<usize>, const N: usize>(
        &mut self,
        output: &[Tensor1<C, E>; N],
        class: &[Y; N],
    ) {
        for (output, class) in output.iter().zip(class) {
            self.add((*class).try_into().unwrap_or(C), argmax(&**output));
        }
    }

    /// All samples.
    pub fn total(&self) -> u64 {
        self.counts.as_flattened().iter().sum()
    }

    /// The part of the samples whose class was found; NaN without samples.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..C).map(|class| self.counts[class][class]).sum();
        right as f64 / self.total() as f64
    }

    /// Of the samples taken for `class`, the part that is of it; NaN of none.
    pub fn precision(&self, class: usize) -> f64 {
        let taken: u64 = self.counts.iter().map(|row| row[class]).sum();
        self.counts[class][class] as f64 / taken as f64
    }

    /// Of the samples of `class`, the part that was taken for it; NaN of none.
    pub fn recall(&self, class: usize) -> f64 {
        let own: u64 = self.counts[class].iter().sum();
        self.counts[class][class] as f64 / own as f64
    }

    /// The harmonic mean of precision and recall: `2 right / (taken + own)`; NaN of none.
    pub fn f1(&self, class: usize) -> f64 {
        let both: u64 = self.counts.iter().map(|row| row[class]).sum::<u64>() + self.counts[class].iter().sum::<u64>();
        2.0 * self.counts[class][class] as f64 / both as f64
    }
}

impl<const C: usize> Default for ConfusionMatrix<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const C: usize> Index<usize> for ConfusionMatrix<C> {
    type Output = [u64; C];

    /// What the samples of a class were taken for.
    fn index(&self, class: usize) -> &[u64; C] {
        &self.counts[class]
    }
}

/// A row for each class, a column for each guess; a dot for none.
impl<const C: usize> fmt::Display for ConfusionMatrix<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = self.counts.as_flattened().iter().copied().max().unwrap_or(0).max(C as u64);
        let width = 2 + largest.checked_ilog10().unwrap_or(0) as usize + 1;
        write!(f, "{:>width$}", "")?;
        (0..C).try_for_each(|guess| write!(f, "{guess:>width$}"))?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "\n{class:>width$}")?;
            for count in row {
                if *count == 0 { write!(f, "{:>width$}", '·') } else { write!(f, "{count:>width$}") }?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::string::ToString;

    use super::*;

    #[test]
    fn counts_and_their_parts() {
        let mut confusion = ConfusionMatrix::<3>::new();
        assert!(confusion.accuracy().is_nan());
        for (class, guess) in [(0, 0), (0, 0), (0, 1), (1, 1), (2, 0)] {
            confusion.add(class, guess);
        }
        assert_eq!((confusion.total(), confusion.accuracy()), (5, 0.6));
        assert_eq!([0, 1].map(|class| confusion.recall(class)), [2.0 / 3.0, 1.0]);
        assert_eq!([0, 1].map(|class| confusion.precision(class)), [2.0 / 3.0, 0.5]);
        assert_eq!([0, 1, 2].map(|class| confusion.f1(class)), [2.0 / 3.0, 2.0 / 3.0, 0.0]);
        assert!(confusion.precision(2).is_nan());
        assert_eq!(confusion.to_string(), "     0  1  2\n  0  2  1  ·\n  1  ·  1  ·\n  2  1  ·  ·");
    }

    #[test]
    fn the_first_of_equal_numbers_is_the_largest() {
        assert_eq!(argmax(&[1.0, 3.0, 3.0]), 1);
        assert_eq!(argmax::<f32>(&[]), 0);
        let output = [Tensor1([0.5, 0.5]), Tensor1([0.0, 1.0]), Tensor1([1.0, 0.0]), Tensor1([1.0, 0.0])];
        assert_eq!(accuracy(&output, &[0i64, 1, 1, -100]), 0.5);
    }

    #[test]
    #[should_panic(expected = "out of bounds")]
    fn a_class_that_is_none_panics() {
        ConfusionMatrix::<2>::new().observe(&[Tensor1([0.0, 1.0])], &[-1i32]);
    }
}
