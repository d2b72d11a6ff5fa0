//! Frozen convolutions of few channels, from plain to plain: a few channels times a few vectors of neighbouring pixels.

use core::mem::MaybeUninit;

use nn_shape::ConvGeometry;
use nn_shape::frozen::planes_pitch;
use nn_shape::tile::MAX_LANES;

use super::layout;
use super::run::Operands;
use crate::simd::{Vector, apart};

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
}

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
) {
    let Operands { inputs: [input, beside], output, scratch, packed } = operands;
    // SAFETY: passed on to the caller.
    unsafe { layout::pad_lines::<V>(geometry, input, scratch) };
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
    for (first, count) in blocks(geometry.out_channels) {
        for d in 0..depth.output {
            for h in 0..height.output {
                let to = ((first * depth.output + d) * height.output + h) * width.output;
                // SAFETY: the line's windows lie in the laid out input, whole vectors of them, as asserted; its outputs in the output, and
                // the block's weights and biases in theirs. The instruction set is the caller's to vouch for.
                unsafe {
                    let line = Line {
                        geometry,
                        input: scratch.as_ptr().add((d * depth.stride * lines + h * height.stride) * pitch),
                        weight: weight.as_ptr().add(first * steps),
                        bias: bias.as_ptr().add(first),
                        beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().add(to) },
                        output: output.as_mut_ptr().add(to),
                        bounds,
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
                        for channel in 0..COUNT {
                            let factor = V::splat(*weight.add(w * COUNT + channel));
                            for v in 0..WIDTH {
                                sums[channel][v] = sums[channel][v].add_product(factor, x[v]);
                            }
                        }
                    }
                    weight = weight.add(kernel * COUNT);
                }
            }
        }
        // A loop that is not unrolled would keep all sums in memory, from the first step on: they go there now.
        let mut kept = [const { MaybeUninit::<V::Element>::uninit() }; CHANNELS * 2 * MAX_LANES];
        let kept = kept.as_mut_ptr().cast::<V::Element>();
        for channel in 0..COUNT {
            for v in 0..WIDTH {
                sums[channel][v].store(kept.add((channel * WIDTH + v) * V::LANES));
            }
        }
        let places = line.geometry.output_plane();
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
