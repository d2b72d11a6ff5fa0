//! Frozen first convolutions where registers are few: windows of 3x3 that see plain input of few channels where it lies, without a padded copy. A number of a line
//! is spread over a vector once, for all windows of the tile that see it; where a window sees nothing, nothing is loaded.

use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;
use nn_shape::{Axis, ConvGeometry};

use super::part::{self, Part, Target};
use super::run::Operands;
use super::slide;
use super::tile::{FEW, registers};
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// Pixels that a tile may have: sums, the weights of a line of the window and a number of the input fit in the registers.
const PIXELS: [usize; 3] = [8, 7, 4];

/// The most input channels: a block's weights stay in the first cache.
const CHANNELS: usize = 16;

/// Whether such convolutions are compiled for a vector.
pub(super) const fn exists<V: Vector>() -> bool {
    registers::<V>() == FEW
}

/// Whether a convolution is done so.
pub(super) fn fits<V: Vector>(geometry: &ConvGeometry, planar: bool) -> bool {
    let [depth, height, width] = &geometry.axes;
    let flat = depth.kernel == 1 && depth.padded() == 1;
    let near = |axis: &Axis| axis.kernel == 3 && axis.dilation == 1 && axis.before <= 1 && axis.after <= 1;
    let three = near(height) && near(width) && height.stride == width.stride && width.stride <= 2;
    let plain = planar && geometry.in_channels <= CHANNELS || geometry.in_channels == 1;
    let whole = exists::<V>() && geometry.groups == 1 && geometry.out_channels.is_multiple_of(V::LANES);
    flat && three && plain && whole && width.output >= PIXELS[PIXELS.len() - 1]
}

/// Packs biases and weights, whose numbers for an output are `weight(output, step)`, a vector of outputs after the other.
pub(super) fn pack<V: Vector>(
    geometry: &ConvGeometry,
    weight: impl Fn(usize, usize) -> f64,
    bias: impl Fn(usize) -> f64,
    packed: &mut [V::Element],
) {
    let (outputs, steps) = (geometry.out_channels, geometry.in_channels * geometry.window());
    let (biases, weights) = packed[HEADER..].split_at_mut(outputs.next_multiple_of(MAX_LANES));
    for output in 0..outputs {
        biases[output] = V::Element::from_f64(bias(output));
        let (first, lane) = (output / V::LANES * V::LANES, output % V::LANES);
        for step in 0..steps {
            weights[first * steps + step * V::LANES + lane] = V::Element::from_f64(weight(output, step));
        }
    }
}

/// The whole convolution.
#[derive(Clone, Copy)]
struct Stem<'a, E> {
    geometry: &'a ConvGeometry,
    source: &'a [E],
    beside: &'a [E],
    bias: &'a [E],
    weight: &'a [E],
    bounds: [E; 2],
    output: Target<'a, E>,
    part: Part,
}

/// Neighbouring pixels of a line, for a vector of channels.
struct Tile<E> {
    /// The first place that the first window sees of its first line that lies in the input; the place itself may lie outside.
    input: *const E,
    /// From one line of the input to the next, and from one channel's to the next one's.
    strides: [usize; 2],
    channels: usize,
    /// The weights of the window's lines that lie in the input, and how many lines they are.
    weight: *const E,
    lines: usize,
    /// Whether the first and the last column that the tile sees lie in the input; the others do.
    first: bool,
    last: bool,
}

/// All of it, by whoever there is.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    operands: &mut Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let ([source, beside], packed) = (operands.inputs, operands.packed);
    let output = Target::new(&mut *operands.output);
    let [_, height, width] = &geometry.axes;
    let reaches = |axis: &Axis| (axis.output - 1) * axis.stride + 3 <= axis.input + axis.before + 1;
    assert!(fits::<V>(geometry, true) && reaches(height) && reaches(width), "windows of 3x3 end behind the edge");
    assert!(source.len() == geometry.input_len(), "the input is there");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    let whole = geometry.out_channels.next_multiple_of(MAX_LANES);
    assert!(packed.len() >= HEADER + whole * (geometry.in_channels * geometry.window() + 1), "the weights are there");
    let (bias, weight) = packed[HEADER..].split_at(whole);
    let sizes = PIXELS.into_iter().filter(|pixels| *pixels <= width.output);
    let pixels = sizes.min_by_key(|pixels| width.output.div_ceil(*pixels) * (pixels + 1)).unwrap_or(0);
    let parts = part::parts(workers, geometry.macs());
    // SAFETY: a tile is no longer than a line; the slices are as long as asserted; no two parts have an output in common. The rest is passed on to the caller.
    part::each_part(workers, parts, |part| unsafe {
        let stem = Stem { geometry, source, beside, bias, weight, bounds, output, part };
        match (pixels, geometry.axes[2].stride) {
            (8, 1) => lines::<V, 8, 1>(stem),
            (8, 2) => lines::<V, 8, 2>(stem),
            (7, 1) => lines::<V, 7, 1>(stem),
            (7, 2) => lines::<V, 7, 2>(stem),
            (4, 1) => lines::<V, 4, 1>(stem),
            (4, 2) => lines::<V, 4, 2>(stem),
            _ => unreachable!("a tile of that size does not exist"),
        }
    });
}

