//! The gradient of the weights of a convolution whose windows move by one place or by two: along a line of the input, each number meets the gradients of the outputs
//! that see it. Vectors hold output channels; those of neighbouring outputs slide through registers, so that a number is spread once for all entries of a line of the
//! window, and what a tile reads for a product is least. The input lies where it is.

use core::ops::Range;

use nn_shape::sliding::{self, Piece};
use nn_shape::tile::MAX_WIDTH;
use nn_shape::{Axis, ConvGeometry};

use super::conv_dots;
use super::gemm::{even, panels};
use super::tile::TileKernel;
use super::transpose::{Beside, place, transpose};
use crate::simd::{Lanes, Vector, accumulators, with_current_vectors};

/// The most lines of windows whose sums a tile holds.
const ROWS: usize = 9;

/// Registers for sums from which on a tile holds so many that what it reads is little beside its products.
const MANY: usize = 24;

/// How many lines of windows of some width a tile holds, at least and at most: their sums, the vectors that slide and a number fit into the registers. Fewer are left only if
/// there are so few weights that there is another kernel for them.
const fn rows(accumulators: usize, entries: usize) -> [usize; 2] {
    match accumulators {
        MANY.. => match entries {
            3 => [5, ROWS],
            _ => [3, 27 / entries],
        },
        // Windows of three alone.
        _ if entries > 3 => [0; 2],
        12.. => [2, 3],
        _ => [1, 2],
    }
}

/// Whether it is faster than what else there is: than dot products, or than products of matrices, whose tiles take other shapes where registers are few. Most lanes
/// are to hold a channel.
pub(super) fn suits<E: Lanes>(geometry: &ConvGeometry, lanes: usize) -> bool {
    let channels = geometry.group_out();
    let is_narrow = geometry.axes[2].kernel == 3 && conv_dots::suits(geometry, lanes);
    let is_faster = accumulators::<E>() >= MANY || is_narrow;
    is_faster && sliding::suits(geometry) && channels * 4 >= channels.next_multiple_of(lanes) * 3
}

/// Adds the gradient of the weights.
pub(super) fn weight<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    scratch: &mut [E],
) {
    let lanes = TileKernel::<E>::current().lanes;
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let (weights, plane) = (group_in * geometry.window(), geometry.output_plane());
    let piece = Piece::of(geometry);
    let (zeros, rest) = scratch.split_at_mut(piece.zeros);
    let (packed, sums) = rest.split_at_mut(piece.packed);
    zeros.fill(E::ZERO);
    for group in 0..geometry.groups {
        for channels in panels(group_out, lanes, MAX_WIDTH / lanes) {
            let vectors = channels.len().div_ceil(lanes);
            let sums = &mut sums[..weights * vectors * lanes];
            sums.fill(E::ZERO);
            let first = group * group_out + channels.start;
            for sample in 0..batch {
                let source = &input[(sample * geometry.in_channels + group * group_in) * geometry.input_plane()..];
                let source = &source[..group_in * geometry.input_plane()];
                let gradient = &output_gradient[(sample * geometry.out_channels + first) * plane..];
                let gradient = &gradient[..channels.len() * plane];
                for lines in even(geometry.axes[1].output, piece.lines) {
                    let job = Job { geometry, source, zeros, lines, lanes };
                    job.add(gradient, packed, sums);
                }
            }
            for (vector, sums) in sums.chunks_exact(weights * lanes).enumerate() {
                let count = (channels.len() - vector * lanes).min(lanes);
                let to = &mut weight_gradient[(first + vector * lanes) * weights..][..count * weights];
                place(sums, lanes, [weights, count], Beside::There, to, weights);
            }
        }
    }
}

/// Some lines of outputs of a sample.
struct Job<'a, E> {
    geometry: &'a ConvGeometry,
    /// The channels of a group.
    source: &'a [E],
    /// A line of them.
    zeros: &'a [E],
    lines: Range<usize>,
    lanes: usize,
}

