//! Normalising groups of neighbouring values, each by its own mean and variance: GroupNorm, LayerNorm, RMSNorm, InstanceNorm.
//!
//! Sums run side by side in the element type over short blocks, and in `f64` over the blocks.

use nn_shape::Groups;

use crate::Float;
use crate::simd::on_every_isa;

/// Numbers that are summed side by side: two vectors at least, because the sum of one waits for the sum before.
const LANES: usize = 32;
/// The same for slices that are shorter than that.
const FEW: usize = 8;
/// Values that are summed in the element type.
const BLOCK: usize = 32 * LANES;

/// Running mean, running variance, and the weight of this batch in them.
type Running<'a, E> = (&'a mut [E], &'a mut [E], f64);
/// Weight and bias.
type Factors<'a, E> = (Option<&'a [E]>, Option<&'a [E]>);
/// Their gradients.
type FactorGradients<'a, E> = (Option<&'a mut [E]>, Option<&'a mut [E]>);

on_every_isa! {
    /// `output = (input - mean) / √(variance + eps) * weight + bias`, with the biased variance; without a mean, and with the mean square,
    /// unless groups are centred. `statistics` take mean and 1/√(variance + eps) of each group, one pair after the other. Running
    /// statistics, one for each group of a sample, move towards the mean over the batch of mean and unbiased variance.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn forward<E: Float>(
        groups: &Groups,
        batch: usize,
        eps: f64,
        input: &[E],
        factors: Factors<'_, E>,
        output: &mut [E],
        statistics: Option<&mut [E]>,
        running: Option<Running<'_, E>>,
    ) = forward_body;
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn forward_body<E: Float>(
    groups: &Groups,
    batch: usize,
    eps: f64,
    input: &[E],
    factors: Factors<'_, E>,
    output: &mut [E],
    mut statistics: Option<&mut [E]>,
    mut running: Option<Running<'_, E>>,
) {
    let len = groups.len();
    assert!(input.len() == batch * groups.count * len && output.len() == input.len(), "groups to normalise");
    if let Some((mean, variance, weight)) = &mut running {
        let keep = E::from_f64(1.0 - *weight);
        mean.iter_mut().chain(variance.iter_mut()).for_each(|value| *value *= keep);
    }
    for (row, (x, y)) in input.chunks_exact(len).zip(output.chunks_exact_mut(len)).enumerate() {
        let (mean, variance) = moments(groups.centred, x);
        let inverse = E::from_f64(1.0 / Float::sqrt(variance + eps));
        if let Some(statistics) = &mut statistics {
            statistics[2 * row..][..2].copy_from_slice(&[E::from_f64(mean), inverse]);
        }
        if let Some((running_mean, running_variance, weight)) = &mut running {
            let (group, share) = (row % groups.count, *weight / batch as f64);
            let unbiased = variance * len as f64 / (len as f64 - 1.0).max(1.0);
            running_mean[group] += E::from_f64(share * mean);
            running_variance[group] += E::from_f64(share * unbiased);
        }
        let (weight, bias) = factors;
        let factors = (weight.map(|weight| own(groups, row, weight)), bias.map(|bias| own(groups, row, bias)));
        normalize(groups.plane, x, E::from_f64(mean), inverse, factors, y);
    }
}

/// A group's own weights.
#[inline(always)]
fn own<'a, E>(groups: &Groups, row: usize, factors: &'a [E]) -> &'a [E] {
    &factors[row % groups.period * groups.channels..][..groups.channels]
}

/// Mean and biased variance; 0 and the mean square where the mean is not taken off.
#[inline(always)]
fn moments<E: Float>(centred: bool, x: &[E]) -> (f64, f64) {
    let count = x.len() as f64;
    let mean = if centred {
        let [total] = sums(x, x, x, |x, _, _| [x]);
        E::from_f64(total / count)
    } else {
        E::ZERO
    };
    // Distances from a mean that is nearly right: their own mean corrects it, and nothing is lost far from zero.
    let [shift, squares] = sums(x, x, x, |x, _, _| [x - mean, (x - mean) * (x - mean)]);
    if !centred {
        return (0.0, squares / count);
    }
    let shift = shift / count;
    (mean.to_f64() + shift, (squares / count - shift * shift).max(0.0))
}

