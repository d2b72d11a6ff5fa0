//! TripletMarginLoss, TripletMarginWithDistanceLoss.

use super::Reduction;
use super::elementwise::{divisor, options};
use super::samples::{gradients, value};
use crate::kernels::{Norm, SampleLoss};
use crate::{Element, Tensor, Tensor1};

options! {
    /// `max(0, margin + d(anchor, positive) - d(anchor, negative))` with `d(a, b) = ‖a - b + eps‖ₚ`; the mean of the samples.
    /// [`torch.nn.TripletMarginLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html)
    ///
    /// Three inputs `[D]`. For other distances see [`TripletMarginWithDistanceLoss`].
    TripletMarginLoss {
        /// By how much the negative shall be further away than the positive: 1 if nothing is said.
        margin: f64 = 1.0, if margin > 0.0, "margin is positive";
        /// The exponent of the norm: 2 if nothing is said; `f64::INFINITY` for the largest difference.
        p: f64 = 2.0, if p > 0.0, "p is positive";
        /// Added to each difference, so that equal vectors have a slope: 1e-6 if nothing is said.
        eps: f64 = 1e-6;
        /// Where the negative is nearer to the positive than to the anchor, that distance counts
        /// ([Balntas et al. 2016](https://bmva-archive.org.uk/bmvc/2016/papers/paper119/index.html)).
        swap: bool = false;
    }
}

impl TripletMarginLoss {
    fn kind<E: Element>(&self) -> SampleLoss<'static, E> {
        SampleLoss::Triplet { margin: self.margin, norm: Norm { p: self.p, eps: self.eps }, swap: self.swap }
    }

    /// The value, and its gradients with respect to the three inputs.
    pub fn forward<const D: usize, E: Element, const N: usize>(
        &self,
        anchor: &[Tensor1<D, E>; N],
        positive: &[Tensor1<D, E>; N],
        negative: &[Tensor1<D, E>; N],
        [to_anchor, to_positive, to_negative]: [&mut [Tensor1<D, E>; N]; 3],
    ) -> E {
        let scale = Ok::<_, &[E; N]>(self.reduction);
        gradients(&self.kind(), [anchor, positive, negative], scale, [to_anchor, to_positive, to_negative]);
        self.value(anchor, positive, negative)
    }

    /// The value alone.
    pub fn value<const D: usize, E: Element, const N: usize>(
        &self,
        anchor: &[Tensor1<D, E>; N],
        positive: &[Tensor1<D, E>; N],
        negative: &[Tensor1<D, E>; N],
    ) -> E {
        value::<_, _, N>(&self.kind(), self.reduction, [anchor, positive, negative], None)
    }

    /// The loss of each sample: PyTorch's `reduction = 'none'`.
    pub fn each<const D: usize, E: Element, const N: usize>(
        &self,
        anchor: &[Tensor1<D, E>; N],
        positive: &[Tensor1<D, E>; N],
        negative: &[Tensor1<D, E>; N],
        losses: &mut [E; N],
    ) {
        value(&self.kind(), self.reduction, [anchor, positive, negative], Some(losses));
    }

    /// The gradients of `Σ losses · cotangent` with respect to the three inputs.
    pub fn each_backward<const D: usize, E: Element, const N: usize>(
        &self,
        anchor: &[Tensor1<D, E>; N],
        positive: &[Tensor1<D, E>; N],
        negative: &[Tensor1<D, E>; N],
        cotangent: &[E; N],
        [to_anchor, to_positive, to_negative]: [&mut [Tensor1<D, E>; N]; 3],
    ) {
        let gradient = [&mut to_anchor[..], to_positive, to_negative];
        gradients(&self.kind(), [anchor, positive, negative], Err(cotangent), gradient);
    }
}

/// How far two samples are apart, and how that changes with them.
///
/// A pair of closures is one too: the distance, and what adds its derivatives.
pub trait Distance<T: Tensor> {
    /// The distance.
    fn distance(&self, a: &T, b: &T) -> T::Element;

    /// Adds the derivatives of the distance with respect to `a` and `b`, times `cotangent`.
    fn backward(&self, a: &T, b: &T, cotangent: T::Element, to_a: &mut T, to_b: &mut T);
}

