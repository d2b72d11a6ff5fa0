//! Normalising each channel over a batch.
//!
//! Sums run in vectors of the element type over short blocks, and in `f64` over the blocks.

use core::ops::Range;

use nn_shape::Planes;

use crate::Float;
use crate::simd::{fetch, on_every_isa};

/// Channels that are taken at once where they lie side by side.
const COLUMNS: usize = 16;
/// Numbers of a channel that are summed side by side: two vectors at least, because the sum of one waits for the sum before.
const LANES: usize = 32;
/// Values that are summed in the element type before the sums go over to `f64`.
const BLOCK: usize = 32 * LANES;
/// Numbers of a channel between what is read or written and what is asked for then: the machine's own reading ahead ends where a plane does.
const AHEAD: usize = 512;

/// Running mean, running variance, and the weight of this batch in them.
type Running<'a, E> = (&'a mut [E], &'a mut [E], f64);
/// Weight and bias.
type Factors<'a, E> = (Option<&'a [E]>, Option<&'a [E]>);
/// Their gradients.
type FactorGradients<'a, E> = (Option<&'a mut [E]>, Option<&'a mut [E]>);

on_every_isa! {
    /// Mean and 1/√(biased variance + eps) of each channel, and `output = (input - mean) * inverse * weight + bias`, or 0 where that is less and it
    /// rectifies. The running variance takes the unbiased variance.
    pub(super) fn forward<E: Float>(
        planes: Planes,
        batch: usize,
        eps: f64,
        rectifies: bool,
        input: &[E],
        moments: (&mut [E], &mut [E]),
        running: Option<Running<'_, E>>,
        factors: Factors<'_, E>,
        output: &mut [E],
    ) = forward_of;
}

on_every_isa! {
    /// `output = (input - mean) / √(variance + eps) * weight + bias`, or 0 where that is less and it rectifies.
    pub(super) fn evaluate<E: Float>(
        planes: Planes,
        batch: usize,
        eps: f64,
        rectifies: bool,
        input: &[E],
        moments: (&[E], &[E]),
        factors: Factors<'_, E>,
        output: &mut [E],
    ) = evaluate_of;
}

