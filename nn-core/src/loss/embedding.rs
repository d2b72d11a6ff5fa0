//! CosineEmbeddingLoss.

use super::elementwise::options;
use super::samples::{gradients, value};
use crate::kernels::SampleLoss;
use crate::{Element, Tensor1};

options! {
    /// `1 - cos(x1, x2)` where the target is 1, `max(0, cos(x1, x2) - margin)` where it is -1; the mean of the samples.
    /// [`torch.nn.CosineEmbeddingLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html)
    ///
    /// Inputs `[D]` and `[D]`, one number for each sample as its target.
    ///
    /// ```
    /// use nn_core::{Tensor1, loss::CosineEmbeddingLoss};
    ///
    /// const LOSS: CosineEmbeddingLoss = CosineEmbeddingLoss::new().margin(0.5);
    /// let (a, b) = ([Tensor1([1.0, 0.0]); 2], [Tensor1([0.0, 2.0]), Tensor1([3.0, 0.0])]);
    /// let value: f32 = LOSS.value(&a, &b, &[1.0, -1.0]);
    /// assert_eq!(value, (1.0 + 0.5) / 2.0);
    /// ```
    CosineEmbeddingLoss {
        /// The largest cosine of what does not belong together: 0 if nothing is said.
        margin: f64 = 0.0;
    }
}

impl CosineEmbeddingLoss {
    fn kind<'a, E: Element>(&self, target: &'a [E]) -> SampleLoss<'a, E> {
        SampleLoss::Cosine { target, margin: self.margin }
    }

    /// The value, and its gradients with respect to both inputs.
    pub fn forward<const D: usize, E: Element, const N: usize>(
        &self,
        input1: &[Tensor1<D, E>; N],
        input2: &[Tensor1<D, E>; N],
        target: &[E; N],
        gradient1: &mut [Tensor1<D, E>; N],
        gradient2: &mut [Tensor1<D, E>; N],
    ) -> E {
        let scale = Ok::<_, &[E; N]>(self.reduction);
        gradients(&self.kind(target), [input1, input2, &[]], scale, [gradient1, gradient2, &mut []]);
        self.value(input1, input2, target)
    }

    /// The value alone.
    pub fn value<const D: usize, E: Element, const N: usize>(
        &self,
        input1: &[Tensor1<D, E>; N],
        input2: &[Tensor1<D, E>; N],
        target: &[E; N],
    ) -> E {
        value::<_, _, N>(&self.kind(target), self.reduction, [input1, input2, &[]], None)
    }

    /// The loss of each sample: PyTorch's `reduction = 'none'`.
    pub fn each<const D: usize, E: Element, const N: usize>(
        &self,
        input1: &[Tensor1<D, E>; N],
        input2: &[Tensor1<D, E>; N],
        target: &[E; N],
        losses: &mut [E; N],
    ) {
        value(&self.kind(target), self.reduction, [input1, input2, &[]], Some(losses));
    }

    /// The gradients of `Σ losses · cotangent` with respect to both inputs.
    pub fn each_backward<const D: usize, E: Element, const N: usize>(
        &self,
        input1: &[Tensor1<D, E>; N],
        input2: &[Tensor1<D, E>; N],
        target: &[E; N],
        cotangent: &[E; N],
        gradient1: &mut [Tensor1<D, E>; N],
        gradient2: &mut [Tensor1<D, E>; N],
    ) {
        gradients(&self.kind(target), [input1, input2, &[]], Err(cotangent), [gradient1, gradient2, &mut []]);
    }
}
