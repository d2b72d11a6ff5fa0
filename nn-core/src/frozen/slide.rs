//! Frozen depthwise convolutions with windows of 3x3 that move by one or two pixels: a vector of channels for a few neighbouring pixels. Their input has no
//! padding: where a window sees nothing, nothing is loaded.

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

/// A vector of channels: its weights stay in registers for the whole picture.
struct Channels<V> {
    factors: [[V; 3]; 3],
    bias: V,
    bounds: [V; 2],
    /// From one pixel's numbers to the next one's.
    apart: usize,
}

/// Neighbouring pixels of a line.
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
    let whole = channels.next_multiple_of(MAX_LANES);
    let mut channel = 0;
    while channel < channels {
        // The last vector overlaps the one before.
        let at = channel.min(channels - V::LANES);
        // SAFETY: there are weights and biases for all channels; the instruction set is the caller's to vouch for.
        let vector = unsafe { load::<V>(weight, bias, bounds, [at, whole, channels]) };
        let mut to = at;
        for plane in 0..depth.output {
            for h in 0..high.output {
                let begin = (plane * depth.stride * height + h * STRIDE).wrapping_sub(top).wrapping_mul(width);
                let lines = [h * STRIDE >= top, h * STRIDE + 2 < height + top];
                let mut pixel = 0;
                while pixel < wide.output {
                    // The last tile may overlap the one before: it computes the same again.
                    let start = pixel.min(wide.output - PIXELS);
                    let from = begin.wrapping_add(start * STRIDE).wrapping_sub(left);
                    let to = to + start * channels;
                    let tile = Tile {
                        input: source.as_ptr().wrapping_add(from.wrapping_mul(channels)).wrapping_add(at),
                        line: width * channels,
                        lines,
                        first: start * STRIDE >= left,
                        last: (start + PIXELS - 1) * STRIDE + 2 < width + left,
                        beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
                        output: output.as_mut_ptr().wrapping_add(to),
                    };
                    // SAFETY: with a padding of one at most, the places that the tile sees lie in the input but for those of its first or last line
                    // or column; `PIXELS` outputs from `start` on lie in theirs. The rest is passed on to the caller.
                    unsafe { pixels::<V, PIXELS, STRIDE>(&vector, &tile) }
                    pixel += PIXELS;
                }
                to += wide.output * channels;
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
unsafe fn pixels<V: Vector, const PIXELS: usize, const STRIDE: usize>(vector: &Channels<V>, tile: &Tile<V::Element>) {
    let mut sums = [vector.bias; PIXELS];
    // SAFETY: passed on to the caller; lines that lie outside are not looked at.
    unsafe {
        if tile.lines[0] {
            line::<V, PIXELS, STRIDE>(vector, 0, tile, &mut sums);
        }
        line::<V, PIXELS, STRIDE>(vector, 1, tile, &mut sums);
        if tile.lines[1] {
            line::<V, PIXELS, STRIDE>(vector, 2, tile, &mut sums);
        }
        for pixel in 0..PIXELS {
            let at = pixel * vector.apart;
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
unsafe fn line<V: Vector, const PIXELS: usize, const STRIDE: usize>(
    vector: &Channels<V>,
    place: usize,
    tile: &Tile<V::Element>,
    sums: &mut [V; PIXELS],
) {
    let from = tile.input.wrapping_add(place * tile.line);
    // SAFETY: passed on to the caller.
    unsafe {
        let zero = V::splat(V::Element::default());
        let number = |at: usize| V::load(from.wrapping_add(at * vector.apart));
        // What two windows see is loaded once.
        let begin = if tile.first { number(0) } else { zero };
        let mut x = [zero, begin, if STRIDE == 1 { number(1) } else { begin }];
        for pixel in 0..PIXELS {
            let at = pixel * STRIDE;
            let last = if pixel + 1 < PIXELS || tile.last { number(at + 2) } else { zero };
            x = if STRIDE == 1 { [x[1], x[2], last] } else { [x[2], number(at + 1), last] };
            for w in 0..3 {
                sums[pixel] = sums[pixel].add_product(vector.factors[place][w], x[w]);
            }
        }
    }
}
