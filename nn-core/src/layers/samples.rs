//! One sample of a batch, for layers whose kernels take one at a time.

/// A batch, one sample behind the other.
pub(super) trait Samples {
    /// What it holds.
    type Item;
    /// One of `batch` samples.
    fn sample(&self, batch: usize, sample: usize) -> &[Self::Item];
    /// One of `batch` samples.
    fn sample_mut(&mut self, batch: usize, sample: usize) -> &mut [Self::Item];
}

impl<T> Samples for [T] {
    type Item = T;

    fn sample(&self, batch: usize, sample: usize) -> &[T] {
        let len = self.len() / batch;
        &self[sample * len..][..len]
    }

    fn sample_mut(&mut self, batch: usize, sample: usize) -> &mut [T] {
        let len = self.len() / batch;
        &mut self[sample * len..][..len]
    }
}

/// Where the gradient of a batch goes, if it is wanted, and whether it is added.
pub(super) trait SampleOf<E> {
    /// Where that of one of `batch` samples goes.
    fn sample_of(&mut self, batch: usize, sample: usize) -> Option<(&mut [E], bool)>;
}

impl<E> SampleOf<E> for Option<(&mut [E], bool)> {
    fn sample_of(&mut self, batch: usize, sample: usize) -> Option<(&mut [E], bool)> {
        self.as_mut().map(|(values, accumulate)| (values.sample_mut(batch, sample), *accumulate))
    }
}
