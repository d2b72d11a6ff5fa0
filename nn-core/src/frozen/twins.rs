//! Frozen depthwise convolutions with windows of 3x3 that move by one pixel, of channels for half of a vector: two neighbouring pixels in a vector, whose windows
//! lie a pixel apart. What they see is two pixels beside each other, or the halves of such vectors: loads of all of them would lie across lines of the cache.

use nn_shape::ConvGeometry;
use nn_shape::frozen::{is_laid_out, slides};
use nn_shape::tile::MAX_LANES;

use super::slide::Slide;
use crate::simd::{Vector, apart};

/// Whether a tile of so many twins is compiled.
pub(super) const fn exists<V: Vector>(twins: usize) -> bool {
    V::LANES == MAX_LANES && matches!(twins, 1 | 4 | 8)
}

/// Whether a convolution is done with twins: its channels fill half of a vector, and its lines, of so many numbers, stay as long as they are.
pub(super) fn has_twins<V: Vector>(geometry: &ConvGeometry, planar: bool) -> bool {
    let width = &geometry.axes[2];
    let half = V::LANES == MAX_LANES && 2 * geometry.in_channels == MAX_LANES;
    let same = width.stride == 1 && width.before == 1 && width.after == 1 && width.input.is_multiple_of(2);
    half && same && slides(geometry) && !is_laid_out(geometry, planar)
}

/// A vector of channels: its weights stay in registers for the whole picture.
struct Channels<V> {
    factors: [[V; 3]; 3],
    bias: V,
    bounds: [V; 2],
    /// From one pixel's numbers to the next one's.
    apart: usize,
}

/// Neighbouring twins of a line.
struct Tile<E> {
    /// The pixel in front of the first twins, which may lie outside.
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

apart! {
    /// # Safety
    /// As for [`run`](super::slide::run), which asserts the sizes; lines are as long as tiles at least.
    pub(super) unsafe fn lines<'a, V, const TWINS: usize>(slide: Slide<'a, V::Element>) = lines_body;
}

/// # Safety
/// As for [`lines`].
#[inline(always)]
unsafe fn lines_body<V: Vector, const TWINS: usize>(slide: Slide<'_, V::Element>) {
    let Slide { geometry, size: [height, width], before: [top, _], .. } = slide;
    let Slide { source, beside, weight, bias, bounds, output, part, .. } = slide;
    let [depth, high, wide] = &geometry.axes;
    let channels = geometry.in_channels;
    // SAFETY: there are weights and biases for a vector; the instruction set is the caller's to vouch for.
    let vector = unsafe { load::<V>(weight, bias, bounds, channels) };
    for place in part.lines(depth.output * high.output) {
        let (plane, h, to) = (place / high.output, place % high.output, place * wide.output * channels);
        let begin = (plane * depth.stride * height + h).wrapping_sub(top).wrapping_mul(width);
        let lines = [h >= top, h + 2 < height + top];
        let mut twins = 0;
        while twins < wide.output / 2 {
            // The last tile may overlap the one before: it computes the same again.
            let start = 2 * twins.min(wide.output / 2 - TWINS);
            let from = begin.wrapping_add(start).wrapping_sub(1);
            let to = to + start * channels;
            let tile = Tile {
                input: source.as_ptr().wrapping_add(from.wrapping_mul(channels)),
                line: width * channels,
                lines,
                first: start > 0,
                last: start + 2 * TWINS < width,
                beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
                output: output.pointer().wrapping_add(to),
            };
            // SAFETY: with a padding of one, the places that the tile sees lie in the input but for those of its first or last line or column;
            // `TWINS` pairs of outputs from `start` on lie in theirs. The rest is passed on to the caller.
            unsafe { pixels::<V, TWINS>(&vector, &tile) }
            twins += TWINS;
        }
    }
}

/// # Safety
/// The machine has the vector's instruction set; there are biases for a vector, and as many weights for each place of the window.
#[inline(always)]
unsafe fn load<V: Vector>(
    weight: &[V::Element],
    bias: &[V::Element],
    bounds: [V::Element; 2],
    apart: usize,
) -> Channels<V> {
    // SAFETY: passed on to the caller.
    unsafe {
        let bias = V::load(bias.as_ptr());
        let mut factors = [[bias; 3]; 3];
        for h in 0..3 {
            for w in 0..3 {
                factors[h][w] = V::load(weight.as_ptr().add((3 * h + w) * MAX_LANES));
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
unsafe fn pixels<V: Vector, const TWINS: usize>(vector: &Channels<V>, tile: &Tile<V::Element>) {
    let mut sums = [vector.bias; TWINS];
    // SAFETY: passed on to the caller; lines that lie outside are not looked at.
    unsafe {
        if tile.lines[0] {
            line::<V, TWINS>(vector, 0, tile, &mut sums);
        }
        line::<V, TWINS>(vector, 1, tile, &mut sums);
        if tile.lines[1] {
            line::<V, TWINS>(vector, 2, tile, &mut sums);
        }
        for twins in 0..TWINS {
            let at = twins * 2 * vector.apart;
            if !tile.beside.is_null() {
                sums[twins] = sums[twins].add(V::load(tile.beside.add(at)));
            }
            sums[twins].at_least(vector.bounds[0]).at_most(vector.bounds[1]).store(tile.output.add(at));
        }
    }
}

/// Line `place` of the windows of a tile.
///
/// # Safety
/// As for [`pixels`]; the line lies in the input.
#[inline(always)]
unsafe fn line<V: Vector, const TWINS: usize>(
    vector: &Channels<V>,
    place: usize,
    tile: &Tile<V::Element>,
    sums: &mut [V; TWINS],
) {
    let from = tile.input.wrapping_add(place * tile.line);
    // SAFETY: passed on to the caller.
    unsafe {
        let zero = V::splat(V::Element::default());
        let number = |at: usize| V::load(from.wrapping_add(at * vector.apart));
        // What lies between two pixels of the input's vectors is halves of both; the tile's first vector begins a pixel behind the first window.
        let front = if tile.first { V::load(from.wrapping_sub(vector.apart)) } else { zero };
        let mut here = number(1);
        let mut left = front.between(here);
        for twins in 0..TWINS {
            let next = if twins + 1 < TWINS || tile.last { number(2 * twins + 3) } else { zero };
            let right = here.between(next);
            for (w, x) in [left, here, right].into_iter().enumerate() {
                sums[twins] = sums[twins].add_product(vector.factors[place][w], x);
            }
            (left, here) = (right, next);
        }
    }
}
