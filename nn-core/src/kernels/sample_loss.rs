//! Losses that have one value for each sample.

use super::class_loss::Labels;
use super::loss::softplus;
use super::math::sigmoid;
use super::vector_norm::{self, Slope};
use crate::Float;

/// A loss of samples of `len` numbers each; what the inputs are is said with each.
#[derive(Clone, Copy, Debug)]
pub enum SampleLoss<'a, E> {
    /// Two vectors: `1 - cos` where they belong together, `max(0, cos - margin)` where they do not.
    Cosine {
        /// 1 or -1 for each sample.
        target: &'a [E],
        /// The largest cosine that is far enough.
        margin: f64,
    },
    /// Logits and yes-or-no targets: the mean of their weighted cross entropies.
    MultiLabelSoftMargin {
        /// A weight for each class.
        weight: Option<&'a [E]>,
    },
    /// Scores: `weight[y] Σ max(0, margin - x[y] + x[i])ᵖ / len` over the classes `i ≠ y`.
    MultiMargin {
        /// The class of each sample.
        labels: Labels<'a>,
        /// Squares instead of the numbers themselves.
        squared: bool,
        /// By how much the class shall lead.
        margin: f64,
        /// A weight for each class.
        weight: Option<&'a [E]>,
    },
    /// Scores: `Σ max(0, 1 - x[y] + x[i]) / len` over the classes `y` that are named and those that are not.
    MultiLabelMargin {
        /// The classes of each sample, up to the first -1.
        labels: Labels<'a>,
    },
    /// Anchor, positive and negative vectors: `max(0, margin + d(a, p) - d(a, n))`.
    Triplet {
        /// By how much the negative shall be further away.
        margin: f64,
        /// The distance.
        norm: Norm,
        /// The negative's distance is that to the positive, if that is smaller.
        swap: bool,
    },
}

/// The distance `‖a - b + eps‖ₚ`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Norm {
    /// The exponent.
    pub p: f64,
    /// Added to each difference.
    pub eps: f64,
}

/// What a square is kept away from 0 by: PyTorch's is an `f32`, whatever the element.
const COSINE_EPS: f64 = 1e-12_f32 as f64;

/// The numbers of one sample; none of an input that there is not.
fn part<E>(values: &[E], sample: usize, len: usize) -> &[E] {
    if values.is_empty() { values } else { &values[sample * len..(sample + 1) * len] }
}

/// The sum of the losses, and each of them, if there is room.
pub(super) fn forward<E: Float>(
    loss: &SampleLoss<'_, E>,
    batch: usize,
    len: usize,
    inputs: [&[E]; 3],
    mut losses: Option<&mut [E]>,
) -> E {
    let mut sum = E::ZERO;
    for sample in 0..batch {
        let value = loss.value(sample, inputs.map(|input| part(input, sample, len)));
        sum += value;
        if let Some(losses) = losses.as_deref_mut() {
            losses[sample] = value;
        }
    }
    sum
}

/// The gradients of those inputs that have a slice for it, times `scale` and the cotangent.
pub(super) fn backward<E: Float>(
    loss: &SampleLoss<'_, E>,
    batch: usize,
    len: usize,
    inputs: [&[E]; 3],
    scale: E,
    cotangent: Option<&[E]>,
    mut gradients: [&mut [E]; 3],
) {
    for sample in 0..batch {
        let scale = cotangent.map_or(scale, |cotangent| scale * cotangent[sample]);
        let inputs = inputs.map(|input| part(input, sample, len));
        let gradients = gradients.each_mut().map(|all| {
            let range = if all.is_empty() { 0..0 } else { sample * len..(sample + 1) * len };
            let own = &mut all[range];
            own.fill(E::ZERO);
            own
        });
        loss.add_gradient(sample, inputs, scale, gradients);
    }
}