impl<E: Lanes> Job<'_, E> {
    /// Adds what they have of the sums of some output channels.
    fn add(&self, gradient: &[E], packed: &mut [E], sums: &mut [E]) {
        let (geometry, lanes) = (self.geometry, self.lanes);
        let [_, height, width] = &geometry.axes;
        let (plane, outputs) = (geometry.output_plane(), self.lines.len() * width.output);
        let from = &gradient[self.lines.start * width.output..];
        for (vector, packed) in packed.chunks_exact_mut(outputs * lanes).enumerate() {
            let columns = (gradient.len() / plane).saturating_sub(vector * lanes).min(lanes);
            if columns > 0 {
                transpose(&from[vector * lanes * plane..], plane, columns, outputs, packed, lanes);
            }
        }
        let [_, most] = rows(accumulators::<E>(), width.kernel);
        for rows in even(geometry.group_in() * height.kernel, most) {
            let each = sums.chunks_exact_mut(geometry.group_in() * geometry.window() * lanes);
            for (packed, sums) in packed.chunks_exact(outputs * lanes).zip(each) {
                let entries = width.kernel * lanes;
                let sums = &mut sums[rows.start * entries..][..rows.len() * entries];
                self.add_rows(rows.clone(), packed, sums);
            }
        }
    }

    /// The sums of some lines of windows, in one vector of output channels.
    fn add_rows(&self, rows: Range<usize>, gradient: &[E], sums: &mut [E]) {
        let [_, height, width] = &self.geometry.axes;
        let mut tile = Tile {
            source: self.source,
            zeros: self.zeros,
            rows: [[0; 2]; ROWS],
            height: height.input,
            down: height.stride,
            width: width.input,
            lines: self.lines.len(),
            inside: inside(height, &self.lines),
            outputs: width.output,
            before: width.before,
            gradient,
            sums,
        };
        for (to, row) in tile.rows.iter_mut().zip(rows.clone()) {
            let (channel, entry) = (row / height.kernel, row % height.kernel);
            // Above the first line it wraps around.
            let first = self.lines.start * height.stride + entry * height.dilation;
            *to = [channel * height.input, first.wrapping_sub(height.before)];
        }
        let channels = self.source.len() / (height.input * width.input).max(1);
        let count = rows.len();
        assert!(
            (1..=ROWS).contains(&count) && rows.end <= channels * height.kernel,
            "lines of windows over the source"
        );
        assert!(width.input <= self.zeros.len(), "a line of zeros");
        assert!(width.before < width.kernel && width.before < width.output, "windows begin in the line or just before");
        assert!(width.stride == 1 || 2 * width.output <= width.input + 1, "and not behind it");
        assert_eq!(gradient.len(), tile.lines * tile.outputs * self.lanes, "gradient of the lines");
        assert_eq!(tile.sums.len(), count * width.kernel * self.lanes, "sums of the lines of windows");
        // SAFETY: as just asserted.
        unsafe { add_tile(&mut tile, [width.kernel, width.stride], count) }
    }
}

/// Those of some outputs, counted from the first of them, whose windows lie inside of the axis.
fn inside(axis: &Axis, outputs: &Range<usize>) -> Range<usize> {
    let span = (axis.kernel - 1) * axis.dilation;
    let end = (axis.input + axis.before).saturating_sub(span).div_ceil(axis.stride);
    let counted = |output: usize| output.saturating_sub(outputs.start).min(outputs.len());
    counted(axis.before.div_ceil(axis.stride))..counted(end)
}

/// Lines of windows over some lines of outputs.
struct Tile<'a, E> {
    /// Whole planes, of `height` lines of `width` numbers.
    source: &'a [E],
    zeros: &'a [E],
    /// The first line of the plane, counted from the first plane on, and which of its lines the first output sees; beyond the last there are zeros.
    rows: [[usize; 2]; ROWS],
    height: usize,
    /// From what a line of outputs sees to what the next one does.
    down: usize,
    width: usize,
    lines: usize,
    /// Lines of outputs whose windows lie inside of the source from the first line to the last.
    inside: Range<usize>,
    /// Outputs of a line.
    outputs: usize,
    /// Places before the first number of a line that the first window sees.
    before: usize,
    /// A vector for each output.
    gradient: &'a [E],
    /// A vector for each entry of each line of windows.
    sums: &'a mut [E],
}

