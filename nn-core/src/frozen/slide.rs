//! Frozen depthwise convolutions with windows of 3x3 that move by one or two pixels: a vector of channels for a few neighbouring pixels. Their input has no
//! padding: where a window sees nothing, nothing is loaded.

use core::ops::Range;

use nn_shape::frozen::{HEADER, is_laid_out, slides};
use nn_shape::tile::MAX_LANES;
use nn_shape::{Axis, ConvGeometry};

use crate::simd::{Vector, apart};

/// Pixels that a tile may have, from the most on.
const PIXELS: [usize; 6] = [8, 6, 5, 4, 3, 1];

/// The whole convolution.
struct Slide<'a, E> {
    geometry: &'a ConvGeometry,
    /// Lines and columns of the input, and what lies in front of it.
    size: [usize; 2],
    before: [usize; 2],
    source: &'a [E],
    beside: &'a [E],
    weight: &'a [E],
    bias: &'a [E],
    bounds: [E; 2],
    output: &'a mut [E],
}

/// Neighbouring pixels of a line, for all channels.
struct Tile<E> {
    /// The first place that the first window sees, which may lie outside.
    input: *const E,
    /// From one line of the input to the next.
    line: usize,
    /// The lines of the window that lie in the input, and whether the first and the last column that the tile sees do.
    lines: Range<usize>,
    first: bool,
    last: bool,
    channels: usize,
    weight: *const E,
    bias: *const E,
    /// What is added; null for nothing.
    beside: *const E,
    output: *mut E,
    bounds: [E; 2],
}

/// Whether a tile of so many pixels is compiled.
const fn exists<V: Vector>(pixels: usize) -> bool {
    V::MANY_SIZES || matches!(pixels, 1 | 4)
}

/// The pixels of the tiles of a line: the last tile may overlap the one before, and each costs as much as a pixel on top.
fn tile_pixels<V: Vector>(line: usize) -> usize {
    let fitting = PIXELS.into_iter().filter(|pixels| *pixels <= line && exists::<V>(*pixels));
    fitting.min_by_key(|pixels| line.div_ceil(*pixels) * (pixels + 1)).unwrap_or(1)
}