apart! {
    /// # Safety
    /// As for [`run`], which asserts the sizes; lines are as long as tiles at least.
    unsafe fn lines<'a, V, const PIXELS: usize, const STRIDE: usize>(stem: Stem<'a, V::Element>) = lines_body;
}

/// # Safety
/// As for [`lines`].
#[inline(always)]
unsafe fn lines_body<V: Vector, const PIXELS: usize, const STRIDE: usize>(stem: Stem<'_, V::Element>) {
    let Stem { geometry, source, beside, bias, weight, bounds, output, part } = stem;
    let [_, high, wide] = &geometry.axes;
    let (channels, outputs) = (geometry.in_channels, geometry.out_channels);
    let steps = channels * 9;
    for h in part.lines(high.output) {
        let skipped = if h * STRIDE < high.before { 1 } else { 0 };
        let lines = if h * STRIDE + 2 < high.input + high.before { 3 } else { 2 } - skipped;
        let begin = (h * STRIDE + skipped).wrapping_sub(high.before).wrapping_mul(wide.input);
        let mut pixel = 0;
        while pixel < wide.output {
            // The last tile may overlap the one before: it computes the same again.
            let start = pixel.min(wide.output - PIXELS);
            let from = begin.wrapping_add(start * STRIDE).wrapping_sub(wide.before);
            for channel in (0..outputs).step_by(V::LANES) {
                let to = (h * wide.output + start) * outputs + channel;
                // SAFETY: with a padding of one at most, the places that the tile sees lie in the input but for those of its first or last column;
                // `PIXELS` outputs from `start` on lie in theirs, and so do weights and biases. The rest is passed on to the caller.
                unsafe {
                    let tile = Tile {
                        input: source.as_ptr().wrapping_add(from),
                        strides: [wide.input, high.input * wide.input],
                        channels,
                        weight: weight.as_ptr().add(channel * steps + 3 * skipped * V::LANES),
                        lines,
                        first: start * STRIDE >= wide.before,
                        last: (start + PIXELS - 1) * STRIDE + 2 < wide.input + wide.before,
                    };
                    let mut sums = [V::load(bias.as_ptr().add(channel)); PIXELS];
                    windows::<V, PIXELS, STRIDE>(&tile, &mut sums);
                    let beside = if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().add(to) };
                    slide::put::<V, PIXELS>(&sums, bounds, beside, output.pointer().add(to), outputs);
                }
            }
            pixel += PIXELS;
        }
    }
}

/// Adds the products of the windows of a tile.
///
/// # Safety
/// The machine has the vector's instruction set; what the tile sees lies in the input, and its weights in theirs.
#[inline(always)]
unsafe fn windows<V: Vector, const PIXELS: usize, const STRIDE: usize>(
    tile: &Tile<V::Element>,
    sums: &mut [V; PIXELS],
) {
    let (mut plane, mut weights) = (tile.input, tile.weight);
    for _ in 0..tile.channels {
        let (mut from, mut weight) = (plane, weights);
        for _ in 0..tile.lines {
            // SAFETY: passed on to the caller.
            unsafe {
                let factors = [V::load(weight), V::load(weight.add(V::LANES)), V::load(weight.add(2 * V::LANES))];
                let number = |column: usize| V::splat(*from.wrapping_add(column));
                slide::line::<V, PIXELS, STRIDE>(number, factors, [tile.first, tile.last], sums);
            }
            from = from.wrapping_add(tile.strides[0]);
            weight = weight.wrapping_add(3 * V::LANES);
        }
        plane = plane.wrapping_add(tile.strides[1]);
        weights = weights.wrapping_add(9 * V::LANES);
    }
}
