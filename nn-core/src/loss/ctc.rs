//! CTCLoss.

use super::{Label, Reduction, elementwise::divisor, elementwise::options};
use crate::kernels::{CtcPath, CtcStates};
use crate::{Element, Tensor1, Tensor2, batch_slice, batch_slice_mut};

options! {
    /// How unlikely it is that a sequence of outputs, which need not be aligned, spells the target
    /// ([Graves et al. 2006](https://www.cs.toronto.edu/~graves/icml_2006.pdf)): `-log Σ Π p`, over all ways to read it with blanks in between.
    /// [`torch.nn.CTCLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html)
    ///
    /// | argument | shape of a sample |
    /// |---|---|
    /// | `log_probs` | `[T, C]`: the logarithms of the probabilities of `C` classes, the blank among them, at `T` steps |
    /// | `target` | `[S]`: class indices of any integer type; what is behind the target's length is not read |
    /// | `input_lengths`, `target_lengths` | how many of the steps and of the indices count, at most `T` and `S` |
    ///
    /// PyTorch has the batch behind the steps, `[T, N, C]`. The mean is that of the losses divided by their target's length. As in PyTorch the
    /// gradient is `exp(log_probs)` less the part of the paths through each class: right for outputs that a log_softmax has made, which it
    /// leaves unchanged.
    ///
    /// ```
    /// use nn_core::{Tensor1, Tensor2, loss::{CTCLoss, CTCWorkspace}};
    ///
    /// // Two steps, classes blank and A: to spell A there are "A A", "A blank" and "blank A".
    /// let log_probs = [Tensor2([[0.5f32.ln(); 2]; 2])];
    /// let (mut gradient, mut workspace) = (log_probs, CTCWorkspace::new());
    /// let value = CTCLoss::new().forward(&log_probs, &[Tensor1([1u32])], &[2], &[1], &mut gradient, &mut workspace);
    /// assert!((value + 0.75f32.ln()).abs() < 1e-6);
    /// ```
    CTCLoss {
        /// The class that spells nothing: 0 if nothing is said.
        blank: usize = 0;
        /// A target that cannot be spelt in the steps there are has the loss and the gradient 0, not infinity and NaN.
        zero_infinity: bool = false;
    }
}

/// Memory of [`CTCLoss`] for one sample of `T` steps and `S` labels: `(T + 1)(2 S + 1)` numbers.
#[derive(Clone, Copy, Debug)]
pub struct CTCWorkspace<const T: usize, const S: usize, E = f32> {
    blanks: [[E; S]; T],
    labels: [[E; S]; T],
    last: [E; T],
    after: ([E; S], [E; S], [E; 1]),
}

impl<const T: usize, const S: usize, E: Element> CTCWorkspace<T, S, E> {
    /// For any number of calls.
    pub const fn new() -> Self {
        CTCWorkspace {
            blanks: [[E::ZERO; S]; T],
            labels: [[E::ZERO; S]; T],
            last: [E::ZERO; T],
            after: ([E::ZERO; S], [E::ZERO; S], [E::ZERO; 1]),
        }
    }

    /// The states at every step, and at one.
    fn states(&mut self) -> (CtcStates<'_, E>, CtcStates<'_, E>) {
        let (blanks, labels) = (self.blanks.as_flattened_mut(), self.labels.as_flattened_mut());
        let every = CtcStates { blanks, labels, last: &mut self.last, width: S };
        let (blanks, labels, last) = &mut self.after;
        (every, CtcStates { blanks, labels, last, width: S })
    }
}

impl<const T: usize, const S: usize, E: Element> Default for CTCWorkspace<T, S, E> {
    fn default() -> Self {
        Self::new()
    }
}

/// The sequences of a batch.
#[derive(Clone, Copy)]
struct Sequences<'a, const T: usize, const C: usize, const S: usize, I, E, const N: usize> {
    log_probs: &'a [Tensor2<T, C, E>; N],
    target: &'a [Tensor1<S, I>; N],
    input_lengths: &'a [usize; N],
    target_lengths: &'a [usize; N],
}