impl<E: Float> SampleLoss<'_, E> {
    fn value(&self, sample: usize, [a, b, c]: [&[E]; 3]) -> E {
        match *self {
            SampleLoss::Cosine { target, margin } => {
                let cosine = Cosine::new(a, b).value;
                if target[sample] == E::ONE {
                    E::ONE - cosine
                } else if target[sample] == -E::ONE {
                    (cosine - E::from_f64(margin)).maximum(E::ZERO)
                } else {
                    E::ZERO
                }
            }
            SampleLoss::MultiLabelSoftMargin { weight } => {
                let mut sum = E::ZERO;
                for (class, (x, t)) in a.iter().zip(b).enumerate() {
                    let loss = *t * softplus(-*x) + (E::ONE - *t) * softplus(*x);
                    sum += loss * weight.map_or(E::ONE, |weight| weight[class]);
                }
                sum / E::from_usize(a.len())
            }
            SampleLoss::MultiMargin { labels, squared, margin, weight } => {
                let label = class(labels.at(sample), a.len());
                let mut sum = E::ZERO;
                for z in (0..a.len()).filter(|i| *i != label).map(|i| E::from_f64(margin) - a[label] + a[i]) {
                    let z = z.maximum(E::ZERO);
                    sum += if squared { z * z } else { z };
                }
                sum * weight.map_or(E::ONE, |weight| weight[label]) / E::from_usize(a.len())
            }
            SampleLoss::MultiLabelMargin { labels } => {
                let mut sum = E::ZERO;
                for_each_pair(labels, sample, a, |_, _, z| sum += z);
                sum / E::from_usize(a.len())
            }
            SampleLoss::Triplet { margin, norm, swap } => {
                let [positive, negative, across] = triplet(&norm, swap, [a, b, c]);
                (E::from_f64(margin) + positive - negative.minimum(across)).maximum(E::ZERO)
            }
        }
    }

    fn add_gradient(&self, sample: usize, [a, b, c]: [&[E]; 3], scale: E, [to_a, to_b, to_c]: [&mut [E]; 3]) {
        match *self {
            SampleLoss::Cosine { target, margin } => {
                let cosine = Cosine::new(a, b);
                let is_near = cosine.value > E::from_f64(margin);
                let slope = match target[sample] {
                    t if t == E::ONE => -scale,
                    t if t == -E::ONE && is_near => scale,
                    _ => return,
                };
                cosine.add_gradient(a, b, slope, to_a, to_b);
            }
            SampleLoss::MultiLabelSoftMargin { weight } => {
                let scale = scale / E::from_usize(a.len());
                let weight = |class: usize| weight.map_or(scale, |weight| weight[class] * scale);
                for (class, (to, (x, t))) in to_a.iter_mut().zip(a.iter().zip(b)).enumerate() {
                    *to = (sigmoid(*x) - *t) * weight(class);
                }
                for (class, (to, x)) in to_b.iter_mut().zip(a).enumerate() {
                    *to = -*x * weight(class);
                }
            }
            SampleLoss::MultiMargin { labels, squared, margin, weight } => {
                let label = class(labels.at(sample), a.len());
                let scale = scale * weight.map_or(E::ONE, |weight| weight[label]) / E::from_usize(a.len());
                for i in (0..a.len()).filter(|i| *i != label) {
                    let z = E::from_f64(margin) - a[label] + a[i];
                    if z > E::ZERO {
                        let slope = if squared { (z + z) * scale } else { scale };
                        to_a[i] = slope;
                        to_a[label] += -slope;
                    }
                }
            }
            SampleLoss::MultiLabelMargin { labels } => {
                let slope = scale / E::from_usize(a.len());
                for_each_pair(labels, sample, a, |label, other, _| {
                    to_a[other] += slope;
                    to_a[label] += -slope;
                });
            }
            SampleLoss::Triplet { margin, norm, swap } => {
                let [positive, negative, across] = triplet(&norm, swap, [a, b, c]);
                if E::from_f64(margin) + positive - negative.minimum(across) <= E::ZERO {
                    return;
                }
                // Of two equal distances each has half of the slope.
                let half = if negative == across { scale * E::from_f64(0.5) } else { scale };
                distance_backward(&norm, a, b, scale, (to_a, to_b));
                if negative <= across {
                    distance_backward(&norm, a, c, -half, (to_a, to_c));
                }
                if across <= negative {
                    distance_backward(&norm, b, c, -half, (to_b, to_c));
                }
            }
        }
    }
}

