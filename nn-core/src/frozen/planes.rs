//! Frozen convolutions of few channels, from plain to plain: a few channels times a few vectors of neighbouring pixels.

use core::mem::MaybeUninit;

use nn_shape::frozen::planes_pitch;
use nn_shape::tile::MAX_LANES;
use nn_shape::{Axis, ConvGeometry};

use super::layout;
use super::part::{self, Target};
use super::run::Operands;
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// The most channels of a tile.
const CHANNELS: usize = 6;

/// Blocks of channels, each with its first channel and how many it has; none is much smaller than the others.
pub(super) fn blocks(channels: usize) -> impl Iterator<Item = (usize, usize)> {
    let count = channels.div_ceil(CHANNELS);
    (0..count).map(move |block| {
        let first = block * channels / count;
        (first, (block + 1) * channels / count - first)
    })
}

/// Where the windows of a line of pixels lie, and where the line goes.
struct Line<'a, E> {
    geometry: &'a ConvGeometry,
    /// The first number of the first window.
    input: *const E,
    weight: *const E,
    bias: *const E,
    /// What is added beside; null for nothing.
    beside: *const E,
    output: *mut E,
    bounds: [E; 2],
    /// Whether the line below is done with it.
    two: bool,
}

impl<E: Float> Line<'_, E> {
    /// The line below.
    fn below(&self) -> Self {
        let down = self.geometry.axes[2].output;
        let beside = if self.beside.is_null() { self.beside } else { self.beside.wrapping_add(down) };
        let input = self.input.wrapping_add(planes_pitch(self.geometry));
        Line { input, beside, output: self.output.wrapping_add(down), two: false, ..*self }
    }
}

/// Whether two lines are done at a time: what one sees, the other one sees, too, and the sums of both fit in the registers.
fn two_lines<V: Vector>(geometry: &ConvGeometry) -> bool {
    let [depth, height, width] = &geometry.axes;
    let near = depth.kernel == 1 && height.kernel > 1 && height.stride == 1 && height.dilation == 1;
    V::ACCUMULATORS >= 4 * CHANNELS && near && width.output > V::LANES
}

/// All lines, by whoever there is.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let Operands { inputs: [input, beside], output, scratch, packed } = operands;
    let parts = part::parts(workers, geometry.macs());
    // SAFETY: passed on to the caller.
    unsafe { layout::pad_lines::<V>(geometry, input, scratch, workers, parts) };
    let [depth, height, width] = &geometry.axes;
    let steps = geometry.group_in() * geometry.window();
    let (lines, pitch) = (height.padded(), planes_pitch(geometry));
    let last = |axis: &nn_shape::Axis| (axis.output - 1) * axis.stride + axis.extent();
    assert!(last(depth) <= depth.padded() && last(height) <= lines, "the windows lie in the input");
    let whole = width.output.next_multiple_of(V::LANES);
    assert!(width.stride == 1 && geometry.groups == 1, "neighbouring pixels see neighbouring numbers");
    assert!(whole + width.extent() <= pitch + 1, "the last vector lies in its line");
    assert!(scratch.len() == geometry.in_channels * depth.padded() * lines * pitch, "the input is laid out");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() == geometry.weights() + geometry.out_channels, "the weights are there");
    let (bias, weight) = packed.split_at(geometry.out_channels);
    let together = if two_lines::<V>(geometry) { 2 } else { 1 };
    let (scratch, output) = (&*scratch, Target::new(output));
    part::each_part(workers, parts, |part| {
        let own = part.lines(blocks(geometry.out_channels).count() * depth.output * height.output.div_ceil(together));
        let mut number = 0;
        for (first, count) in blocks(geometry.out_channels) {
            for d in 0..depth.output {
                for h in (0..height.output).step_by(together) {
                    number += 1;
                    if !own.contains(&(number - 1)) {
                        continue;
                    }
                    let to = ((first * depth.output + d) * height.output + h) * width.output;
                    // SAFETY: the line's windows lie in the laid out input, whole vectors of them, as asserted; its outputs in the output, which are the part's
                    // own, and the block's weights and biases in theirs. The instruction set is the caller's to vouch for.
                    unsafe {
                        let line = Line {
                            geometry,
                            input: scratch.as_ptr().add((d * depth.stride * lines + h * height.stride) * pitch),
                            weight: weight.as_ptr().add(first * steps),
                            bias: bias.as_ptr().add(first),
                            beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().add(to) },
                            output: output.pointer().add(to),
                            bounds,
                            two: together == 2 && h + 1 < height.output,
                        };
                        match count {
                            1 => vectors::<V, 1>(&line),
                            2 => vectors::<V, 2>(&line),
                            3 => vectors::<V, 3>(&line),
                            4 => vectors::<V, 4>(&line),
                            5 => vectors::<V, 5>(&line),
                            _ => vectors::<V, CHANNELS>(&line),
                        }
                    }
                }
            }
        }
    });
}