impl<T: Tensor, F, G> Distance<T> for (F, G)
where
    F: Fn(&T, &T) -> T::Element,
    G: Fn(&T, &T, T::Element, &mut T, &mut T),
{
    fn distance(&self, a: &T, b: &T) -> T::Element {
        self.0(a, b)
    }

    fn backward(&self, a: &T, b: &T, cotangent: T::Element, to_a: &mut T, to_b: &mut T) {
        self.1(a, b, cotangent, to_a, to_b);
    }
}

/// `‖a - b + eps‖ₚ` between vectors: the distance of [`TripletMarginWithDistanceLoss`] if no other is given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PairwiseDistance {
    /// The exponent of the norm, positive.
    pub p: f64,
    /// Added to each difference.
    pub eps: f64,
}

impl Default for PairwiseDistance {
    fn default() -> Self {
        PairwiseDistance { p: 2.0, eps: 1e-6 }
    }
}

impl<const D: usize, E: Element> Distance<Tensor1<D, E>> for PairwiseDistance {
    fn distance(&self, a: &Tensor1<D, E>, b: &Tensor1<D, E>) -> E {
        E::pairwise_distance(&Norm { p: self.p, eps: self.eps }, a.as_slice(), b.as_slice())
    }

    fn backward(
        &self,
        a: &Tensor1<D, E>,
        b: &Tensor1<D, E>,
        cotangent: E,
        to_a: &mut Tensor1<D, E>,
        to_b: &mut Tensor1<D, E>,
    ) {
        let (norm, gradients) = (Norm { p: self.p, eps: self.eps }, (to_a.as_mut_slice(), to_b.as_mut_slice()));
        E::pairwise_distance_backward(&norm, a.as_slice(), b.as_slice(), cotangent, gradients);
    }
}

/// `max(0, margin + d(anchor, positive) - d(anchor, negative))` with a [`Distance`] of one's own; the mean of the samples.
/// [`torch.nn.TripletMarginWithDistanceLoss`](https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html)
///
/// Three inputs of any shape that the distance takes.
///
/// ```
/// use nn_core::{Tensor1, loss::TripletMarginWithDistanceLoss};
///
/// type Vector = Tensor1<2>;
/// let squared = (
///     |a: &Vector, b: &Vector| (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2),
///     |a: &Vector, b: &Vector, cotangent: f32, to_a: &mut Vector, to_b: &mut Vector| {
///         for i in 0..2 {
///             to_a[i] += 2.0 * (a[i] - b[i]) * cotangent;
///             to_b[i] -= 2.0 * (a[i] - b[i]) * cotangent;
///         }
///     },
/// );
/// let loss = TripletMarginWithDistanceLoss::distance_function(squared).margin(2.0);
/// let (anchor, positive, negative) = ([Tensor1([0.0, 0.0])], [Tensor1([1.0, 0.0])], [Tensor1([0.0, 1.5])]);
/// let [mut to_anchor, mut to_positive, mut to_negative] = [[Tensor1([0.0; 2])]; 3];
/// let gradients = [&mut to_anchor, &mut to_positive, &mut to_negative];
/// assert_eq!(loss.forward(&anchor, &positive, &negative, gradients), 2.0 + 1.0 - 2.25);
/// assert_eq!((to_anchor[0].0, to_positive[0].0, to_negative[0].0), ([-2.0, 3.0], [2.0, 0.0], [0.0, -3.0]));
/// ```
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct TripletMarginWithDistanceLoss<D = PairwiseDistance> {
    distance: D,
    margin: Margin,
    swap: bool,
    reduction: Reduction,
}

/// 1 if nothing is said.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Margin(f64);

impl Default for Margin {
    fn default() -> Self {
        Margin(1.0)
    }
}

impl TripletMarginWithDistanceLoss {
    /// With PyTorch's defaults: the Euclidean distance, a margin of 1, the mean.
    pub const fn new() -> Self {
        Self::distance_function(PairwiseDistance { p: 2.0, eps: 1e-6 })
    }
}

impl<D> TripletMarginWithDistanceLoss<D> {
    /// With this distance and PyTorch's other defaults.
    pub const fn distance_function(distance: D) -> Self {
        TripletMarginWithDistanceLoss { distance, margin: Margin(1.0), swap: false, reduction: Reduction::Mean }
    }

