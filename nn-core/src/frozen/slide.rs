//! Frozen depthwise convolutions with windows of 3x3 that move by one or two pixels: a few neighbouring pixels of a line, for one vector of channels after the
//! other. What is the same for all channels is counted once, and what lies side by side is read so. Their input has no padding: where a window sees nothing,
//! nothing is loaded.

use nn_shape::frozen::{HEADER, is_laid_out, slides};
use nn_shape::tile::MAX_LANES;
use nn_shape::{Axis, ConvGeometry};

use super::part::{Part, Target};
use super::places::Places;
use super::twins::{self, has_twins};
use crate::simd::{Vector, apart};

/// Pixels that a tile may have, from the most on.
const PIXELS: [usize; 7] = [8, 7, 6, 5, 4, 3, 1];

/// What tiles are made of: pixels whose windows lie one apart, or two, or [twins].
const TWINS: usize = 3;

/// The whole convolution.
pub(super) struct Slide<'a, E> {
    pub(super) geometry: &'a ConvGeometry,
    /// Lines and columns of the input, and what lies in front of it.
    pub(super) size: [usize; 2],
    pub(super) before: [usize; 2],
    pub(super) source: &'a [E],
    pub(super) beside: &'a [E],
    pub(super) weight: &'a [E],
    pub(super) bias: &'a [E],
    pub(super) bounds: [E; 2],
    pub(super) output: Target<'a, E>,
    pub(super) part: Part,
}

/// Whether a tile of so many pixels is compiled, or of so many twins: sums, the weights of a line of the window and a number of the input fit in 16 registers.
const fn exists<V: Vector>(pixels: usize, kind: usize) -> bool {
    match (kind, pixels) {
        (TWINS, _) => twins::exists::<V>(pixels),
        (2, 8) => false,
        _ => V::MANY_SIZES || matches!(pixels, 1 | 4),
    }
}

/// The pixels of the tiles of a line: the last tile may overlap the one before, and each costs as much as a pixel on top.
fn tile_pixels<V: Vector>(line: usize, kind: usize) -> usize {
    let fitting = PIXELS.into_iter().filter(|pixels| *pixels <= line && exists::<V>(*pixels, kind));
    fitting.min_by_key(|pixels| line.div_ceil(*pixels) * (pixels + 1)).unwrap_or(1)
}

