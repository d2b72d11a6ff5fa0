//! Frozen depthwise convolutions with windows of 3x3 that move by one or two pixels: a vector of channels for a few neighbouring pixels. Their input has no
//! padding: where a window sees nothing, nothing is loaded.
//!
//! Channels for half of a vector make twins: two neighbouring pixels in a vector, whose windows lie a pixel apart. What they see is two pixels beside each other,
//! or the halves of such vectors: loads of all of them would lie across lines of the cache.

use nn_shape::frozen::{HEADER, is_laid_out, slides};
use nn_shape::tile::MAX_LANES;
use nn_shape::{Axis, ConvGeometry};

use super::part::{Part, Target};
use super::slide_few;
use super::tile::{FEW, registers};
use crate::simd::{Vector, apart};

/// Pixels that a tile may have, from the most on.
const PIXELS: [usize; 7] = [8, 7, 6, 5, 4, 3, 1];

/// What tiles are made of: pixels whose windows lie one apart, or two, or twins.
const TWINS: usize = 3;

/// Whether a convolution is done with twins: its channels fill half of a vector, and its lines, of so many numbers, stay as long as they are.
pub(super) fn has_twins<V: Vector>(geometry: &ConvGeometry, planar: bool) -> bool {
    let width = &geometry.axes[2];
    let half = V::LANES == MAX_LANES && 2 * geometry.in_channels == MAX_LANES;
    let same = width.stride == 1 && width.before == 1 && width.after == 1 && width.input.is_multiple_of(2);
    half && same && slides(geometry) && !is_laid_out(geometry, planar)
}

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

/// A vector of channels: its weights stay in registers for the whole picture.
struct Channels<V> {
    factors: [[V; 3]; 3],
    bias: V,
    bounds: [V; 2],
    /// From one pixel's numbers to the next one's.
    apart: usize,
}

/// Neighbouring pixels of a line, or neighbouring twins.
struct Tile<E> {
    /// The first place that the first window sees, which may lie outside.
    input: *const E,
    /// From one line of the input to the next.
    line: usize,
    /// Whether the first and the last line of the window lie in the input, and the first and the last column that the tile sees; the others do.
    lines: [bool; 2],
    first: bool,
    last: bool,
    /// What is added; null for nothing.
    beside: *const E,
    output: *mut E,
}