impl<const T: usize, const C: usize, const S: usize, I: Label, E: Element, const N: usize>
    Sequences<'_, T, C, S, I, E, N>
{
    fn path(&self, sample: usize, blank: usize) -> CtcPath<'_> {
        let (steps, len) = (self.input_lengths[sample], self.target_lengths[sample]);
        assert!(blank < C, "nn: CTCLoss: the blank {blank} is out of bounds for {C} classes");
        assert!(steps <= T, "nn: CTCLoss: an input length of {steps} where there are {T} steps");
        assert!(len <= S, "nn: CTCLoss: a target length of {len} where there are {S} labels");
        CtcPath { labels: I::labels(batch_slice(self.target)), first: sample * S, len, steps, classes: C, blank }
    }

    /// The loss of one sample.
    fn loss(&self, loss: &CTCLoss, sample: usize, workspace: &mut CTCWorkspace<T, S, E>) -> E {
        let log_probs = self.log_probs[sample].as_flattened();
        let value = E::ctc_forward(&self.path(sample, loss.blank), log_probs, &mut workspace.states().0);
        if loss.zero_infinity && value == -E::NEG_INFINITY { E::ZERO } else { value }
    }

    /// The loss of one sample, and its gradient times `scale`.
    fn backward(
        &self,
        loss: &CTCLoss,
        sample: usize,
        scale: E,
        gradient: &mut Tensor2<T, C, E>,
        workspace: &mut CTCWorkspace<T, S, E>,
    ) -> E {
        let (path, log_probs) = (self.path(sample, loss.blank), self.log_probs[sample].as_flattened());
        let (mut alpha, mut beta) = workspace.states();
        let value = E::ctc_forward(&path, log_probs, &mut alpha);
        let gradient = batch_slice_mut(core::slice::from_mut(gradient));
        if loss.zero_infinity && value == -E::NEG_INFINITY {
            gradient.fill(E::ZERO);
            return E::ZERO;
        }
        E::ctc_backward(&path, log_probs, &alpha, &mut beta, value, scale, gradient);
        value
    }

    /// What the loss of one sample is divided by.
    fn divisor(&self, reduction: Reduction, sample: usize) -> E {
        E::from_usize(divisor(reduction, N * self.target_lengths[sample].max(1)))
    }
}

impl CTCLoss {
    /// The value, and its gradient with respect to the outputs.
    ///
    /// # Panics
    /// If a length is more than there is room for, or a class index or the blank not below `C`.
    pub fn forward<const T: usize, const C: usize, const S: usize, I: Label, E: Element, const N: usize>(
        &self,
        log_probs: &[Tensor2<T, C, E>; N],
        target: &[Tensor1<S, I>; N],
        input_lengths: &[usize; N],
        target_lengths: &[usize; N],
        gradient: &mut [Tensor2<T, C, E>; N],
        workspace: &mut CTCWorkspace<T, S, E>,
    ) -> E {
        let sequences = Sequences { log_probs, target, input_lengths, target_lengths };
        let mut sum = E::ZERO;
        for (sample, gradient) in gradient.iter_mut().enumerate() {
            let divisor = sequences.divisor(self.reduction, sample);
            sum += sequences.backward(self, sample, E::ONE / divisor, gradient, workspace) / divisor;
        }
        sum
    }

    /// The value alone.
    ///
    /// # Panics
    /// If a length is more than there is room for, or a class index or the blank not below `C`.
    pub fn value<const T: usize, const C: usize, const S: usize, I: Label, E: Element, const N: usize>(
        &self,
        log_probs: &[Tensor2<T, C, E>; N],
        target: &[Tensor1<S, I>; N],
        input_lengths: &[usize; N],
        target_lengths: &[usize; N],
        workspace: &mut CTCWorkspace<T, S, E>,
    ) -> E {
        let sequences = Sequences { log_probs, target, input_lengths, target_lengths };
        let mut sum = E::ZERO;
        for sample in 0..N {
            sum += sequences.loss(self, sample, workspace) / sequences.divisor(self.reduction, sample);
        }
        sum
    }

    /// The loss of each sample: PyTorch's `reduction = 'none'`.
    ///
    /// # Panics
    /// If a length is more than there is room for, or a class index or the blank not below `C`.
    pub fn each<const T: usize, const C: usize, const S: usize, I: Label, E: Element, const N: usize>(
        &self,
        log_probs: &[Tensor2<T, C, E>; N],
        target: &[Tensor1<S, I>; N],
        input_lengths: &[usize; N],
        target_lengths: &[usize; N],
        losses: &mut [E; N],
        workspace: &mut CTCWorkspace<T, S, E>,
    ) {
        let sequences = Sequences { log_probs, target, input_lengths, target_lengths };
        for (sample, loss) in losses.iter_mut().enumerate() {
            *loss = sequences.loss(self, sample, workspace);
        }
    }

    /// The gradient of `Σ losses · cotangent` with respect to the outputs.
    ///
    /// # Panics
    /// If a length is more than there is room for, or a class index or the blank not below `C`.
    #[allow(clippy::too_many_arguments)]
    pub fn each_backward<const T: usize, const C: usize, const S: usize, I: Label, E: Element, const N: usize>(
        &self,
        log_probs: &[Tensor2<T, C, E>; N],
        target: &[Tensor1<S, I>; N],
        input_lengths: &[usize; N],
        target_lengths: &[usize; N],
        cotangent: &[E; N],
        gradient: &mut [Tensor2<T, C, E>; N],
        workspace: &mut CTCWorkspace<T, S, E>,
    ) {
        let sequences = Sequences { log_probs, target, input_lengths, target_lengths };
        for (sample, gradient) in gradient.iter_mut().enumerate() {
            sequences.backward(self, sample, cotangent[sample], gradient, workspace);
        }
    }
}
