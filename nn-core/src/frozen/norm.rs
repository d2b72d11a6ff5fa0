//! Frozen normalisations of groups of channels by their own statistics, channels last: InstanceNorm and GroupNorm.
//!
//! A few vectors of channels go over all places: first over one of sixteen, for a mean that is nearly right; then over all, for the sums of distances
//! from it and of their squares, whose own mean corrects it. The mean that is nearly right is off by at most four deviations, whatever the values: those
//! of one part in sixteen that lie `d` from the rest make a deviation of `d √15 / 16` themselves. So few digits are lost. Sums run in the element type
//! over short blocks, and in `f64` over the blocks.

use core::ops::Range;

use nn_shape::tile::MAX_LANES;
use nn_shape::{PadAxis, PadGeometry};

use super::layout;
use super::part::{self, Part, Target};
use super::run::Operands;
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// Vectors of channels side by side: their sums stay in registers.
const WIDE: usize = 4;
/// Places that are summed in the element type.
const BLOCK: usize = 32;
/// Of so many places one is seen for the first mean.
const SPARSE: usize = 16;

/// A normalisation.
pub(super) struct Norm<'a, E> {
    /// What is put around the result.
    pub(super) around: &'a PadGeometry,
    pub(super) value: E,
    pub(super) groups: usize,
    pub(super) eps: f64,
}

impl<E> Norm<'_, E> {
    /// # Panics
    /// If an operand is not as long as the normalisation says.
    #[inline(always)]
    fn check(&self, [input, beside]: [&[E]; 2], packed: &[E], [scratch, output]: [Target<'_, E>; 2]) {
        let whole = self.channels().next_multiple_of(MAX_LANES);
        assert!(self.around.only_adds() && output.len() == self.around.output_len(), "the result and what is around");
        assert!(input.len() == self.channels() * self.places(), "channels last");
        assert!(beside.is_empty() || beside.len() == input.len(), "what is added is as long as the input");
        assert!(packed.len() == 2 * whole && scratch.len() == 2 * whole, "a factor and an addend of each channel");
    }

    #[inline(always)]
    fn channels(&self) -> usize {
        self.around.channels
    }

    #[inline(always)]
    fn lines(&self) -> usize {
        self.around.axes[0].input * self.around.axes[1].input
    }

    #[inline(always)]
    fn places(&self) -> usize {
        self.around.axes.iter().map(|axis| axis.input).product()
    }
}

/// By whoever there is where channels stand by themselves: threads sum some of the channels each, then finish lines, which lie in their caches.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    norm: &Norm<'_, V::Element>,
    operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let Operands { inputs, output, scratch, packed } = operands;
    let by_themselves = norm.groups == norm.channels();
    let parts = if by_themselves { part::parts_of(workers, inputs[0].len()) } else { 1 };
    let rooms = [Target::new(&mut *scratch), Target::new(&mut *output)];
    let finishes = parts == 1;
    // SAFETY: passed on to the caller; no two parts have a channel in common.
    part::each_part(workers, parts, |part| unsafe { some::<V>(norm, part, inputs, packed, bounds, rooms, finishes) });
    if !finishes {
        // SAFETY: passed on to the caller; all statistics are there, and no two parts have a line in common.
        part::each_part(workers, parts, |part| unsafe { rest::<V>(norm, part, inputs, packed, bounds, rooms) });
    }
    layout::border(norm.around, norm.value, output);
}