/// A class index that is one.
fn class(label: i64, classes: usize) -> usize {
    let class = usize::try_from(label).ok().filter(|class| *class < classes);
    class.unwrap_or_else(|| panic!("target {label} is out of bounds for {classes} classes"))
}

/// Calls `visit(y, i, z)` for each named class `y` and each other `i` with `z = 1 - x[y] + x[i] > 0`.
fn for_each_pair<E: Float>(labels: Labels<'_>, sample: usize, x: &[E], mut visit: impl FnMut(usize, usize, E)) {
    let start = sample * x.len();
    let named = || (start..start + x.len()).map(|place| labels.at(place)).take_while(|label| *label != -1);
    for label in named().map(|label| class(label, x.len())) {
        for other in (0..x.len()).filter(|other| named().all(|label| label != *other as i64)) {
            let z = E::ONE - x[label] + x[other];
            if z > E::ZERO {
                visit(label, other, z);
            }
        }
    }
}

/// The cosine of the angle between two vectors, and their squares.
struct Cosine<E> {
    value: E,
    squares: [E; 2],
}

impl<E: Float> Cosine<E> {
    fn new(a: &[E], b: &[E]) -> Self {
        let dot = |a: &[E], b: &[E]| {
            let mut sum = E::ZERO;
            for (a, b) in a.iter().zip(b) {
                sum += *a * *b;
            }
            sum
        };
        let squares = [dot(a, a) + E::from_f64(COSINE_EPS), dot(b, b) + E::from_f64(COSINE_EPS)];
        Cosine { value: dot(a, b) / (squares[0] * squares[1]).sqrt(), squares }
    }

    /// `d cos / da = b / √(a² b²) - cos a / a²`, and the same with both exchanged.
    fn add_gradient(&self, a: &[E], b: &[E], slope: E, to_a: &mut [E], to_b: &mut [E]) {
        let root = (self.squares[0] * self.squares[1]).sqrt();
        for (to, own, other, square) in [(to_a, a, b, self.squares[0]), (to_b, b, a, self.squares[1])] {
            for (to, (own, other)) in to.iter_mut().zip(own.iter().zip(other)) {
                *to += (*other / root - self.value * *own / square) * slope;
            }
        }
    }
}

/// The distances from the anchor to the positive and to the negative; and between these two, if both may change places.
fn triplet<E: Float>(norm: &Norm, swap: bool, [anchor, positive, negative]: [&[E]; 3]) -> [E; 3] {
    let across = if swap { distance(norm, positive, negative) } else { -E::NEG_INFINITY };
    [distance(norm, anchor, positive), distance(norm, anchor, negative), across]
}

/// `a - b + eps`
fn differences<'a, E: Float>(norm: &Norm, a: &'a [E], b: &'a [E]) -> impl Iterator<Item = f64> + Clone + 'a {
    let eps = norm.eps;
    a.iter().zip(b).map(move |(a, b)| a.to_f64() - b.to_f64() + eps)
}

/// `‖a - b + eps‖ₚ`
pub(super) fn distance<E: Float>(norm: &Norm, a: &[E], b: &[E]) -> E {
    E::from_f64(vector_norm::norm(norm.p, differences(norm, a, b)))
}

/// Adds the derivatives of the distance, times the cotangent.
pub(super) fn distance_backward<E: Float>(
    norm: &Norm,
    a: &[E],
    b: &[E],
    cotangent: E,
    (to_a, to_b): (&mut [E], &mut [E]),
) {
    let differences = differences(norm, a, b);
    let slope = Slope::new(norm.p, vector_norm::norm(norm.p, differences.clone()), differences.clone());
    for (difference, (to_a, to_b)) in differences.zip(to_a.iter_mut().zip(to_b)) {
        let derivative = E::from_f64(slope.at(difference) * cotangent.to_f64());
        *to_a += derivative;
        *to_b += -derivative;
    }
}
