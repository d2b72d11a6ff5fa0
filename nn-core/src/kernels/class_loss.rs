//! Losses between numbers for classes and the class that is meant, or the probability of each.

use super::reduce::sum;
use crate::Float;

/// Partial sums side by side.
const LANES: usize = 16;

/// Cross entropy or negative log-likelihood over outputs `[classes, places]`.
#[derive(Clone, Copy, Debug)]
pub struct ClassLoss<'a, E> {
    /// Classes: the first axis of a sample.
    pub classes: usize,
    /// Product of the other axes.
    pub places: usize,
    /// A weight for each class.
    pub weight: Option<&'a [E]>,
    /// The label that counts for nothing.
    pub ignore_index: i64,
    /// How much of the target is spread over all classes.
    pub label_smoothing: f64,
    /// Whether the outputs still have to become logarithms of probabilities.
    pub log_softmax: bool,
}

/// What the outputs are compared with.
#[derive(Clone, Copy, Debug)]
pub enum Targets<'a, E> {
    /// The class of each place.
    Labels(Labels<'a>),
    /// The probability of each class at each place, laid out as the outputs.
    Probabilities(&'a [E]),
}

/// Class indices of any integer type.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum Labels<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
    Usize(&'a [usize]),
    I32(&'a [i32]),
    I64(&'a [i64]),
}

impl Labels<'_> {
    pub(super) fn at(&self, place: usize) -> i64 {
        match self {
            Labels::U8(labels) => labels[place].into(),
            Labels::U16(labels) => labels[place].into(),
            Labels::U32(labels) => labels[place].into(),
            Labels::U64(labels) => labels[place] as i64,
            Labels::Usize(labels) => labels[place] as i64,
            Labels::I32(labels) => labels[place].into(),
            Labels::I64(labels) => labels[place],
        }
    }
}

/// The target of one place.
enum Target<'a, E> {
    Ignored,
    Label(usize),
    /// The probability of class `c` lies at `c * places`.
    Probabilities(&'a [E]),
}

impl<E: Float> ClassLoss<'_, E> {
    fn weight(&self, class: usize) -> E {
        self.weight.map_or(E::ONE, |weight| weight[class])
    }

    fn target<'t>(&self, targets: &Targets<'t, E>, sample: usize, place: usize) -> Target<'t, E> {
        let label = match targets {
            Targets::Labels(labels) => labels.at(sample * self.places + place),
            Targets::Probabilities(all) => {
                return Target::Probabilities(&all[sample * self.classes * self.places + place..]);
            }
        };
        if label == self.ignore_index {
            return Target::Ignored;
        }
        let class = usize::try_from(label).ok().filter(|class| *class < self.classes);
        Target::Label(class.unwrap_or_else(|| panic!("target {label} is out of bounds for {} classes", self.classes)))
    }

    /// What is left of a label's probability, and what each class gets of the rest.
    fn shares(&self) -> (E, E) {
        let smoothing = E::from_f64(self.label_smoothing);
        (E::ONE - smoothing, smoothing / E::from_usize(self.classes))
    }

    /// By how much the loss falls as the logarithm of the probability of `class` grows.
    fn coefficient(&self, target: &Target<'_, E>, class: usize, (own, spread): (E, E)) -> E {
        let probability = match target {
            Target::Ignored => return E::ZERO,
            Target::Label(label) if *label == class => E::ONE,
            Target::Label(_) => E::ZERO,
            Target::Probabilities(probabilities) => probabilities[class * self.places],
        };
        match target {
            // As PyTorch weighs: the label's own share by the label's weight, the spread share by each class's.
            Target::Label(_) => own * probability * self.weight(class) + spread * self.weight(class),
            _ => (probability * own + spread) * self.weight(class),
        }
    }

    /// The largest output, and the sum over the exponentials of what each is less, which `keep` gets: the output less the former and the logarithm of
    /// the latter is the logarithm of its probability.
    fn normaliser(&self, output: &[E], mut keep: impl FnMut(usize, E)) -> (E, E) {
        if !self.log_softmax {
            return (E::ZERO, E::ONE);
        }
        let classes = || (0..self.classes).map(|class| output[class * self.places]);
        let largest = classes().fold(E::NEG_INFINITY, |largest, x| x.maximum(largest));
        let mut total = E::ZERO;
        for (class, x) in classes().enumerate() {
            let exponential = (x - largest).exp();
            keep(class, exponential);
            total += exponential;
        }
        (largest, total)
    }

    /// The loss of one place, whose outputs begin at `output[0]`.
    fn loss(&self, output: &[E], target: &Target<'_, E>, (largest, total): (E, E)) -> E {
        let log_total = total.ln();
        let log_probability = |class: usize| output[class * self.places] - largest - log_total;
        match target {
            Target::Ignored => E::ZERO,
            Target::Label(label) if self.label_smoothing == 0.0 => -self.weight(*label) * log_probability(*label),
            _ => {
                let (mut loss, shares) = (E::ZERO, self.shares());
                for class in 0..self.classes {
                    loss -= self.coefficient(target, class, shares) * log_probability(class);
                }
                loss
            }
        }
    }
}

