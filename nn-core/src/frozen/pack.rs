//! Packing: weights in the order in which tiles read them, with the normalisation behind folded in.

use nn_shape::frozen::{HEADER, Sources, Step, sees_planes};
use nn_shape::tile::MAX_LANES;
use nn_shape::{ConvGeometry, phases};

use super::cut::{Cut, Order, width};
use super::linear::Row;
use super::lines::Lines;
use super::overlap::Overlap;
use super::{across, pairs, planes, quads};
use crate::Float;
use crate::simd::Vector;

/// A step's parameters, and the factor and the addend of each output that the normalisation makes of them.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a, E> {
    pub(super) weight: &'a [E],
    bias: &'a [E],
    norm: Option<[&'a [E]; 4]>,
    eps: f64,
    /// The weight and all behind it.
    pub(super) all: &'a [&'a [E]],
}

impl<'a, E: Float> Parameters<'a, E> {
    pub(super) fn new(sources: &Sources, all: &'a [&'a [E]]) -> Self {
        let norm = sources.norm.map(|first| core::array::from_fn(|place| all[first + place]));
        let (weight, bias) = match sources.weight {
            Some(first) => (all[first], all.get(first + 1).copied().unwrap_or_default()),
            None => (&[][..], &[][..]),
        };
        let all = &all[sources.weight.unwrap_or(all.len())..];
        Parameters { weight, bias, norm, eps: sources.eps, all }
    }

    /// What the weights of an output are multiplied by, and its bias.
    pub(super) fn output(&self, channel: usize) -> (f64, f64) {
        let number = |values: &[E], otherwise| values.get(channel).map_or(otherwise, |value| value.to_f64());
        let bias = number(self.bias, 0.0);
        let Some([mean, variance, weight, addend]) = self.norm else { return (1.0, bias) };
        let factor = number(weight, 1.0) / libm::sqrt(number(variance, 1.0) + self.eps);
        (factor, (bias - number(mean, 0.0)) * factor + number(addend, 0.0))
    }
}

/// Where the weight of an input of a linear layer lies among those of an output: elsewhere if the layer reads a value channels last.
pub(super) fn permuted(step: &Step) -> impl Fn(usize) -> usize {
    let [channels, places] = step.sources.permuted;
    move |step| if places == 1 { step } else { step % channels * places + step / channels }
}

fn scaled<E: Float>(weight: E, factor: f64) -> E {
    E::from_f64(weight.to_f64() * factor)
}

/// The weights of all channels for each entry of the window; channels for half of a vector twice.
#[inline(never)]
pub(super) fn depthwise<E: Float>(geometry: &ConvGeometry, parameters: &Parameters<'_, E>, packed: &mut [E]) {
    let whole = geometry.out_channels.next_multiple_of(MAX_LANES);
    let (bias, weight) = packed[HEADER..].split_at_mut(whole);
    let window = geometry.window();
    let lanes = if 2 * geometry.out_channels == whole { whole } else { geometry.out_channels };
    for lane in 0..lanes {
        let channel = lane % geometry.out_channels;
        let (factor, addend) = parameters.output(channel);
        bias[lane] = E::from_f64(addend);
        for entry in 0..window {
            weight[entry * whole + lane] = scaled(parameters.weight[channel * window + entry], factor);
        }
    }
}

/// The biases, then, for each block of channels and each entry of the window, the weights of the block.
#[inline(never)]
pub(super) fn planes<E: Float>(geometry: &ConvGeometry, parameters: &Parameters<'_, E>, packed: &mut [E]) {
    let (bias, weight) = packed.split_at_mut(geometry.out_channels);
    let steps = geometry.group_in() * geometry.window();
    for (first, count) in planes::blocks(geometry.out_channels) {
        for lane in 0..count {
            let (factor, addend) = parameters.output(first + lane);
            bias[first + lane] = E::from_f64(addend);
            for step in 0..steps {
                let from = parameters.weight[(first + lane) * steps + step];
                weight[first * steps + step * count + lane] = scaled(from, factor);
            }
        }
    }
}

#[inline(never)]
pub(super) fn conv<V: Vector>(
    geometry: &ConvGeometry,
    planar: bool,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
) {
    let (group_in, window) = (geometry.group_in(), geometry.window());
    // Steps go through the window and, at each entry, through the channels; the weights lie the other way round, as planes do.
    let entry =
        |step: usize| if sees_planes(geometry, planar) { step } else { step % group_in * window + step / group_in };
    let place = |output: usize, step: usize| output * group_in * window + entry(step);
    windows::<V>(&Lines::conv(geometry, planar), parameters, packed, place);
}