/// `y = (x - mean) * inverse * weight + bias` for one group.
#[inline(always)]
fn normalize<E: Float>(plane: usize, x: &[E], mean: E, inverse: E, factors: Factors<'_, E>, y: &mut [E]) {
    match factors {
        (None, None) => x.iter().zip(y).for_each(|(x, y)| *y = (*x - mean) * inverse),
        (Some(weight), None) if plane == 1 => {
            for ((y, x), weight) in y.iter_mut().zip(x).zip(weight) {
                *y = (*x - mean) * inverse * *weight;
            }
        }
        (Some(weight), Some(bias)) if plane == 1 => {
            for (((y, x), weight), bias) in y.iter_mut().zip(x).zip(weight).zip(bias) {
                *y = (*x - mean) * inverse * *weight + *bias;
            }
        }
        (weight, bias) => {
            for (channel, (x, y)) in x.chunks_exact(plane).zip(y.chunks_exact_mut(plane)).enumerate() {
                let scale = weight.map_or(inverse, |weight| weight[channel] * inverse);
                let bias = bias.map_or(E::ZERO, |bias| bias[channel]);
                x.iter().zip(y).for_each(|(x, y)| *y = (*x - mean) * scale + bias);
            }
        }
    }
}

on_every_isa! {
    /// With `d = input - mean` and `h = gradient * weight`, per group, over its `n` values:
    /// `input_gradient = (h - Σ h / n - d * inverse² * Σ (h * d) / n) * inverse`, the first sum only where groups are centred;
    /// `weight_gradient += gradient * d * inverse` and `bias_gradient += gradient`, over all values that share a weight.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn backward<E: Float>(
        groups: &Groups,
        batch: usize,
        input: &[E],
        statistics: &[E],
        weight: Option<&[E]>,
        output_gradient: &[E],
        gradients: FactorGradients<'_, E>,
        input_gradient: Option<(&mut [E], bool)>,
    ) = backward_body;
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn backward_body<E: Float>(
    groups: &Groups,
    batch: usize,
    input: &[E],
    statistics: &[E],
    weight: Option<&[E]>,
    output_gradient: &[E],
    (mut weight_gradient, mut bias_gradient): FactorGradients<'_, E>,
    mut input_gradient: Option<(&mut [E], bool)>,
) {
    let len = groups.len();
    assert!(input.len() == batch * groups.count * len && output_gradient.len() == input.len(), "normalised groups");
    for (row, (x, g)) in input.chunks_exact(len).zip(output_gradient.chunks_exact(len)).enumerate() {
        let (mean, inverse) = (statistics[2 * row], statistics[2 * row + 1]);
        let (from, channels) = (row % groups.period * groups.channels, groups.channels);
        let weight = weight.map(|weight| &weight[from..][..channels]);
        let gradients = (
            weight_gradient.as_deref_mut().map(|gradient| &mut gradient[from..][..channels]),
            bias_gradient.as_deref_mut().map(|gradient| &mut gradient[from..][..channels]),
        );
        let group = Group { plane: groups.plane, x, g, weight, mean, inverse };
        let [total, dot] = group.sums(gradients);
        let Some((to, accumulate)) = &mut input_gradient else { continue };
        let to = &mut to[row * len..][..len];
        let (count, inverse) = (len as f64, inverse.to_f64());
        let shift = E::from_f64(if groups.centred { total / count } else { 0.0 });
        let slope = E::from_f64(inverse * inverse * dot / count);
        if *accumulate {
            group.spread(to, |h, d, old| old + (h - shift - d * slope) * group.inverse);
        } else {
            group.spread(to, |h, d, _| (h - shift - d * slope) * group.inverse);
        }
    }
}

/// One group of the backward pass.
struct Group<'a, E> {
    plane: usize,
    x: &'a [E],
    g: &'a [E],
    weight: Option<&'a [E]>,
    mean: E,
    inverse: E,
}