/// What a mean divides by: the weights of the labels that are not ignored, or, for probabilities, the number of places.
pub(super) fn count<E: Float>(loss: &ClassLoss<'_, E>, batch: usize, targets: &Targets<'_, E>) -> E {
    if matches!(targets, Targets::Probabilities(_)) {
        return E::from_usize(batch * loss.places);
    }
    let mut lanes = [E::ZERO; LANES];
    for sample in 0..batch {
        for place in 0..loss.places {
            if let Target::Label(class) = loss.target(targets, sample, place) {
                lanes[(sample * loss.places + place) % LANES] += loss.weight(class);
            }
        }
    }
    sum(&lanes)
}

/// The sum of the losses, and each of them, if there is room.
pub(super) fn forward<E: Float>(
    loss: &ClassLoss<'_, E>,
    batch: usize,
    output: &[E],
    targets: &Targets<'_, E>,
    mut losses: Option<&mut [E]>,
) -> E {
    let mut lanes = [E::ZERO; LANES];
    for sample in 0..batch {
        for place in 0..loss.places {
            let output = &output[sample * loss.classes * loss.places + place..];
            let value = loss.loss(output, &loss.target(targets, sample, place), loss.normaliser(output, |_, _| ()));
            let index = sample * loss.places + place;
            lanes[index % LANES] += value;
            if let Some(losses) = losses.as_deref_mut() {
                losses[index] = value;
            }
        }
    }
    sum(&lanes)
}

/// The sum of the losses; and the derivatives of each, times `scale` and the cotangent.
#[allow(clippy::too_many_arguments)]
pub(super) fn backward<E: Float>(
    loss: &ClassLoss<'_, E>,
    batch: usize,
    output: &[E],
    targets: &Targets<'_, E>,
    scale: E,
    cotangent: Option<&[E]>,
    gradient: &mut [E],
) -> E {
    let mut lanes = [E::ZERO; LANES];
    for sample in 0..batch {
        for place in 0..loss.places {
            let first = sample * loss.classes * loss.places + place;
            let (output, gradient) = (&output[first..], &mut gradient[first..]);
            let target = loss.target(targets, sample, place);
            let normaliser = loss.normaliser(output, |class, exponential| gradient[class * loss.places] = exponential);
            let index = sample * loss.places + place;
            lanes[index % LANES] += loss.loss(output, &target, normaliser);
            if matches!(target, Target::Ignored) {
                for class in 0..loss.classes {
                    gradient[class * loss.places] = E::ZERO;
                }
                continue;
            }
            let scale = cotangent.map_or(scale, |cotangent| scale * cotangent[index]);
            let shares = loss.shares();
            let mut total = E::ZERO;
            for class in 0..loss.classes {
                total += loss.coefficient(&target, class, shares);
            }
            for class in 0..loss.classes {
                let softmax = if loss.log_softmax { gradient[class * loss.places] / normaliser.1 } else { E::ZERO };
                // A likelihood depends on nothing but its label's output: the others get 0 whatever the scale.
                let is_read = loss.log_softmax || matches!(target, Target::Label(label) if label == class);
                let derivative = softmax * total - loss.coefficient(&target, class, shares);
                gradient[class * loss.places] = if is_read { derivative * scale } else { E::ZERO };
            }
        }
    }
    sum(&lanes)
}