apart! {
    /// # Safety
    /// As for [`run`].
    unsafe fn vectors<'a, V, const COUNT: usize>(line: &'a Line<'a, V::Element>) = vectors_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn vectors_body<V: Vector, const COUNT: usize>(line: &Line<'_, V::Element>) {
    let width = &line.geometry.axes[2];
    let mut pixel = 0;
    // SAFETY: passed on to the caller.
    unsafe {
        if const { V::ACCUMULATORS >= 4 * CHANNELS } && line.two {
            while pixel + V::LANES < width.output {
                pair::<V, COUNT>(line, pixel);
                pixel += 2 * V::LANES;
            }
            if pixel < width.output {
                tile::<V, COUNT, 1, 0>(line, pixel);
                tile::<V, COUNT, 1, 0>(&line.below(), pixel);
            }
            return;
        }
        while V::MANY_SIZES && pixel + V::LANES < width.output {
            match (width.kernel, width.dilation) {
                (3, 1) => tile::<V, COUNT, 2, 3>(line, pixel),
                (5, 1) => tile::<V, COUNT, 2, 5>(line, pixel),
                _ => tile::<V, COUNT, 2, 0>(line, pixel),
            }
            pixel += 2 * V::LANES;
        }
        while pixel < width.output {
            tile::<V, COUNT, 1, 0>(line, pixel);
            pixel += V::LANES;
        }
    }
}

/// So many channels times two vectors of pixels of two lines.
///
/// # Safety
/// As for [`tile`]; the line below exists, and [`two_lines`] may be done at a time.
#[inline(always)]
unsafe fn pair<V: Vector, const COUNT: usize>(line: &Line<'_, V::Element>, pixel: usize) {
    let [depth, height, width] = &line.geometry.axes;
    let pitch = planes_pitch(line.geometry);
    let plane = depth.padded() * height.padded() * pitch;
    let row = width.kernel * COUNT;
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = [[[V::splat(V::Element::default()); 2]; COUNT]; 2];
        for channel in 0..COUNT {
            let bias = [V::splat(*line.bias.add(channel)); 2];
            (sums[0][channel], sums[1][channel]) = (bias, bias);
        }
        let mut weight = line.weight;
        for channel in 0..line.geometry.in_channels {
            let from = line.input.add(channel * plane + pixel);
            // The first row of numbers is that of the upper line alone, the last one that of the lower.
            steps::<V, COUNT, true, false>(from, width, weight, &mut sums);
            for h in 1..height.kernel {
                weight = weight.add(row);
                steps::<V, COUNT, true, true>(from.add(h * pitch), width, weight, &mut sums);
            }
            weight = weight.add(row);
            steps::<V, COUNT, false, true>(from.add(height.kernel * pitch), width, weight, &mut sums);
        }
        put::<V, COUNT, 2>(&sums[0], line, pixel);
        put::<V, COUNT, 2>(&sums[1], &line.below(), pixel);
    }
}

/// A row of numbers under the windows of two lines: `weight` are those of the upper line, and those of the lower one lie a row in front.
///
/// # Safety
/// As for [`pair`].
#[inline(always)]
unsafe fn steps<V: Vector, const COUNT: usize, const UPPER: bool, const LOWER: bool>(
    from: *const V::Element,
    width: &Axis,
    weight: *const V::Element,
    sums: &mut [[[V; 2]; COUNT]; 2],
) {
    let row = width.kernel * COUNT;
    // SAFETY: passed on to the caller; a row that one line alone sees has no weights of the other's, which are not read.
    unsafe {
        for w in 0..width.kernel {
            let at = from.add(w * width.dilation);
            let x = [V::load(at), V::load(at.add(V::LANES))];
            let weight = weight.wrapping_add(w * COUNT);
            if UPPER {
                step(weight, x, &mut sums[0]);
            }
            if LOWER {
                step(weight.wrapping_sub(row), x, &mut sums[1]);
            }
        }
    }
}

/// Adds the products of numbers with the weights of each channel.
///
/// # Safety
/// The machine has the vector's instruction set; there are as many weights.
#[inline(always)]
pub(super) unsafe fn step<V: Vector, const COUNT: usize, const WIDTH: usize>(
    weight: *const V::Element,
    x: [V; WIDTH],
    sums: &mut [[V; WIDTH]; COUNT],
) {
    for channel in 0..COUNT {
        // SAFETY: passed on to the caller.
        unsafe {
            let factor = V::splat(*weight.add(channel));
            for v in 0..WIDTH {
                sums[channel][v] = sums[channel][v].add_product(factor, x[v]);
            }
        }
    }
}