impl<E: Float> Group<'_, E> {
    /// `Σ h` and `Σ (h * d)`; adds to the gradients of the weights.
    #[inline(always)]
    fn sums(&self, (mut weight_gradient, mut bias_gradient): FactorGradients<'_, E>) -> [f64; 2] {
        let (mean, inverse) = (self.mean, self.inverse);
        if self.plane == 1 {
            if let Some(gradient) = &mut weight_gradient {
                for ((to, x), g) in gradient.iter_mut().zip(self.x).zip(self.g) {
                    *to += *g * (*x - mean) * inverse;
                }
            }
            if let Some(gradient) = &mut bias_gradient {
                gradient.iter_mut().zip(self.g).for_each(|(to, g)| *to += *g);
            }
        }
        match self.weight {
            Some(weight) if self.plane == 1 => {
                sums(self.x, self.g, weight, |x, g, weight| [g * weight, g * weight * (x - mean)])
            }
            Some(_) => self.plane_sums(weight_gradient, bias_gradient),
            None => self.plane_sums(None, None),
        }
    }

    /// The values that share a weight, with it; without weights they are all one plane, whose weight is 1.
    #[inline(always)]
    fn planes(&self) -> impl Iterator<Item = (&[E], &[E], E)> {
        let plane = if self.weight.is_some() { self.plane } else { self.x.len().max(1) };
        let planes = self.x.chunks_exact(plane).zip(self.g.chunks_exact(plane));
        planes.enumerate().map(|(channel, (x, g))| (x, g, self.weight.map_or(E::ONE, |weight| weight[channel])))
    }

    /// The same where several values share a weight.
    #[inline(always)]
    fn plane_sums(&self, mut to_weight: Option<&mut [E]>, mut to_bias: Option<&mut [E]>) -> [f64; 2] {
        let (mut totals, mean, inverse) = ([0.0; 2], self.mean, self.inverse.to_f64());
        for (channel, (x, g, weight)) in self.planes().enumerate() {
            let [total, dot] = sums(x, g, g, |x, g, _| [g, g * (x - mean)]);
            totals[0] += total * weight.to_f64();
            totals[1] += dot * weight.to_f64();
            if let Some(to) = &mut to_weight {
                to[channel] += E::from_f64(dot * inverse);
            }
            if let Some(to) = &mut to_bias {
                to[channel] += E::from_f64(total);
            }
        }
        totals
    }

    /// `to = f(h, d, to)`.
    #[inline(always)]
    fn spread(&self, to: &mut [E], f: impl Fn(E, E, E) -> E) {
        let mean = self.mean;
        match self.weight {
            Some(weight) if self.plane == 1 => {
                for (((to, x), g), weight) in to.iter_mut().zip(self.x).zip(self.g).zip(weight) {
                    *to = f(*g * *weight, *x - mean, *to);
                }
            }
            _ => {
                let mut rest = to;
                for (x, g, weight) in self.planes() {
                    let (to, behind) = rest.split_at_mut(x.len());
                    rest = behind;
                    for ((to, x), g) in to.iter_mut().zip(x).zip(g) {
                        *to = f(*g * weight, *x - mean, *to);
                    }
                }
            }
        }
    }
}

/// `Σ f(a, b, c)`.
#[inline(always)]
pub(super) fn sums<E: Float, const K: usize>(a: &[E], b: &[E], c: &[E], f: impl Fn(E, E, E) -> [E; K]) -> [f64; K] {
    if a.len() < LANES {
        return block::<E, FEW, K>(a, b, c, f);
    }
    let mut totals = [0.0; K];
    for ((a, b), c) in a.chunks(BLOCK).zip(b.chunks(BLOCK)).zip(c.chunks(BLOCK)) {
        let parts = block::<E, LANES, K>(a, b, c, &f);
        for k in 0..K {
            totals[k] += parts[k];
        }
    }
    totals
}

/// The same for a slice that is short enough for the element type, in so many sums side by side.
#[inline(always)]
fn block<E: Float, const N: usize, const K: usize>(
    a: &[E],
    b: &[E],
    c: &[E],
    f: impl Fn(E, E, E) -> [E; K],
) -> [f64; K] {
    let mut lanes = [[E::ZERO; N]; K];
    let ((a, a_rest), (b, b_rest), (c, c_rest)) = (a.as_chunks::<N>(), b.as_chunks::<N>(), c.as_chunks::<N>());
    for ((a, b), c) in a.iter().zip(b).zip(c) {
        for i in 0..N {
            let values = f(a[i], b[i], c[i]);
            for k in 0..K {
                lanes[k][i] += values[k];
            }
        }
    }
    if !a_rest.is_empty() {
        // An array of its own: what is indexed by a variable does not stay in registers.
        let mut rest = [[E::ZERO; N]; K];
        for (i, ((a, b), c)) in a_rest.iter().zip(b_rest).zip(c_rest).enumerate() {
            let values = f(*a, *b, *c);
            for k in 0..K {
                rest[k][i] = values[k];
            }
        }
        for k in 0..K {
            for i in 0..N {
                lanes[k][i] += rest[k][i];
            }
        }
    }
    let mut totals = [0.0; K];
    for k in 0..K {
        totals[k] = across(&lanes[k]);
    }
    totals
}

/// The sum of all lanes, by halves.
#[inline(always)]
fn across<E: Float, const N: usize>(lanes: &[E; N]) -> f64 {
    let mut wide = [0.0; N];
    for i in 0..N {
        wide[i] = lanes[i].to_f64();
    }
    let mut half = N / 2;
    while half > 0 {
        for i in 0..half {
            wide[i] += wide[i + half];
        }
        half /= 2;
    }
    wide[0]
}