/// A phase of a transposed convolution, whose weights lie by input channel, output channel of its group and window.
#[inline(never)]
pub(super) fn phase<V: Vector>(
    geometry: &ConvGeometry,
    index: usize,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
) {
    let (group_in, group_out, window) = (geometry.group_out(), geometry.group_in(), geometry.window());
    let [depth, height, width] = phases::at(geometry, index);
    let kernel = geometry.axes.map(|axis| axis.kernel);
    // The window is mirrored: its last entry sees the first place.
    let entry = |step: usize| {
        let tap = step / group_in;
        let (d, h, w) = (tap / width.taps / height.taps, tap / width.taps % height.taps, tap % width.taps);
        let at = [(depth, d), (height, h), (width, w)].map(|(phase, tap)| phase.last - tap * phase.step);
        (at[0] * kernel[1] + at[1]) * kernel[2] + at[2]
    };
    let place = |output: usize, step: usize| {
        let input = output / group_out * group_in + step % group_in;
        (input * group_out + output % group_out) * window + entry(step)
    };
    windows::<V>(&Lines::phase(geometry, index).0, parameters, packed, place);
}

/// The weights of windows, group by group, in the order of the tiles that lines of so many pixels are cut into; `place` is where the weight of an output
/// and a step lies.
fn windows<V: Vector>(
    lines: &Lines,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
    place: impl Fn(usize, usize) -> usize,
) {
    let [line, pixels, steps, run] = lines.sizes();
    let outputs = lines.outputs / lines.groups;
    let overlap = Overlap::of(&lines.window);
    let (mut cut, cost) = Cut::weighed::<V>(line, outputs.div_ceil(V::LANES), [steps, run], overlap);
    if across::fits::<V>(lines)
        && let Some(other) = across::cheaper::<V>(pixels, outputs / V::LANES, pixels / line * cost)
    {
        cut = other;
    }
    if lines.groups == 1 && pixels > 1 && pairs::fits::<V>(outputs, run) {
        cut = Cut { order: Order::Pairs, ..Cut::best::<V>(line, 1, [steps, run], None) };
    }
    cut.write(&mut packed[..HEADER]);
    if cut.order == Order::Pairs {
        let (bias, weights) = packed[HEADER..].split_at_mut(outputs.next_multiple_of(MAX_LANES));
        let weight =
            |output: usize, step: usize| parameters.weight[place(output, step)].to_f64() * parameters.output(output).0;
        let addend = |output: usize| parameters.output(output).1;
        return pairs::pack::<V>([outputs, steps, run], weight, addend, [bias, weights]);
    }
    let len = outputs.next_multiple_of(MAX_LANES) * (steps + 1);
    let overlap = overlap.filter(|_| cut.order == Order::Overlap);
    let place = |output, step| place(output, overlap.map_or(step, |overlap| overlap.step(step, run)));
    for (group, packed) in packed[HEADER..].chunks_exact_mut(len).enumerate() {
        blocks::<V>(&cut, group * outputs..(group + 1) * outputs, steps, parameters, packed, &place);
    }
}

/// A linear layer, of which an output has the weight of an input at a `place` among its own.
#[inline(never)]
pub(super) fn linear<V: Vector>(
    rows: usize,
    row: Row,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
    place: &dyn Fn(usize) -> usize,
) {
    let (inputs, outputs) = (row.inputs(), row.outputs);
    let cut = Cut::best::<V>(rows, outputs.div_ceil(V::LANES), [inputs; 2], None);
    cut.write(&mut packed[..HEADER]);
    let packed = &mut packed[HEADER..];
    if rows == 1 && quads::fits::<V>(row) {
        let (biases, weights) = packed.split_at_mut(outputs.next_multiple_of(MAX_LANES));
        let factors = |output: usize| parameters.output(output);
        let weight = |output: usize, step| scaled(parameters.weight[output * inputs + place(step)], factors(output).0);
        return quads::pack::<V>(row, weight, |output| V::Element::from_f64(factors(output).1), [biases, weights]);
    }
    blocks::<V>(&cut, 0..outputs, inputs, parameters, packed, |output, step| output * inputs + place(step));
}

/// The biases of some outputs, then their weights, block by block and step by step; `place` is where the weight of an output and a step lies.
fn blocks<V: Vector>(
    cut: &Cut,
    outputs: core::ops::Range<usize>,
    steps: usize,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
    place: impl Fn(usize, usize) -> usize,
) {
    let (bias, weight) = packed.split_at_mut(outputs.len().next_multiple_of(MAX_LANES));
    let vectors = outputs.len().div_ceil(V::LANES);
    let mut vector = 0;
    while vector < vectors {
        let lanes = width((vectors - vector).min(cut.widest)) * V::LANES;
        let first = vector * V::LANES;
        for lane in 0..lanes.min(outputs.len() - first) {
            let output = outputs.start + first + lane;
            let (factor, addend) = parameters.output(output);
            bias[first + lane] = V::Element::from_f64(addend);
            for step in 0..steps {
                let from = parameters.weight[place(output, step)];
                weight[first * steps + step * lanes + lane] = scaled(from, factor);
            }
        }
        vector += lanes / V::LANES;
    }
}