    /// By how much the negative shall be further away than the positive: 1 if nothing is said.
    ///
    /// # Panics
    /// Unless it is positive; in a `const`, that is a compile error.
    #[track_caller]
    pub const fn margin(mut self, margin: f64) -> Self {
        assert!(margin > 0.0, "nn: TripletMarginWithDistanceLoss: margin is positive");
        self.margin = Margin(margin);
        self
    }

    /// Where the negative is nearer to the positive than to the anchor, that distance counts.
    pub const fn swap(mut self, swap: bool) -> Self {
        self.swap = swap;
        self
    }

    /// The mean, or the sum.
    pub const fn reduction(mut self, reduction: Reduction) -> Self {
        self.reduction = reduction;
        self
    }

    /// The loss of one sample before what is below 0 is cut off; and how much of the slope the distance from anchor to negative has,
    /// between 0 and 1, the rest being that of the distance from positive to negative.
    fn sample<T: Tensor<Element = E>, E: Element>(&self, anchor: &T, positive: &T, negative: &T) -> (E, E)
    where
        D: Distance<T>,
    {
        let loss = E::from_f64(self.margin.0) + self.distance.distance(anchor, positive);
        let away = self.distance.distance(anchor, negative);
        if !self.swap {
            return (loss - away, E::ONE);
        }
        let across = self.distance.distance(positive, negative);
        let share = match away {
            _ if away < across => 1.0,
            _ if away > across => 0.0,
            _ => 0.5,
        };
        (loss - away.minimum(across), E::from_f64(share))
    }

    /// The value, and its gradients with respect to the three inputs.
    pub fn forward<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        anchor: &[T; N],
        positive: &[T; N],
        negative: &[T; N],
        gradients: [&mut [T; N]; 3],
    ) -> E
    where
        D: Distance<T>,
    {
        let scale = E::ONE / E::from_usize(divisor(self.reduction, N));
        self.each_backward(anchor, positive, negative, &[scale; N], gradients);
        self.value(anchor, positive, negative)
    }

    /// The value alone.
    pub fn value<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        anchor: &[T; N],
        positive: &[T; N],
        negative: &[T; N],
    ) -> E
    where
        D: Distance<T>,
    {
        let (mut losses, mut sum) = ([E::ZERO; N], E::ZERO);
        self.each(anchor, positive, negative, &mut losses);
        for loss in losses {
            sum += loss;
        }
        sum / E::from_usize(divisor(self.reduction, N))
    }

    /// The loss of each sample: PyTorch's `reduction = 'none'`.
    pub fn each<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        anchor: &[T; N],
        positive: &[T; N],
        negative: &[T; N],
        losses: &mut [E; N],
    ) where
        D: Distance<T>,
    {
        for i in 0..N {
            losses[i] = self.sample(&anchor[i], &positive[i], &negative[i]).0.maximum(E::ZERO);
        }
    }

    /// The gradients of `Σ losses · cotangent` with respect to the three inputs.
    pub fn each_backward<T: Tensor<Element = E>, E: Element, const N: usize>(
        &self,
        anchor: &[T; N],
        positive: &[T; N],
        negative: &[T; N],
        cotangent: &[E; N],
        [to_anchor, to_positive, to_negative]: [&mut [T; N]; 3],
    ) where
        D: Distance<T>,
    {
        for i in 0..N {
            let (a, p, n) = (&anchor[i], &positive[i], &negative[i]);
            let (to_a, to_p, to_n) = (&mut to_anchor[i], &mut to_positive[i], &mut to_negative[i]);
            (*to_a, *to_p, *to_n) = (T::zeros(), T::zeros(), T::zeros());
            let (loss, share) = self.sample(a, p, n);
            if loss <= E::ZERO {
                continue;
            }
            self.distance.backward(a, p, cotangent[i], to_a, to_p);
            if share > E::ZERO {
                self.distance.backward(a, n, -cotangent[i] * share, to_a, to_n);
            }
            if share < E::ONE {
                self.distance.backward(p, n, -cotangent[i] * (E::ONE - share), to_p, to_n);
            }
        }
    }
}