/// Whether a tile of so many pixels is compiled, or of so many twins.
const fn exists<V: Vector>(pixels: usize, kind: usize) -> bool {
    if kind == TWINS {
        return V::LANES == MAX_LANES && matches!(pixels, 1 | 4 | 8);
    }
    if registers::<V>() == FEW {
        return slide_few::exists(pixels, kind);
    }
    if V::MANY_SIZES { pixels != 7 } else { matches!(pixels, 1 | 4) }
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
    let twins = has_twins::<V>(geometry, planar);
    assert!(slides(geometry) && (channels >= V::LANES || twins), "windows of 3x3, and whole vectors");
    let reaches = |axis: &Axis, size: usize, before: usize| (axis.output - 1) * axis.stride + 3 <= size + before + 1;
    assert!(reaches(high, size[0], before[0]) && reaches(wide, size[1], before[1]), "windows end behind the edge");
    assert!(source.len() >= depth.input * size[0] * size[1] * channels, "the input is there");
    assert!((depth.output - 1) * depth.stride < depth.input, "each plane sees one of the input");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (geometry.window() + 1), "the weights are there");
    let (bias, weight) = packed[HEADER..].split_at(whole);
    let slide = Slide { geometry, size, before, source, beside, weight, bias, bounds, output, part };
    let kind = if twins { TWINS } else { wide.stride };
    macro_rules! either {
        ($pixels:literal, $stride:literal) => {
            if const { registers::<V>() == FEW } {
                slide_few::lines::<V, $pixels, $stride>(slide)
            } else {
                lines::<V, $pixels, $stride>(slide)
            }
        };
    }
    macro_rules! sizes {
        ($($pixels:literal)*) => {
            match (tile_pixels::<V>(wide.output / if twins { 2 } else { 1 }, kind), kind) {
                // SAFETY: a tile is no longer than a line; the slices are as long as asserted; the rest is passed on to the caller.
                $(($pixels, 1) if const { exists::<V>($pixels, 1) } => unsafe { either!($pixels, 1) },
                // SAFETY: as above.
                ($pixels, 2) if const { exists::<V>($pixels, 2) } => unsafe { either!($pixels, 2) },
                // SAFETY: as above.
                ($pixels, _) if const { exists::<V>($pixels, TWINS) } => unsafe { lines::<V, $pixels, TWINS>(slide) },)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes!(8 7 6 5 4 3 1);
}

/// The pixels of a vector, and how far apart windows lie.
const fn pace(kind: usize) -> [usize; 2] {
    if kind == TWINS { [2, 1] } else { [1, kind] }
}

apart! {
    /// # Safety
    /// As for [`run`], which asserts the sizes; lines are as long as tiles at least.
    unsafe fn lines<'a, V, const PIXELS: usize, const KIND: usize>(slide: Slide<'a, V::Element>) = lines_body;
}

/// # Safety
/// As for [`lines`].
#[inline(always)]
unsafe fn lines_body<V: Vector, const PIXELS: usize, const KIND: usize>(slide: Slide<'_, V::Element>) {
    let [own, stride] = const { pace(KIND) };
    let Slide { geometry, size: [height, width], before: [top, left], .. } = slide;
    let Slide { source, beside, weight, bias, bounds, output, part, .. } = slide;
    let [depth, high, wide] = &geometry.axes;
    let channels = geometry.in_channels;
    let whole = channels.next_multiple_of(MAX_LANES);
    let ours = part.lines(depth.output * high.output);
    let mut channel = 0;
    while channel < channels {
        // The last vector overlaps the one before.
        let at = if KIND == TWINS { 0 } else { channel.min(channels - V::LANES) };
        // SAFETY: there are weights and biases for all channels; the instruction set is the caller's to vouch for.
        let vector = unsafe { load::<V>(weight, bias, bounds, [at, whole, channels]) };
        for place in ours.clone() {
            let (plane, h, to) = (place / high.output, place % high.output, at + place * wide.output * channels);
            let begin = (plane * depth.stride * height + h * stride).wrapping_sub(top).wrapping_mul(width);
            let lines = [h * stride >= top, h * stride + 2 < height + top];
            let mut pixel = 0;
            while pixel < wide.output / own {
                // The last tile may overlap the one before: it computes the same again.
                let start = pixel.min(wide.output / own - PIXELS);
                let from = begin.wrapping_add(start * own * stride).wrapping_sub(left);
                let to = to + start * own * channels;
                let tile = Tile {
                    input: source.as_ptr().wrapping_add(from.wrapping_mul(channels)).wrapping_add(at),
                    line: width * channels,
                    lines,
                    first: start * own * stride >= left,
                    last: ((start + PIXELS) * own - 1) * stride + 2 < width + left,
                    beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
                    output: output.pointer().wrapping_add(to),
                };
                // SAFETY: with a padding of one at most, the places that the tile sees lie in the input but for those of its first or last line
                // or column; `PIXELS` outputs from `start` on lie in theirs. The rest is passed on to the caller.
                unsafe { pixels::<V, PIXELS, KIND>(&vector, &tile) }
                pixel += PIXELS;
            }
        }
        channel += V::LANES;
    }
}

/// # Safety
/// The machine has the vector's instruction set; there are biases from channel `at` on for a vector, and `whole` weights for each place of the window.
#[inline(always)]
unsafe fn load<V: Vector>(
    weight: &[V::Element],
    bias: &[V::Element],
    bounds: [V::Element; 2],
    [at, whole, apart]: [usize; 3],
) -> Channels<V> {
    // SAFETY: passed on to the caller.
    unsafe {
        let bias = V::load(bias.as_ptr().add(at));
        let mut factors = [[bias; 3]; 3];
        for h in 0..3 {
            for w in 0..3 {
                factors[h][w] = V::load(weight.as_ptr().add((3 * h + w) * whole + at));
            }
        }
        Channels { factors, bias, bounds: [V::splat(bounds[0]), V::splat(bounds[1])], apart }
    }
}

/// A tile.
///
/// # Safety
/// The machine has the vector's instruction set; what the tile sees lies in the input, its outputs and what is beside in memory valid for them.
#[inline(always)]
unsafe fn pixels<V: Vector, const PIXELS: usize, const KIND: usize>(vector: &Channels<V>, tile: &Tile<V::Element>) {
    let [own, _] = const { pace(KIND) };
    let mut sums = [vector.bias; PIXELS];
    // SAFETY: passed on to the caller; lines that lie outside are not looked at.
    unsafe {
        if tile.lines[0] {
            line::<V, PIXELS, KIND>(vector, 0, tile, &mut sums);
        }
        line::<V, PIXELS, KIND>(vector, 1, tile, &mut sums);
        if tile.lines[1] {
            line::<V, PIXELS, KIND>(vector, 2, tile, &mut sums);
        }
        for pixel in 0..PIXELS {
            let at = pixel * own * vector.apart;
            if !tile.beside.is_null() {
                sums[pixel] = sums[pixel].add(V::load(tile.beside.add(at)));
            }
            sums[pixel].at_least(vector.bounds[0]).at_most(vector.bounds[1]).store(tile.output.add(at));
        }
    }
}

/// Line `place` of the windows of a tile.
///
/// # Safety
/// As for [`pixels`]; the line lies in the input.
#[inline(always)]
unsafe fn line<V: Vector, const PIXELS: usize, const KIND: usize>(
    vector: &Channels<V>,
    place: usize,
    tile: &Tile<V::Element>,
    sums: &mut [V; PIXELS],
) {
    let [_, stride] = const { pace(KIND) };
    let from = tile.input.wrapping_add(place * tile.line);
    // SAFETY: passed on to the caller.
    unsafe {
        let zero = V::splat(V::Element::default());
        let number = |at: usize| V::load(from.wrapping_add(at * vector.apart));
        if KIND == TWINS {
            // What lies between two pixels of the input's vectors is halves of both; the tile's first vector begins a pixel behind the first window.
            let front = if tile.first { V::load(from.wrapping_sub(vector.apart)) } else { zero };
            let mut here = number(1);
            let mut left = front.between(here);
            for twins in 0..PIXELS {
                let next = if twins + 1 < PIXELS || tile.last { number(2 * twins + 3) } else { zero };
                let right = here.between(next);
                for (w, x) in [left, here, right].into_iter().enumerate() {
                    sums[twins] = sums[twins].add_product(vector.factors[place][w], x);
                }
                (left, here) = (right, next);
            }
            return;
        }
        // What two windows see is loaded once.
        let begin = if tile.first { number(0) } else { zero };
        let mut x = [zero, begin, if stride == 1 { number(1) } else { begin }];
        for pixel in 0..PIXELS {
            let at = pixel * stride;
            let last = if pixel + 1 < PIXELS || tile.last { number(at + 2) } else { zero };
            x = if stride == 1 { [x[1], x[2], last] } else { [x[2], number(at + 1), last] };
            for w in 0..3 {
                sums[pixel] = sums[pixel].add_product(vector.factors[place][w], x[w]);
            }
        }
    }
}
