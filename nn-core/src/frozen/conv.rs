//! Frozen convolutions and linear layers: the loops around the tile.

use nn_shape::ConvGeometry;
use nn_shape::frozen::{HEADER, is_depthwise, is_laid_out};
use nn_shape::tile::MAX_LANES;

use super::depthwise;
use super::run::Operands;
use super::tile::{PIXELS, Tile, WIDTHS, Window, exists, registers, run, single};
use crate::Float;
use crate::simd::Vector;

/// Bytes of weights that stay in the first cache beside the pixels.
const NEAR: usize = 32768;

/// The widest tile that is at most `most` wide.
pub(super) fn width(most: usize) -> usize {
    if most >= 8 {
        8
    } else if most > 4 {
        4
    } else {
        most
    }
}

/// How the output channels of a group are cut into blocks, and a line of pixels into tiles; it is chosen when weights are packed, and stands in front of them.
pub(super) struct Cut {
    /// The widest block.
    pub(super) widest: usize,
    /// The pixels of a tile, for each of [`WIDTHS`].
    pub(super) pixels: [usize; WIDTHS.len()],
}

impl Cut {
    /// The fastest cut of lines of `line` pixels with `vectors` vectors of channels, summed over `steps`, by counting half cycles: one product and
    /// one load in each, a product's result eight later, and, where the weights of a block do not stay in the first cache, eight for each of their vectors.
    pub(super) fn best<V: Vector>(line: usize, vectors: usize, steps: usize) -> Cut {
        let mut cut = Cut { widest: 1, pixels: [1; WIDTHS.len()] };
        let mut costs = [0; WIDTHS.len()];
        for (index, width) in WIDTHS.into_iter().enumerate() {
            costs[index] = usize::MAX;
            for pixels in PIXELS.into_iter().filter(|pixels| exists(registers::<V>(), width, *pixels)) {
                if pixels > line.max(1) {
                    continue;
                }
                let near = width * steps * V::LANES * size_of::<V::Element>() <= NEAR;
                let weights = if near { width } else { 8 * width };
                let cycles = (pixels * width).max(pixels + width).max(8).max(weights);
                let cost = line.div_ceil(pixels) * (cycles + 1);
                if cost < costs[index] {
                    (costs[index], cut.pixels[index]) = (cost, pixels);
                }
            }
        }
        let mut best = usize::MAX;
        for widest in WIDTHS.into_iter().filter(|widest| *widest <= vectors) {
            let (mut rest, mut cost) = (vectors, 0);
            while rest > 0 {
                let width = width(rest.min(widest));
                cost += costs[index(width)];
                rest -= width;
            }
            if cost < best {
                (best, cut.widest) = (cost, widest);
            }
        }
        cut
    }

    /// Writes the cut in front of packed weights.
    pub(super) fn write<E: Float>(&self, header: &mut [E]) {
        header[0] = E::from_usize(self.widest);
        for (to, pixels) in header[1..].iter_mut().zip(self.pixels) {
            *to = E::from_usize(pixels);
        }
    }

    fn read<E: Float>(header: &[E]) -> Cut {
        let number = |at: usize| header[at].to_f64() as usize;
        Cut { widest: number(0), pixels: core::array::from_fn(|index| number(1 + index)) }
    }
}

/// The place of a width in [`WIDTHS`].
fn index(width: usize) -> usize {
    match width {
        8 => 0,
        4 => 1,
        3 => 2,
        2 => 3,
        _ => 4,
    }
}

/// Pixels of a line, over which tiles go: a convolution without a window of its own has one long line.
pub(super) fn line(geometry: &ConvGeometry) -> usize {
    if is_matrix(geometry) { geometry.output_plane() } else { geometry.axes[2].output }
}

/// Whether a convolution is a product of matrices: each pixel sees itself alone.
fn is_matrix(geometry: &ConvGeometry) -> bool {
    geometry.axes.iter().all(|axis| axis.kernel == 1 && axis.stride == 1 && axis.before == 0 && axis.after == 0)
}

/// The lines of pixels of a convolution or a linear layer.
pub(super) struct Lines {
    /// Along depth and height, and their distances in the input.
    counts: [usize; 2],
    strides: [usize; 2],
    len: usize,
    window: Window,
    /// Numbers of an output pixel, of which each group has some.
    outputs: usize,
    groups: usize,
    /// From one group's input to the next one's.
    group_in: usize,
}

impl Lines {
    /// Those of a convolution over its padded input.
    fn conv(geometry: &ConvGeometry) -> Lines {
        let [depth, height, width] = &geometry.axes;
        let channels = geometry.in_channels;
        let row = width.padded() * channels;
        let plane = height.padded() * row;
        // Neighbouring entries of a line of the window are one run where nothing lies between them.
        let one_run = width.dilation == 1 && geometry.groups == 1;
        let (columns, run) = if one_run { (1, width.kernel * channels) } else { (width.kernel, geometry.group_in()) };
        let lines = Lines {
            counts: [depth.output, height.output],
            strides: [depth.stride * plane, height.stride * row],
            len: width.output,
            window: Window {
                counts: [depth.kernel, height.kernel, columns],
                strides: [depth.dilation * plane, height.dilation * row, width.dilation * channels],
                run,
                pixel: width.stride * channels,
            },
            outputs: geometry.out_channels,
            groups: geometry.groups,
            group_in: geometry.group_in(),
        };
        if is_matrix(geometry) { Lines { counts: [1, 1], len: geometry.output_plane(), ..lines } } else { lines }
    }