on_every_isa! {
    /// With `d = input - mean`, per channel, over `n` values:
    /// `input_gradient = (gradient - Σ gradient / n - d * inverse² * Σ (gradient * d) / n) * inverse * weight`,
    /// `weight_gradient += Σ (gradient * d) * inverse`, `bias_gradient += Σ gradient`, the gradient being 0 where the forward pass rectified. If there is no
    /// output gradient, it lies where the input's is to be.
    pub(super) fn backward<E: Float>(
        planes: Planes,
        batch: usize,
        rectifies: bool,
        input: &[E],
        moments: (&[E], &[E]),
        factors: Factors<'_, E>,
        output_gradient: &[E],
        gradients: FactorGradients<'_, E>,
        input_gradient: Option<(&mut [E], bool)>,
    ) = backward_of;
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn forward_of<E: Float>(
    planes: Planes,
    batch: usize,
    eps: f64,
    rectifies: bool,
    input: &[E],
    (mean, inverse): (&mut [E], &mut [E]),
    mut running: Option<Running<'_, E>>,
    factors: Factors<'_, E>,
    output: &mut [E],
) {
    let count = (batch * planes.plane) as f64;
    for channels in blocks(planes) {
        // Distances from a mean that is nearly right: their own mean corrects it, and little is lost however far from zero all values are. One
        // sample's mean will do: that is off by at most as many deviations as the root of the number of samples.
        let few = if planes.plane == 1 { batch } else { 1 };
        let [totals] = sums(planes, few, channels.clone(), input, input, |_| (), |(), x, _| [x]);
        for (channel, sum) in channels.clone().zip(totals) {
            mean[channel] = E::from_f64(sum / (few * planes.plane) as f64);
        }
        let distances = |mean: E, x: E, _: E| [x - mean, (x - mean) * (x - mean)];
        let [shifts, squares] = sums(planes, batch, channels.clone(), input, input, |channel| mean[channel], distances);
        for (lane, channel) in channels.clone().enumerate() {
            let shift = shifts[lane] / count;
            let exact = mean[channel].to_f64() + shift;
            let variance = (squares[lane] / count - shift * shift).max(0.0);
            mean[channel] = E::from_f64(exact);
            inverse[channel] = E::from_f64(1.0 / Float::sqrt(variance + eps));
            if let Some((running_mean, running_variance, weight)) = &mut running {
                let unbiased = variance * count / (count - 1.0).max(1.0);
                approach(&mut running_mean[channel], exact, *weight);
                approach(&mut running_variance[channel], unbiased, *weight);
            }
        }
        // While the second cache still holds the channel.
        let per_channel = |channel: usize| Affine::new(channel, mean, inverse[channel], factors, rectifies);
        map_channels(planes, batch, channels, input, input, output, per_channel, normalized);
    }
}

/// What a channel is normalised with.
#[derive(Clone, Copy)]
struct Affine<E> {
    mean: E,
    scale: E,
    bias: E,
    /// What the result is at least: below every number, unless it is rectified.
    least: E,
}

impl<E: Float> Affine<E> {
    #[inline(always)]
    fn new(channel: usize, mean: &[E], inverse: E, (weight, bias): Factors<'_, E>, rectifies: bool) -> Self {
        Affine {
            mean: mean[channel],
            scale: weight.map_or(E::ONE, |weight| weight[channel]) * inverse,
            bias: bias.map_or(E::ZERO, |bias| bias[channel]),
            least: if rectifies { E::ZERO } else { E::NEG_INFINITY },
        }
    }

    /// Before it is rectified.
    #[inline(always)]
    fn of(self, x: E) -> E {
        (x - self.mean) * self.scale + self.bias
    }

    /// The gradient of a result, as the ReLU's backward pass gives it. The result is computed again, with the same bits: there is one thing less to read.
    #[inline(always)]
    fn rectified(self, x: E, gradient: E) -> E {
        if self.of(x) <= self.least { E::ZERO } else { gradient }
    }
}

#[inline(always)]
fn normalized<E: Float>(affine: Affine<E>, x: E, _: E, _: E) -> E {
    affine.of(x).maximum(affine.least)
}

#[inline(always)]
fn approach<E: Float>(running: &mut E, value: f64, weight: f64) {
    *running = E::from_f64((1.0 - weight) * running.to_f64() + weight * value);
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn evaluate_of<E: Float>(
    planes: Planes,
    batch: usize,
    eps: f64,
    rectifies: bool,
    input: &[E],
    (mean, variance): (&[E], &[E]),
    factors: Factors<'_, E>,
    output: &mut [E],
) {
    let per_channel = |channel: usize| {
        let inverse = E::from_f64(1.0 / Float::sqrt(variance[channel].to_f64() + eps));
        Affine::new(channel, mean, inverse, factors, rectifies)
    };
    for channels in blocks(planes) {
        map_channels(planes, batch, channels, input, input, output, per_channel, normalized);
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn backward_of<E: Float>(
    planes: Planes,
    batch: usize,
    rectifies: bool,
    input: &[E],
    (mean, inverse): (&[E], &[E]),
    factors: Factors<'_, E>,
    output_gradient: &[E],
    (mut weight_gradient, mut bias_gradient): FactorGradients<'_, E>,
    mut input_gradient: Option<(&mut [E], bool)>,
) {
    let count = (batch * planes.plane) as f64;
    let affine = |channel: usize| Affine::new(channel, mean, inverse[channel], factors, rectifies);
    for channels in blocks(planes) {
        let products = |affine: Affine<E>, x: E, gradient: E| {
            let gradient = affine.rectified(x, gradient);
            [gradient, gradient * (x - affine.mean)]
        };
        let gradient = match &input_gradient {
            Some((gradient, _)) if output_gradient.is_empty() => &**gradient,
            _ => output_gradient,
        };
        let [totals, dots] = sums(planes, batch, channels.clone(), input, gradient, affine, products);
        for (lane, channel) in channels.clone().enumerate() {
            if let Some(weight) = &mut weight_gradient {
                weight[channel] += E::from_f64(dots[lane] * inverse[channel].to_f64());
            }
            if let Some(bias) = &mut bias_gradient {
                bias[channel] += E::from_f64(totals[lane]);
            }
        }
        let Some((input_gradient, accumulate)) = &mut input_gradient else { continue };
        let first = channels.start;
        let per_channel = |channel: usize| {
            let (lane, inverse) = (channel - first, inverse[channel].to_f64());
            let slope = inverse * inverse * dots[lane] / count;
            (affine(channel), E::from_f64(totals[lane] / count), E::from_f64(slope))
        };
        let part = |(affine, shift, slope): (Affine<E>, E, E), x: E, gradient: E| {
            (affine.rectified(x, gradient) - shift - (x - affine.mean) * slope) * affine.scale
        };
        if *accumulate {
            let add = |factors, x, gradient, old| old + part(factors, x, gradient);
            map_channels(planes, batch, channels, input, output_gradient, input_gradient, per_channel, add);
        } else if output_gradient.is_empty() {
            let replace = |factors, x, _, gradient| part(factors, x, gradient);
            map_channels(planes, batch, channels, input, input, input_gradient, per_channel, replace);
        } else {
            let set = |factors, x, gradient, _| part(factors, x, gradient);
            map_channels(planes, batch, channels, input, output_gradient, input_gradient, per_channel, set);
        }
    }
}

/// The channels that are summed at once: one, or, where a channel has a single value in each sample, as many as lie side by side.
#[inline(always)]
fn blocks(planes: Planes) -> impl Iterator<Item = Range<usize>> {
    let step = if planes.plane == 1 { COLUMNS } else { 1 };
    (0..planes.channels).step_by(step).map(move |first| first..(first + step).min(planes.channels))
}

/// The values of one channel in each sample, from the last to the first if `back`, and how far behind each number is the one to ask for: some samples
/// further, or in the next channel.
#[inline(always)]
fn slices(planes: Planes, batch: usize, channel: usize, back: bool) -> impl Iterator<Item = (Range<usize>, usize)> {
    let place = move |step: usize, channel| {
        let sample = if back { batch - 1 - step } else { step };
        (sample * planes.channels + channel) * planes.plane
    };
    let ahead = AHEAD.div_ceil(planes.plane.max(1));
    (0..batch).map(move |step| {
        let (from, then) = (place(step, channel), step + ahead);
        let next = if then < batch { place(then, channel) } else { place((then - batch).min(batch - 1), channel + 1) };
        (from..from + planes.plane, next.wrapping_sub(from))
    })
}

/// Asks for what lies `next` numbers behind each of some.
#[inline(always)]
fn ask<E>(values: &[E; LANES], next: usize) {
    for line in (0..LANES).step_by(64 / size_of::<E>()) {
        fetch(values.as_ptr().wrapping_add(next).wrapping_add(line));
    }
}

/// The factors of the channels of a block; the last one's once more where there are fewer.
#[inline(always)]
fn side_by_side<F>(channels: &Range<usize>, per_channel: impl Fn(usize) -> F) -> [F; COLUMNS] {
    core::array::from_fn(|lane| per_channel((channels.start + lane).min(channels.end - 1)))
}

/// `Σ f(factors of the channel, a, b)` over all values of each channel of a block.
#[inline(always)]
fn sums<E: Float, F: Copy, const K: usize>(
    planes: Planes,
    batch: usize,
    channels: Range<usize>,
    a: &[E],
    b: &[E],
    per_channel: impl Fn(usize) -> F,
    f: impl Fn(F, E, E) -> [E; K],
) -> [[f64; COLUMNS]; K] {
    let mut totals = [[0.0; COLUMNS]; K];
    if planes.plane == 1 {
        let factors = side_by_side(&channels, per_channel);
        for row in (0..batch).map(|sample| sample * planes.channels) {
            let slice = row + channels.start..row + channels.end;
            let (a, b) = (&a[slice.clone()], &b[slice]);
            let mut add = |lane: usize, a: E, b: E| {
                let values = f(factors[lane], a, b);
                for k in 0..K {
                    totals[k][lane] += values[k].to_f64();
                }
            };
            if let (Ok(a), Ok(b)) = (<&[E; COLUMNS]>::try_from(a), <&[E; COLUMNS]>::try_from(b)) {
                (0..COLUMNS).for_each(|lane| add(lane, a[lane], b[lane]));
            } else {
                a.iter().zip(b).enumerate().for_each(|(lane, (a, b))| add(lane, *a, *b));
            }
        }
        return totals;
    }
    let factors = per_channel(channels.start);
    let mut sums = Sums::new();
    for (slice, next) in slices(planes, batch, channels.start, false) {
        for (a, b) in a[slice.clone()].chunks(BLOCK).zip(b[slice].chunks(BLOCK)) {
            sums.add(a, b, next, |a, b| f(factors, a, b));
        }
    }
    for (total, sum) in totals.iter_mut().zip(sums.total()) {
        total[0] = sum;
    }
    totals
}

/// Sums side by side, over the slices of a channel, which may be short: in the element type, and, so far, in `f64`.
struct Sums<E, const K: usize> {
    lanes: [[E; LANES]; K],
    /// Values in `lanes`.
    count: usize,
    before: [[f64; LANES]; K],
}

impl<E: Float, const K: usize> Sums<E, K> {
    #[inline(always)]
    fn new() -> Self {
        Sums { lanes: [[E::ZERO; LANES]; K], count: 0, before: [[0.0; LANES]; K] }
    }

    /// Adds `f` of at most [`BLOCK`] pairs, and asks for what is `next` numbers behind.
    #[inline(always)]
    fn add(&mut self, a: &[E], b: &[E], next: usize, f: impl Fn(E, E) -> [E; K]) {
        if self.count + a.len() > BLOCK {
            self.hand_over();
        }
        self.count += a.len();
        let mut lanes = self.lanes;
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        for (a, b) in a.iter().zip(b) {
            ask(a, next);
            if !core::ptr::eq(a, b) {
                ask(b, next);
            }
            for i in 0..LANES {
                let values = f(a[i], b[i]);
                for k in 0..K {
                    lanes[k][i] += values[k];
                }
            }
        }
        self.lanes = lanes;
        for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
            let values = f(*a, *b);
            for k in 0..K {
                self.lanes[k][i] += values[k];
            }
        }
    }

    #[inline(always)]
    fn hand_over(&mut self) {
        for k in 0..K {
            for i in 0..LANES {
                self.before[k][i] += self.lanes[k][i].to_f64();
            }
        }
        (self.lanes, self.count) = ([[E::ZERO; LANES]; K], 0);
    }

    #[inline(always)]
    fn total(mut self) -> [f64; K] {
        self.hand_over();
        self.before.map(|lanes| lanes.iter().sum())
    }
}

/// `output = f(factors of the channel, a, b, output)` for a block of channels. The last sample comes first: where samples are some power of two apart, the
/// second cache holds no more of a channel than was read last.
#[allow(clippy::too_many_arguments)]
#[inline(always)]
fn map_channels<E: Float, F: Copy>(
    planes: Planes,
    batch: usize,
    channels: Range<usize>,
    a: &[E],
    b: &[E],
    output: &mut [E],
    per_channel: impl Fn(usize) -> F,
    f: impl Fn(F, E, E, E) -> E,
) {
    if planes.plane == 1 {
        if batch == 1 {
            for (channel, output) in channels.clone().zip(&mut output[channels]) {
                *output = f(per_channel(channel), a[channel], b[channel], *output);
            }
            return;
        }
        let factors = side_by_side(&channels, per_channel);
        for row in (0..batch).map(|sample| sample * planes.channels) {
            let slice = row + channels.start..row + channels.end;
            let (a, b, output) = (&a[slice.clone()], &b[slice.clone()], &mut output[slice]);
            for (((factors, output), a), b) in factors.iter().zip(output).zip(a).zip(b) {
                *output = f(*factors, *a, *b, *output);
            }
        }
        return;
    }
    for channel in channels {
        let factors = per_channel(channel);
        let reads_both = !core::ptr::eq(a, b);
        for (slice, next) in slices(planes, batch, channel, true) {
            let (a, b, output) = (&a[slice.clone()], &b[slice.clone()], &mut output[slice]);
            let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
            let (output, rest) = output.as_chunks_mut::<LANES>();
            for ((output, a), b) in output.iter_mut().zip(a).zip(b) {
                ask(output, next);
                if reads_both {
                    ask(b, next);
                }
                for i in 0..LANES {
                    output[i] = f(factors, a[i], b[i], output[i]);
                }
            }
            for ((output, a), b) in rest.iter_mut().zip(a_rest).zip(b_rest) {
                *output = f(factors, *a, *b, *output);
            }
        }
    }
}