with_current_vectors! {
    /// # Safety
    /// There are `rows` lines of windows, each over a plane of the source; a line of zeros; a vector of the gradient for each output; and a vector for each sum. `kinds` are the width of
    /// a window and by how many places it moves, one or two. Less than a window, and less than the outputs of a line, lies before the first number; if windows move by two, one
    /// place does, and the second number of each is one of the line.
    unsafe fn add_tile<E: Lanes>(tile: &mut Tile<'_, E>, kinds: [usize; 2], rows: usize) = add_body;
}

/// Whether tiles of that size are asked for.
const fn exists<V: Vector>(entries: usize, count: usize) -> bool {
    let [least, most] = rows(V::ACCUMULATORS, entries);
    least <= count && count <= most
}

/// Turns the size of the tile into constants.
///
/// # Safety
/// As for [`add_tile`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn add_body<V: Vector>(tile: &mut Tile<'_, V::Element>, kinds: [usize; 2], rows: usize) {
    macro_rules! sizes {
        ($([$entries:literal, $stride:literal]: $($rows:literal)*;)*) => {
            match (kinds, rows) {
                $($(([$entries, $stride], $rows) if const { exists::<V>($entries, $rows) } => {
                    // SAFETY: passed on to the caller.
                    unsafe { fixed::<V, $rows, $entries, $stride>(tile) }
                })*)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes! {
        [3, 1]: 1 2 3 5 6 7 8 9;
        [3, 2]: 1 2 3 5 6 7 8 9;
        [4, 1]: 1 2 3 4 5 6;
        [5, 1]: 1 2 3 4 5;
    }
}

/// # Safety
/// As for [`add_body`].
#[inline(always)]
unsafe fn fixed<V: Vector, const ROWS: usize, const ENTRIES: usize, const STRIDE: usize>(
    tile: &mut Tile<'_, V::Element>,
) {
    // SAFETY: a line of the source is read if it is one of its plane's, or else the zeros; of the gradient a line of `outputs` vectors for each line; and the
    // sums are as many as are read and written. All are there, as the caller vouches, who has the instruction set, too.
    unsafe {
        let mut sums = [[V::splat(V::Element::default()); ENTRIES]; ROWS];
        for row in 0..ROWS {
            for entry in 0..ENTRIES {
                sums[row][entry] = V::load(tile.sums.as_ptr().add((row * ENTRIES + entry) * V::LANES));
            }
        }
        let mut rows = [tile.zeros.as_ptr(); ROWS];
        for line in 0..tile.lines {
            for row in 0..ROWS {
                if line > tile.inside.start && line < tile.inside.end {
                    rows[row] = rows[row].add(tile.down * tile.width);
                    continue;
                }
                let [plane, first] = tile.rows[row];
                let seen = first.wrapping_add(line * tile.down);
                rows[row] = if seen < tile.height {
                    tile.source.as_ptr().add((plane + seen) * tile.width)
                } else {
                    tile.zeros.as_ptr()
                };
            }
            let gradient = tile.gradient.as_ptr().add(line * tile.outputs * V::LANES);
            match STRIDE {
                1 => by_one(rows, tile.width, gradient, tile.outputs, tile.before, &mut sums),
                _ => by_two(rows, tile.width, gradient, tile.outputs, &mut sums),
            }
        }
        for row in 0..ROWS {
            for entry in 0..ENTRIES {
                sums[row][entry].store(tile.sums.as_mut_ptr().add((row * ENTRIES + entry) * V::LANES));
            }
        }
    }
}

/// Adds what a line of outputs has of the sums; windows move by one place.
///
/// # Safety
/// The machine has the vector's instruction set, `width` numbers of each row and `outputs` vectors of the gradient are there, and `before` is less than those and
/// than a window.
#[inline(always)]
unsafe fn by_one<V: Vector, const ROWS: usize, const ENTRIES: usize>(
    rows: [*const V::Element; ROWS],
    width: usize,
    gradient: *const V::Element,
    outputs: usize,
    before: usize,
    sums: &mut [[V; ENTRIES]; ROWS],
) {
    // Numbers of a line that some window sees as its first.
    let first = width.min(outputs - before);
    // SAFETY: passed on to the caller: of each row the numbers `0..width` are read, of the gradient the vectors before `before` and from there to `before + first`.
    unsafe {
        let zero = V::splat(V::Element::default());
        // The gradients of the windows that see a number as their first, their second and so on: from one number to the next they slide by one.
        let mut seen = [zero; ENTRIES];
        for entry in 0..ENTRIES - 1 {
            if entry < before {
                seen[entry] = V::load(gradient.add((before - 1 - entry) * V::LANES));
            }
        }
        let next = gradient.add(before * V::LANES);
        macro_rules! step {
            ($at:expr, $next:expr) => {
                let before = seen;
                seen = core::array::from_fn(|entry| if entry == 0 { $next } else { before[entry - 1] });
                for row in 0..ROWS {
                    let number = V::splat(*rows[row].add($at));
                    for entry in 0..ENTRIES {
                        sums[row][entry] = sums[row][entry].add_product(number, seen[entry]);
                    }
                }
            };
        }
        let mut at = 0;
        while at + ENTRIES <= first {
            for step in 0..ENTRIES {
                step!(at + step, V::load(next.add((at + step) * V::LANES)));
            }
            at += ENTRIES;
        }
        while at < width {
            let next = if at < first { V::load(next.add(at * V::LANES)) } else { zero };
            step!(at, next);
            at += 1;
        }
    }
}

/// Adds what a line of outputs has of the sums; windows of three move by two places, and the first one begins one before the line.
///
/// # Safety
/// As for [`by_one`]; at least `2 * outputs - 1` numbers of each row are there.
#[inline(always)]
unsafe fn by_two<V: Vector, const ROWS: usize, const ENTRIES: usize>(
    rows: [*const V::Element; ROWS],
    width: usize,
    gradient: *const V::Element,
    outputs: usize,
    sums: &mut [[V; ENTRIES]; ROWS],
) {
    // SAFETY: passed on to the caller: of each row the numbers up to `2 * outputs - 2` are read, and the next one if there is one, of the gradient all vectors.
    unsafe {
        let mut this = V::load(gradient);
        // A window's second number, and its third, which is the first of the next window.
        macro_rules! step {
            ($at:expr, $next:expr) => {
                let next = $next;
                for row in 0..ROWS {
                    let place = rows[row].add(2 * $at);
                    let (second, third) = (V::splat(*place), V::splat(*place.add(1)));
                    sums[row][1] = sums[row][1].add_product(second, this);
                    sums[row][2] = sums[row][2].add_product(third, this);
                    sums[row][0] = sums[row][0].add_product(third, next);
                }
                this = next;
            };
        }
        let (last, mut at) = (outputs - 1, 0);
        while at + 2 <= last {
            for step in 0..2 {
                step!(at + step, V::load(gradient.add((at + step + 1) * V::LANES)));
            }
            at += 2;
        }
        if at < last {
            step!(at, V::load(gradient.add((at + 1) * V::LANES)));
        }
        let has_third = 2 * last + 1 < width;
        for row in 0..ROWS {
            let place = rows[row].add(2 * last);
            sums[row][1] = sums[row][1].add_product(V::splat(*place), this);
            if has_third {
                sums[row][2] = sums[row][2].add_product(V::splat(*place.add(1)), this);
            }
        }
    }
}