    /// Those of a linear layer: its rows are the pixels of one line.
    pub(super) fn linear(rows: usize, inputs: usize, outputs: usize) -> Lines {
        let window = Window { counts: [1; 3], strides: [0; 3], run: inputs, pixel: inputs };
        Lines { counts: [1, 1], strides: [0, 0], len: rows, window, outputs, groups: 1, group_in: inputs }
    }
}

/// Lays the input of a convolution out and gives the lines over it, unless it is depthwise: then it is done.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn prepare<V: Vector>(
    geometry: &ConvGeometry,
    planar: bool,
    operands: &mut Operands<'_, V::Element>,
    bounds: [V::Element; 2],
) -> Option<Lines> {
    if is_laid_out(geometry, planar) {
        lay_out(geometry, planar, operands.inputs[0], operands.scratch);
    }
    if !is_depthwise(geometry) {
        return Some(Lines::conv(geometry));
    }
    let source = operands.source();
    // SAFETY: passed on to the caller.
    unsafe { depthwise::run::<V>(geometry, source, operands.inputs[1], operands.packed, bounds, operands.output) }
    None
}

/// # Safety
/// As for [`prepare`].
#[inline(always)]
pub(super) unsafe fn each_tile<V: Vector>(
    lines: &Lines,
    source: &[V::Element],
    beside: &[V::Element],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    output: &mut [V::Element],
) {
    let window = &lines.window;
    let steps = window.counts.iter().product::<usize>() * window.run;
    let group_out = lines.outputs / lines.groups;
    let whole = group_out.next_multiple_of(MAX_LANES);
    let group_len = whole * (steps + 1);
    let cut = Cut::read(packed);
    let last = |count: usize, stride: usize| (count - 1) * stride;
    let furthest = (0..2).map(|axis| last(lines.counts[axis], lines.strides[axis])).sum::<usize>()
        + (0..3).map(|axis| last(window.counts[axis], window.strides[axis])).sum::<usize>()
        + last(lines.len, window.pixel)
        + (lines.groups - 1) * lines.group_in
        + window.run;
    let pixels = lines.counts[0] * lines.counts[1] * lines.len;
    assert!(furthest <= source.len(), "the windows lie in the input");
    assert!(pixels * lines.outputs == output.len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + lines.groups * group_len, "the weights are there");
    let vectors = group_out.div_ceil(V::LANES);
    for group in 0..lines.groups {
        let packed = &packed[HEADER + group * group_len..][..group_len];
        let (bias, weight) = packed.split_at(whole);
        let mut vector = 0;
        while vector < vectors {
            let wide = width((vectors - vector).min(cut.widest));
            let tile_pixels = cut.pixels[index(wide)];
            assert!(wide > 0 && (1..=lines.len).contains(&tile_pixels), "the weights were packed for this");
            let channel = vector * V::LANES;
            let count = (group_out - channel).min(wide * V::LANES);
            let first = group * group_out + channel;
            for d in 0..lines.counts[0] {
                for h in 0..lines.counts[1] {
                    let line = (d * lines.counts[1] + h) * lines.len;
                    let from = d * lines.strides[0] + h * lines.strides[1] + group * lines.group_in;
                    let mut pixel = 0;
                    while pixel < lines.len {
                        // The last tile may overlap the one before: it computes the same again.
                        let start = pixel.min(lines.len - tile_pixels);
                        let to = (line + start) * lines.outputs + first;
                        // SAFETY: the furthest window lies in the input and the pixels in the output, as asserted, and a block's weights
                        // and biases, `wide` vectors from `vector` on, in theirs; tiles are no longer than lines. The instruction set
                        // is the caller's to vouch for.
                        unsafe {
                            let tile = Tile {
                                input: source.as_ptr().add(from + start * window.pixel),
                                weight: weight.as_ptr().add(channel * steps),
                                bias: bias.as_ptr().add(channel),
                                beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().add(to) },
                                output: output.as_mut_ptr().add(to),
                                step: lines.outputs,
                                count,
                                bounds,
                            };
                            if pixels == 1 && window.run == steps {
                                single::<V>(wide, steps, &tile);
                            } else {
                                run::<V>(wide, tile_pixels, window, &tile);
                            }
                        }
                        pixel += tile_pixels;
                    }
                }
            }
            vector += wide;
        }
    }
}

/// Lays the input out with its padding, channels last.
#[inline(always)]
fn lay_out<E: Float>(geometry: &ConvGeometry, planar: bool, input: &[E], padded: &mut [E]) {
    let [depth, height, width] = &geometry.axes;
    let channels = geometry.in_channels;
    let row = width.padded() * channels;
    let rows = depth.padded() * height.padded();
    assert!(padded.len() == rows * row && input.len() == geometry.input_len(), "the input fits its padding");
    for (place, to) in padded.chunks_exact_mut(row).enumerate() {
        let (d, h) = (
            (place / height.padded()).wrapping_sub(depth.before),
            (place % height.padded()).wrapping_sub(height.before),
        );
        if d >= depth.input || h >= height.input {
            to.fill(E::ZERO);
            continue;
        }
        let (before, rest) = to.split_at_mut(width.before * channels);
        let (inside, after) = rest.split_at_mut(width.input * channels);
        before.fill(E::ZERO);
        after.fill(E::ZERO);
        let line = d * height.input + h;
        if !planar || channels == 1 {
            inside.copy_from_slice(&input[line * inside.len()..][..inside.len()]);
            continue;
        }
        let plane = geometry.input_plane();
        for channel in 0..channels {
            let from = &input[channel * plane + line * width.input..][..width.input];
            for (to, from) in inside[channel..].iter_mut().step_by(channels).zip(from) {
                *to = *from;
            }
        }
    }
}