/// # Safety
/// The machine has the vector's instruction set, and there are channels for one vector at least. `source` is the input, channels last, with its padding if
/// the convolution lays it out.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    planar: bool,
    source: &[V::Element],
    beside: &[V::Element],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    output: &mut [V::Element],
) {
    let [depth, high, wide] = &geometry.axes;
    let channels = geometry.in_channels;
    let whole = channels.next_multiple_of(MAX_LANES);
    let is_padded = is_laid_out(geometry, planar);
    let size = [high, wide].map(|axis| if is_padded { axis.padded() } else { axis.input });
    let before = [high, wide].map(|axis| if is_padded { 0 } else { axis.before });
    assert!(slides(geometry) && channels >= V::LANES, "windows of 3x3, and whole vectors");
    let reaches = |axis: &Axis, size: usize, before: usize| (axis.output - 1) * axis.stride + 3 <= size + before + 1;
    assert!(reaches(high, size[0], before[0]) && reaches(wide, size[1], before[1]), "windows end behind the edge");
    assert!(source.len() >= depth.input * size[0] * size[1] * channels, "the input is there");
    assert!((depth.output - 1) * depth.stride < depth.input, "each plane sees one of the input");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (geometry.window() + 1), "the weights are there");
    let (bias, weight) = packed[HEADER..].split_at(whole);
    let slide = Slide { geometry, size, before, source, beside, weight, bias, bounds, output };
    macro_rules! sizes {
        ($($pixels:literal)*) => {
            match (tile_pixels::<V>(wide.output), wide.stride) {
                // SAFETY: a tile is no longer than a line; the slices are as long as asserted; the rest is passed on to the caller.
                $(($pixels, 1) if const { exists::<V>($pixels) } => unsafe { lines::<V, $pixels, 1>(slide) },
                // SAFETY: as above.
                ($pixels, _) if const { exists::<V>($pixels) } => unsafe { lines::<V, $pixels, 2>(slide) },)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes!(8 6 5 4 3 1);
}

apart! {
    /// # Safety
    /// As for [`run`], which asserts the sizes; lines are as long as tiles at least.
    unsafe fn lines<'a, V, const PIXELS: usize, const STRIDE: usize>(slide: Slide<'a, V::Element>) = lines_body;
}

/// # Safety
/// As for [`lines`].
#[inline(always)]
unsafe fn lines_body<V: Vector, const PIXELS: usize, const STRIDE: usize>(slide: Slide<'_, V::Element>) {
    let Slide { geometry, size: [height, width], before: [top, left], source, beside, weight, bias, bounds, output } =
        slide;
    let [depth, high, wide] = &geometry.axes;
    let channels = geometry.in_channels;
    for line in 0..depth.output * high.output {
        let (d, h) = (line / high.output, line % high.output);
        let begin = d * depth.stride * height + h * STRIDE;
        let mut pixel = 0;
        while pixel < wide.output {
            // The last tile may overlap the one before: it computes the same again.
            let start = pixel.min(wide.output - PIXELS);
            let from = (begin.wrapping_sub(top).wrapping_mul(width)).wrapping_add(start * STRIDE).wrapping_sub(left);
            let to = (line * wide.output + start) * channels;
            let tile = Tile {
                input: source.as_ptr().wrapping_add(from.wrapping_mul(channels)),
                line: width * channels,
                lines: top.saturating_sub(h * STRIDE)..3.min(height + top - h * STRIDE),
                first: start * STRIDE >= left,
                last: (start + PIXELS - 1) * STRIDE + 2 < width + left,
                channels,
                weight: weight.as_ptr(),
                bias: bias.as_ptr(),
                beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
                output: output.as_mut_ptr().wrapping_add(to),
                bounds,
            };
            // SAFETY: with a padding of one at most, the places that the tile sees lie in the input but for those of its first or last line or column;
            // `PIXELS` outputs from `start` on lie in theirs; weights and biases are there for all channels. The rest is passed on to the caller.
            unsafe { pixels::<V, PIXELS, STRIDE>(&tile) }
            pixel += PIXELS;
        }
    }
}

/// A tile, vector by vector of channels.
///
/// # Safety
/// The machine has the vector's instruction set; what the tile sees lies in the input, its outputs and what is beside in memory valid for them; weights and
/// biases are there for all channels, of which there are `LANES` at least.
#[inline(always)]
unsafe fn pixels<V: Vector, const PIXELS: usize, const STRIDE: usize>(tile: &Tile<V::Element>) {
    let whole = tile.channels.next_multiple_of(MAX_LANES);
    let mut channel = 0;
    while channel < tile.channels {
        // The last vector overlaps the one before.
        let first = channel.min(tile.channels - V::LANES);
        // SAFETY: passed on to the caller; a vector from `first` on has channels only.
        unsafe {
            let zero = V::splat(V::Element::default());
            let mut sums = [V::load(tile.bias.add(first)); PIXELS];
            for h in tile.lines.clone() {
                let weight = tile.weight.add(3 * h * whole + first);
                let factors = [V::load(weight), V::load(weight.add(whole)), V::load(weight.add(2 * whole))];
                let line = tile.input.wrapping_add(h * tile.line + first);
                let number = |at: usize| V::load(line.wrapping_add(at * tile.channels));
                // What two windows see is loaded once.
                let begin = if tile.first { number(0) } else { zero };
                let mut x = [zero, begin, if STRIDE == 1 { number(1) } else { begin }];
                for pixel in 0..PIXELS {
                    let at = pixel * STRIDE;
                    let last = if pixel + 1 < PIXELS || tile.last { number(at + 2) } else { zero };
                    x = if STRIDE == 1 { [x[1], x[2], last] } else { [x[2], number(at + 1), last] };
                    for w in 0..3 {
                        sums[pixel] = sums[pixel].add_product(factors[w], x[w]);
                    }
                }
            }
            let (low, high) = (V::splat(tile.bounds[0]), V::splat(tile.bounds[1]));
            for pixel in 0..PIXELS {
                let at = pixel * tile.channels + first;
                if !tile.beside.is_null() {
                    sums[pixel] = sums[pixel].add(V::load(tile.beside.add(at)));
                }
                sums[pixel].at_least(low).at_most(high).store(tile.output.add(at));
            }
        }
        channel += V::LANES;
    }
}