/// So many channels times so many vectors of pixels; a window `KERNEL` wide without dilation, or any where that is 0.
///
/// # Safety
/// As for [`run`]; the line goes on behind the first `WIDTH - 1` vectors from `pixel` on.
#[inline(always)]
unsafe fn tile<V: Vector, const COUNT: usize, const WIDTH: usize, const KERNEL: usize>(
    line: &Line<'_, V::Element>,
    pixel: usize,
) {
    let [depth, height, width] = &line.geometry.axes;
    let pitch = planes_pitch(line.geometry);
    let plane = height.padded() * pitch;
    let (kernel, dilation) = if KERNEL == 0 { (width.kernel, width.dilation) } else { (KERNEL, 1) };
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); WIDTH]; COUNT];
        for channel in 0..COUNT {
            sums[channel] = [V::splat(*line.bias.add(channel)); WIDTH];
        }
        let mut weight = line.weight;
        for channel in 0..line.geometry.in_channels {
            for d in 0..depth.kernel {
                let at = (channel * depth.padded() + d * depth.dilation) * plane + pixel;
                for h in 0..height.kernel {
                    let from = line.input.add(at + h * height.dilation * pitch);
                    for w in 0..kernel {
                        let mut x = sums[0];
                        for v in 0..WIDTH {
                            x[v] = V::load(from.add(w * dilation + v * V::LANES));
                        }
                        step(weight.add(w * COUNT), x, &mut sums);
                    }
                    weight = weight.add(kernel * COUNT);
                }
            }
        }
        put::<V, COUNT, WIDTH>(&sums, line, pixel);
    }
}

/// Finishes the sums of a tile.
///
/// # Safety
/// As for [`tile`].
#[inline(always)]
unsafe fn put<V: Vector, const COUNT: usize, const WIDTH: usize>(
    sums: &[[V; WIDTH]; COUNT],
    line: &Line<'_, V::Element>,
    pixel: usize,
) {
    let places = line.geometry.output_plane();
    let last = V::LANES.min(line.geometry.axes[2].output - pixel - (WIDTH - 1) * V::LANES);
    // SAFETY: the caller vouches for the memory and for the instruction set; `kept` has room for the sums of the largest tile.
    unsafe {
        if line.beside.is_null() {
            let (low, high) = (V::splat(line.bounds[0]), V::splat(line.bounds[1]));
            for channel in 0..COUNT {
                let to = line.output.add(channel * places + pixel);
                for v in 0..WIDTH {
                    let (sum, to) = (sums[channel][v].at_least(low).at_most(high), to.add(v * V::LANES));
                    if v + 1 < WIDTH || last == V::LANES { sum.store(to) } else { sum.store_part(to, last) }
                }
            }
            return;
        }
        // A loop that is not unrolled would keep all sums in memory, from the first step on: they go there now.
        let mut kept = [const { MaybeUninit::<V::Element>::uninit() }; CHANNELS * 2 * MAX_LANES];
        let kept = kept.as_mut_ptr().cast::<V::Element>();
        for channel in 0..COUNT {
            for v in 0..WIDTH {
                sums[channel][v].store(kept.add((channel * WIDTH + v) * V::LANES));
            }
        }
        for at in 0..COUNT * WIDTH {
            let (channel, v) = (at / WIDTH, at % WIDTH);
            finish(line, channel * places, pixel + v * V::LANES, V::load(kept.add(at * V::LANES)));
        }
    }
}

/// Adds what is beside, bounds and stores a vector of the line that begins at `first`.
///
/// # Safety
/// As for [`run`]; the line goes on behind `pixel`.
#[inline(always)]
unsafe fn finish<V: Vector>(line: &Line<'_, V::Element>, first: usize, pixel: usize, sum: V) {
    let (at, count) = (first + pixel, V::LANES.min(line.geometry.axes[2].output - pixel));
    // SAFETY: the caller vouches for the memory and for the instruction set; no more than `count` numbers are read and written.
    unsafe {
        let mut sum = sum;
        if !line.beside.is_null() {
            let beside = line.beside.add(at);
            sum = sum.add(if count == V::LANES { V::load(beside) } else { V::load_part(beside, count) });
        }
        let sum = sum.at_least(V::splat(line.bounds[0])).at_most(V::splat(line.bounds[1]));
        if count == V::LANES { sum.store(line.output.add(at)) } else { sum.store_part(line.output.add(at), count) }
    }
}