/// The lines of a part.
///
/// # Safety
/// Nobody else touches the part's outputs. The machine has the vector's instruction set, and there are channels for one vector at least, or for
/// [twins](has_twins). `source` is the input, channels last, with its padding if the convolution lays it out.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    planar: bool,
    source: &[V::Element],
    beside: &[V::Element],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    part: Part,
    output: Target<'_, V::Element>,
) {
    let [depth, high, wide] = &geometry.axes;
    let channels = geometry.in_channels;
    let whole = channels.next_multiple_of(MAX_LANES);
    let is_padded = is_laid_out(geometry, planar);
    let size = [high, wide].map(|axis| if is_padded { axis.padded() } else { axis.input });
    let before = [high, wide].map(|axis| if is_padded { 0 } else { axis.before });
    let has_twins = has_twins::<V>(geometry, planar);
    assert!(slides(geometry) && (channels >= V::LANES || has_twins), "windows of 3x3, and whole vectors");
    let reaches = |axis: &Axis, size: usize, before: usize| (axis.output - 1) * axis.stride + 3 <= size + before + 1;
    assert!(reaches(high, size[0], before[0]) && reaches(wide, size[1], before[1]), "windows end behind the edge");
    assert!(source.len() >= depth.input * size[0] * size[1] * channels, "the input is there");
    assert!((depth.output - 1) * depth.stride < depth.input, "each plane sees one of the input");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (geometry.window() + 1), "the weights are there");
    let (bias, weight) = packed[HEADER..].split_at(whole);
    let slide = Slide { geometry, size, before, source, beside, weight, bias, bounds, output, part };
    let kind = if has_twins { TWINS } else { wide.stride };
    macro_rules! sizes {
        ($($pixels:literal)*) => {
            match (tile_pixels::<V>(wide.output / if has_twins { 2 } else { 1 }, kind), kind) {
                // SAFETY: a tile is no longer than a line; the slices are as long as asserted; the rest is passed on to the caller.
                $(($pixels, 1) if const { exists::<V>($pixels, 1) } => unsafe { lines::<V, $pixels, 1>(slide) },
                // SAFETY: as above.
                ($pixels, 2) if const { exists::<V>($pixels, 2) } => unsafe { lines::<V, $pixels, 2>(slide) },
                // SAFETY: as above.
                ($pixels, _) if const { exists::<V>($pixels, TWINS) } => unsafe { twins::lines::<V, $pixels>(slide) },)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes!(8 7 6 5 4 3 1);
}

/// Neighbouring pixels of a line.
struct Tile<E> {
    /// The first place that the first window sees of its first line that lies in the input; the place itself may lie outside.
    input: *const E,
    /// From one line of the input to the next, and from one pixel's numbers to the next one's.
    line: usize,
    apart: usize,
    /// The weights of the window's lines that lie in the input, how many lines they are, and from one entry's weights to the next one's.
    weight: *const E,
    lines: usize,
    whole: usize,
    /// Whether the first and the last column that the tile sees lie in the input; the others do.
    first: bool,
    last: bool,
    bias: *const E,
    /// What is added; null for nothing.
    beside: *const E,
    output: *mut E,
    bounds: [E; 2],
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
    let Slide { geometry, size: [height, width], before: [top, left], .. } = slide;
    let Slide { source, beside, weight, bias, bounds, output, part, .. } = slide;
    let [depth, high, wide] = &geometry.axes;
    let channels = geometry.in_channels;
    let whole = channels.next_multiple_of(MAX_LANES);
    let ours = part.lines(depth.output * high.output);
    let (mut plane, mut h) = (ours.start / high.output, ours.start % high.output);
    for place in ours {
        let skipped = if h * STRIDE < top { 1 } else { 0 };
        let lines = if h * STRIDE + 2 < height + top { 3 } else { 2 } - skipped;
        let begin = (plane * depth.stride * height + h * STRIDE + skipped).wrapping_sub(top).wrapping_mul(width);
        let mut pixel = 0;
        while pixel < wide.output {
            // The last tile may overlap the one before: it computes the same again.
            let start = pixel.min(wide.output - PIXELS);
            let from = begin.wrapping_add(start * STRIDE).wrapping_sub(left).wrapping_mul(channels);
            let to = (place * wide.output + start) * channels;
            let tile = Tile {
                input: source.as_ptr().wrapping_add(from),
                line: width * channels,
                apart: channels,
                weight: weight.as_ptr().wrapping_add(3 * skipped * whole),
                lines,
                whole,
                first: start * STRIDE >= left,
                last: (start + PIXELS - 1) * STRIDE + 2 < width + left,
                bias: bias.as_ptr(),
                beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
                output: output.pointer().wrapping_add(to),
                bounds,
            };
            // SAFETY: with a padding of one at most, the places that the tile sees lie in the input but for those of its first or last
            // column; `PIXELS` outputs from `start` on lie in theirs. The rest is passed on to the caller.
            unsafe { each_vector::<V, PIXELS, STRIDE>(channels, &tile) }
            pixel += PIXELS;
        }
        h += 1;
        if h == high.output {
            (plane, h) = (plane + 1, 0);
        }
    }
}

/// A tile, vector by vector of its channels.
///
/// # Safety
/// The machine has the vector's instruction set, and there are channels for one vector at least; what the tile sees lies in the input, its weights and biases in theirs,
/// its outputs and what is beside in memory valid for them.
#[inline(always)]
unsafe fn each_vector<V: Vector, const PIXELS: usize, const STRIDE: usize>(channels: usize, tile: &Tile<V::Element>) {
    let mut channel = 0;
    while channel < channels {
        // The last vector overlaps the one before.
        let at = channel.min(channels - V::LANES);
        // SAFETY: passed on to the caller.
        unsafe {
            let mut sums = [V::load(tile.bias.add(at)); PIXELS];
            windows::<V, PIXELS, STRIDE>(tile, at, &mut sums);
            let beside = if tile.beside.is_null() { tile.beside } else { tile.beside.add(at) };
            put::<V, PIXELS>(&sums, tile.bounds, beside, tile.output.add(at), tile.apart);
        }
        channel += V::LANES;
    }
}

/// Adds what is beside, unless that is null, bounds and stores the sums of some pixels, whose outputs lie so far apart.
///
/// # Safety
/// The machine has the vector's instruction set; what is beside and the outputs lie in memory valid for them.
#[inline(always)]
pub(super) unsafe fn put<V: Vector, const PIXELS: usize>(
    sums: &[V; PIXELS],
    bounds: [V::Element; 2],
    beside: *const V::Element,
    output: *mut V::Element,
    apart: usize,
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let (low, high) = (V::splat(bounds[0]), V::splat(bounds[1]));
        let output = Places::new(output.cast_const(), apart, PIXELS);
        let place = |pixel: usize| output.at(pixel).cast_mut();
        if beside.is_null() {
            for pixel in 0..PIXELS {
                sums[pixel].at_least(low).at_most(high).store(place(pixel));
            }
        } else {
            for pixel in 0..PIXELS {
                let sum = sums[pixel].add(V::load(beside.add(pixel * apart)));
                sum.at_least(low).at_most(high).store(place(pixel));
            }
        }
    }
}

/// Adds the products of the windows of a tile, for the vector of channels that begins with `at`.
///
/// # Safety
/// As for [`each_vector`].
#[inline(always)]
unsafe fn windows<V: Vector, const PIXELS: usize, const STRIDE: usize>(
    tile: &Tile<V::Element>,
    at: usize,
    sums: &mut [V; PIXELS],
) {
    let columns = const { (PIXELS - 1) * STRIDE + 3 };
    let mut weight = tile.weight.wrapping_add(at);
    let mut from = Places::new(tile.input.wrapping_add(at), tile.apart, columns);
    for _ in 0..tile.lines {
        // SAFETY: passed on to the caller.
        unsafe {
            let factor = |w: usize| V::load(weight.wrapping_add(w * tile.whole));
            let factors = [factor(0), factor(1), factor(2)];
            line::<V, PIXELS, STRIDE>(|column| V::load(from.at(column)), factors, [tile.first, tile.last], sums);
        }
        weight = weight.wrapping_add(3 * tile.whole);
        from.go_on(tile.line);
    }
}

/// Adds the products of a line of the windows of some pixels, whose entries have these weights; `number` loads what lies in a column, of which the first or the
/// last may not be there. What two windows or three see is loaded once.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn line<V: Vector, const PIXELS: usize, const STRIDE: usize>(
    number: impl Fn(usize) -> V,
    factors: [V; 3],
    [has_first, has_last]: [bool; 2],
    sums: &mut [V; PIXELS],
) {
    // SAFETY: passed on to the caller.
    let mut add = |pixel: usize, w: usize, x: V| sums[pixel] = unsafe { sums[pixel].add_product(factors[w], x) };
    if has_first {
        add(0, 0, number(0));
    }
    for pixel in 0..PIXELS {
        let middle = number(pixel * STRIDE + 1);
        if STRIDE == 1 && pixel > 0 {
            add(pixel - 1, 2, middle);
        }
        add(pixel, 1, middle);
        if pixel + 1 < PIXELS {
            let between = if STRIDE == 1 { middle } else { number(pixel * STRIDE + 2) };
            if STRIDE == 2 {
                add(pixel, 2, between);
            }
            add(pixel + 1, 0, between);
        }
    }
    if has_last {
        add(PIXELS - 1, 2, number((PIXELS - 1) * STRIDE + 2));
    }
}