apart! {
    /// The statistics of a part's channels, and the results, if it finishes them.
    ///
    /// # Safety
    /// As for [`run`]; nobody else touches the part's channels, of the statistics' room and of the output.
    unsafe fn some<'a, V>(
        norm: &'a Norm<'a, V::Element>, part: Part, inputs: [&'a [V::Element]; 2], packed: &'a [V::Element],
        bounds: [V::Element; 2], rooms: [Target<'a, V::Element>; 2], finishes: bool,
    ) = some_body;
}

/// # Safety
/// As for [`some`].
#[inline(always)]
unsafe fn some_body<V: Vector>(
    norm: &Norm<'_, V::Element>,
    part: Part,
    [input, beside]: [&[V::Element]; 2],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    [scratch, output]: [Target<'_, V::Element>; 2],
    finishes: bool,
) {
    let (channels, groups) = (norm.channels(), norm.groups);
    let whole = channels.next_multiple_of(MAX_LANES);
    norm.check([input, beside], packed, [scratch, output]);
    let (weights, biases) = packed.split_at(whole);
    let wide = WIDE * V::LANES;
    let own = part.lines(channels.div_ceil(wide));
    let (begin, end) = (own.start * wide, (own.end * wide).min(channels));
    // The rooms are those of the part's channels, in whole vectors.
    let room = begin.min(whole)..(own.end * wide).min(whole);
    // SAFETY: the channels are the part's own.
    let (means, scales) = unsafe { (scratch.some(room.clone()), scratch.some(room.start + whole..room.end + whole)) };
    let (weights, biases) = (&weights[room.clone()], &biases[room]);
    // From here on the part's first channel is the first, of each place.
    let (input, beside, channels) =
        (&input[begin.min(channels)..], beside.get(begin..).unwrap_or_default(), end.saturating_sub(begin));
    let output = output.pointer().wrapping_add(begin);
    let finish = Finish { around: norm.around, lines: 0..norm.lines(), beside, biases, bounds };
    let mut first = 0;
    while first < channels {
        let count = wide.min(channels - first);
        let range = first..first + count;
        // SAFETY: `count` channels from `first` on lie in each place, and rooms for statistics are padded to whole vectors; the rest is passed on to
        // the caller.
        unsafe {
            if count == wide {
                moments::<V, WIDE>(norm, input, first, count, means, scales);
            } else {
                for first in range.clone().step_by(V::LANES) {
                    moments::<V, 1>(norm, input, first, V::LANES.min(channels - first), means, scales);
                }
            }
            // Channels by themselves are finished while the second cache still holds them.
            if groups == norm.channels() {
                scale(norm, range.clone(), weights, means, scales);
                if finishes {
                    finish.range::<V>(range, input, means, scales, output);
                }
            }
        }
        first += count;
    }
    if groups < norm.channels() {
        scale(norm, 0..channels, weights, means, scales);
        // SAFETY: as above.
        unsafe { finish.range::<V>(0..channels, input, means, scales, output) }
    }
}

apart! {
    /// The lines of a part, with all statistics.
    ///
    /// # Safety
    /// As for [`run`]; nobody else touches the part's lines of the output, or writes the statistics.
    unsafe fn rest<'a, V>(
        norm: &'a Norm<'a, V::Element>, part: Part, inputs: [&'a [V::Element]; 2], packed: &'a [V::Element],
        bounds: [V::Element; 2], rooms: [Target<'a, V::Element>; 2],
    ) = rest_body;
}

/// # Safety
/// As for [`rest`].
#[inline(always)]
unsafe fn rest_body<V: Vector>(
    norm: &Norm<'_, V::Element>,
    part: Part,
    [input, beside]: [&[V::Element]; 2],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    [scratch, output]: [Target<'_, V::Element>; 2],
) {
    let (channels, whole) = (norm.channels(), norm.channels().next_multiple_of(MAX_LANES));
    norm.check([input, beside], packed, [scratch, output]);
    let lines = part.lines(norm.lines());
    let finish = Finish { around: norm.around, lines, beside, biases: &packed[whole..], bounds };
    // SAFETY: nobody writes the statistics, which are as many as asserted; the rest is passed on to the caller.
    unsafe {
        let statistics = core::slice::from_raw_parts(scratch.pointer().cast_const(), scratch.len());
        let (means, scales) = statistics.split_at(whole);
        finish.range::<V>(0..channels, input, means, scales, output.pointer());
    }
}

/// Mean and biased variance of `count` channels from `first` on.
///
/// # Safety
/// The machine has the vector's instruction set; the channels lie in each place of the input, `count` is no more than `WIDE` vectors, which the
/// statistics have room for.
#[inline(always)]
unsafe fn moments<V: Vector, const WIDE: usize>(
    norm: &Norm<'_, V::Element>,
    input: &[V::Element],
    first: usize,
    count: usize,
    means: &mut [V::Element],
    variances: &mut [V::Element],
) {
    let (channels, places) = (norm.channels(), norm.places());
    // SAFETY: passed on to the caller.
    unsafe {
        let zero = V::splat(V::Element::ZERO);
        let load = |place: usize, v: usize| {
            let from = input.as_ptr().add(place * channels + first + v * V::LANES);
            if WIDE > 1 || count == V::LANES { V::load(from) } else { V::load_part(from, count) }
        };
        let mut sums = [zero; WIDE];
        for place in (0..places).step_by(SPARSE) {
            for v in 0..WIDE {
                sums[v] = sums[v].add(load(place, v));
            }
        }
        let share = V::splat(V::Element::from_f64(-1.0 / places.div_ceil(SPARSE) as f64));
        // The mean that is nearly right, with its sign turned.
        let mut near = [zero; WIDE];
        for v in 0..WIDE {
            near[v] = sums[v].mul(share);
        }
        let mut totals = [[[0.0; MAX_LANES]; WIDE]; 2];
        for block in (0..places).step_by(BLOCK) {
            let mut sums = [[zero; WIDE]; 2];
            for place in block..places.min(block + BLOCK) {
                for v in 0..WIDE {
                    let distance = load(place, v).add(near[v]);
                    sums[0][v] = sums[0][v].add(distance);
                    sums[1][v] = sums[1][v].add_product(distance, distance);
                }
            }
            for (totals, sums) in totals.iter_mut().zip(sums) {
                for (totals, sum) in totals.iter_mut().zip(sums) {
                    let mut lanes = [V::Element::ZERO; MAX_LANES];
                    sum.store(lanes.as_mut_ptr());
                    for lane in 0..V::LANES {
                        totals[lane] += lanes[lane].to_f64();
                    }
                }
            }
        }
        for v in 0..WIDE {
            let mut lanes = [V::Element::ZERO; MAX_LANES];
            near[v].store(lanes.as_mut_ptr());
            for lane in 0..V::LANES {
                let shift = totals[0][v][lane] / places as f64;
                let variance = (totals[1][v][lane] / places as f64 - shift * shift).max(0.0);
                let at = first + v * V::LANES + lane;
                means[at] = V::Element::from_f64(shift - lanes[lane].to_f64());
                variances[at] = V::Element::from_f64(variance);
            }
        }
    }
}

/// The mean of each channel's group, and, in place of its variance, what distances from the mean are multiplied by.
#[inline(always)]
fn scale<E: Float>(norm: &Norm<'_, E>, range: Range<usize>, weights: &[E], means: &mut [E], variances: &mut [E]) {
    let of = norm.channels() / norm.groups;
    for first in range.step_by(of) {
        let group = first..first + of;
        let mean = means[group.clone()].iter().map(|mean| mean.to_f64()).sum::<f64>() / of as f64;
        // That of the channels, and that of their means.
        let apart = |channel: usize| means[channel].to_f64() - mean;
        let each = |channel: usize| variances[channel].to_f64() + apart(channel) * apart(channel);
        let variance = group.clone().map(each).sum::<f64>() / of as f64;
        let inverse = E::from_f64(1.0 / Float::sqrt(variance + norm.eps));
        for channel in group {
            means[channel] = E::from_f64(mean);
            variances[channel] = weights[channel] * inverse;
        }
    }
}

/// What becomes of the distances.
struct Finish<'a, E> {
    around: &'a PadGeometry,
    /// The lines that are finished.
    lines: Range<usize>,
    beside: &'a [E],
    biases: &'a [E],
    bounds: [E; 2],
}

impl<E: Float> Finish<'_, E> {
    /// `(input - mean) * scale + bias + beside`, bounded, of some channels.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the channels lie in each place of input and output, statistics and biases are padded to whole
    /// vectors.
    #[inline(always)]
    unsafe fn range<V: Vector<Element = E>>(
        &self,
        range: Range<usize>,
        input: &[E],
        means: &[E],
        scales: &[E],
        output: *mut E,
    ) {
        let wide = WIDE * V::LANES;
        let mut first = range.start;
        while first < range.end {
            let count = wide.min(range.end - first);
            // SAFETY: passed on to the caller.
            unsafe {
                if count == wide {
                    self.vectors::<V, WIDE>(first, count, input, means, scales, output);
                } else {
                    for first in (first..range.end).step_by(V::LANES) {
                        let count = V::LANES.min(range.end - first);
                        self.vectors::<V, 1>(first, count, input, means, scales, output);
                    }
                }
            }
            first += count;
        }
    }

    /// # Safety
    /// As for [`Finish::range`]; `count` is no more than `WIDE` vectors.
    #[inline(always)]
    unsafe fn vectors<V: Vector<Element = E>, const WIDE: usize>(
        &self,
        first: usize,
        count: usize,
        input: &[E],
        means: &[E],
        scales: &[E],
        output: *mut E,
    ) {
        // SAFETY: passed on to the caller.
        unsafe {
            let (low, high) = (V::splat(self.bounds[0]), V::splat(self.bounds[1]));
            let zero = V::splat(E::ZERO);
            let (mut mean, mut scale, mut bias) = ([zero; WIDE], [zero; WIDE], [zero; WIDE]);
            for v in 0..WIDE {
                let at = first + v * V::LANES;
                mean[v] = V::load(means.as_ptr().add(at)).mul(V::splat(E::ZERO - E::ONE));
                scale[v] = V::load(scales.as_ptr().add(at));
                bias[v] = V::load(self.biases.as_ptr().add(at));
            }
            let whole = WIDE > 1 || count == V::LANES;
            let PadGeometry { channels, axes: [depth, height, width], .. } = self.around;
            for line in self.lines.clone() {
                let (d, h) = (line / height.input + inside(depth), line % height.input + inside(height));
                let to = ((d * height.output() + h) * width.output() + inside(width)) * channels;
                for place in 0..width.input {
                    for v in 0..WIDE {
                        let column = place * channels + first + v * V::LANES;
                        let at = line * width.input * channels + column;
                        let load = |from: &[E]| {
                            let from = from.as_ptr().add(at);
                            if whole { V::load(from) } else { V::load_part(from, count) }
                        };
                        let mut value = bias[v].add_product(load(input).add(mean[v]), scale[v]);
                        if !self.beside.is_empty() {
                            value = value.add(load(self.beside));
                        }
                        let value = value.at_least(low).at_most(high);
                        let to = output.add(to + column);
                        if whole { value.store(to) } else { value.store_part(to, count) }
                    }
                }
            }
        }
    }
}

/// Where the input begins in the padded axis, which crops nothing.
#[inline(always)]
fn inside(axis: &PadAxis) -> usize {
    axis.before.unsigned_abs()
}
