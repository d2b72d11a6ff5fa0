//! The loops of a frozen convolution or linear layer over its pixels: a block of output channels, tile by tile.

use super::conv::Next;
use super::cut::{LONG, NEAR, Order, Tiling};
use super::lines::Lines;
use super::overlap;
use super::part::{Part, Target, Way};
use super::tile::{Tile, Window, run as run_tile};
use super::{across, eights, pairs};
use crate::Float;
use crate::simd::{Vector, apart};

/// A block of output channels of a group.
pub(super) struct Block<'a, E> {
    pub(super) group: usize,
    /// Its first channel in the group.
    pub(super) channel: usize,
    /// Its vectors.
    pub(super) wide: usize,
    pub(super) order: Order,
    /// Entries of a line of the window that are taken together.
    pub(super) taps: usize,
    pub(super) tiling: Tiling,
    /// Its channels.
    pub(super) count: usize,
    pub(super) weight: &'a [E],
    pub(super) bias: &'a [E],
    pub(super) bounds: [E; 2],
    pub(super) next: Option<Next<E>>,
}

impl<E: Float> Block<'_, E> {
    /// The tile whose outputs begin at `to`, and whose window at `input`.
    #[inline(always)]
    pub(super) fn tile(&self, input: *const E, beside: &[E], output: Target<'_, E>, to: usize, step: usize) -> Tile<E> {
        Tile {
            input,
            weight: self.weight.as_ptr(),
            bias: self.bias.as_ptr(),
            beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
            output: output.pointer().wrapping_add(to),
            step,
            count: self.count,
            bounds: self.bounds,
            ahead: self.weight.as_ptr(),
            share: 0,
        }
    }
}

/// Bytes of a part of weights that would not stay in the first cache as a whole.
const PART: usize = 24576;

/// How the sums of a block are cut: so many numbers of a run of the window at a time, for so many lines of pixels, so that the weights of a part
/// stay in the first cache from one tile to the next. Without a cut, all of the window for all lines.
struct Parts {
    run: usize,
    lines: usize,
}

impl Parts {
    fn new<V: Vector>(lines: &Lines, block: &Block<'_, V::Element>) -> Option<Parts> {
        let step = block.wide * V::LANES * size_of::<V::Element>();
        let window = &lines.window;
        let tiles = block.tiling.count;
        let many = tiles * lines.counts[1] >= 4 && window.run >= LONG;
        // A tile that overlaps the one before would add to the same sums twice.
        let whole = !block.tiling.overlaps() && block.count == block.wide * V::LANES;
        let steps = window.counts.iter().product::<usize>() * window.run;
        let near = if block.taps > 1 { overlap::NEAR } else { NEAR };
        if step * steps <= near || !many || !whole || block.order == Order::Pairs {
            return None;
        }
        let parts = window.run.div_ceil(PART / step);
        Some(Parts { run: window.run.div_ceil(parts).next_multiple_of(block.taps), lines: 16usize.div_ceil(tiles) })
    }
}

/// A block whose steps are taken in pairs, among widths.
pub(super) const PAIRED: usize = 0;

/// Tiles that go across the ends of lines, among overlaps: windows that do not move.
pub(super) const ACROSS: [usize; 2] = [1, 0];

apart! {
    /// The part's tiles of a block so many vectors wide, with windows that overlap like that or that are taken step by step.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the windows of all lines lie in `source`, all pixels in `output`, and so do tiles.
    pub(super) unsafe fn each_pixel<'a, V, const WIDE: usize, const TAPS: usize, const STRIDE: usize>(
        lines: &'a Lines, part: Part, block: &'a Block<'a, V::Element>, source: &'a [V::Element], beside: &'a [V::Element],
        output: Target<'a, V::Element>,
    ) = each_pixel_body;
}

/// # Safety
/// As for [`each_pixel`].
#[inline(always)]
unsafe fn each_pixel_body<V: Vector, const WIDE: usize, const TAPS: usize, const STRIDE: usize>(
    lines: &Lines,
    part: Part,
    block: &Block<'_, V::Element>,
    source: &[V::Element],
    beside: &[V::Element],
    output: Target<'_, V::Element>,
) {
    let window = &lines.window;
    let entries: usize = window.counts.iter().product();
    let parts = Parts::new::<V>(lines, block);
    let step = block.wide * V::LANES;
    let unbounded = [V::Element::NEG_INFINITY, V::Element::ZERO - V::Element::NEG_INFINITY];
    let (tiling, tiles) = (block.tiling, block.tiling.count);
    let our_tiles = part.tiles(tiles, tiling.overlaps());
    let our_pixels = if our_tiles.is_empty() {
        0..0
    } else {
        tiling.tile(our_tiles.start).start..tiling.tile(our_tiles.end - 1).end
    };
    let ours = part.of(Way::Lines, lines.counts[0] * lines.counts[1]);
    let own = block.group * (lines.outputs / lines.groups) + block.channel;
    for d in 0..lines.counts[0] {
        let clip = |line: usize| line.saturating_sub(d * lines.counts[1]).min(lines.counts[1]);
        let (mut first_line, end_line) = (clip(ours.start), clip(ours.end));
        while first_line < end_line {
            let (some, run) = match &parts {
                Some(parts) => (parts.lines.min(end_line - first_line), parts.run),
                None => (end_line - first_line, window.run),
            };
            let per_entry = window.run.div_ceil(run);
            let count = if parts.is_some() { entries * per_entry } else { 1 };
            for piece in 0..count {
                let (entry, start) = (piece / per_entry, piece % per_entry * run);
                let (row, column) = (entry / window.counts[2], entry % window.counts[2]);
                let place = row / window.counts[1] * window.strides[0]
                    + row % window.counts[1] * window.strides[1]
                    + column * window.strides[2]
                    + start / TAPS;
                let seen = match parts {
                    Some(_) => Window { counts: [1; 3], run: run.min(window.run - start), ..*window },
                    None => *window,
                };
                let weights = (entry * window.run + start) * step;
                let steps = if parts.is_some() { seen.run } else { entries * window.run };
                let (begins, ends) = (piece == 0, piece + 1 == count);
                let share = step.div_ceil(tiles * some);
                // Sharing finely would ask for far more than the next part.
                let share = if tiles * some > 2 * step { 0 } else { share };
                let weights_behind = block.weight.as_ptr().wrapping_add(weights + steps * step);
                let Next { from: mut ahead, share } = block.next.unwrap_or(Next { from: weights_behind, share });
                let weight = block.weight.as_ptr().wrapping_add(weights);
                let bias = if begins { block.bias.as_ptr() } else { core::ptr::null() };
                let bounds = if ends { block.bounds } else { unbounded };
                for h in first_line..first_line + some {
                    let line = lines.first + d * lines.apart[0] + h * lines.apart[1];
                    let from = d * lines.strides[0] + h * lines.strides[1] + block.group * lines.group_in + place;
                    if WIDE == 1 && TAPS == 1 && eights::fits::<V>(window) && our_pixels.len() >= eights::PIXELS {
                        let to = line + our_pixels.start * lines.apart[2] + own;
                        // SAFETY: as below.
                        unsafe {
                            let input = source.as_ptr().add(from + our_pixels.start * window.pixel);
                            let tile = block.tile(input, beside, output, to, lines.apart[2]);
                            eights::line::<V>(our_pixels.len(), &tile);
                        }
                        continue;
                    }
                    let mut index = our_tiles.start;
                    while index < our_tiles.end {
                        let pixels = tiling.tile(index);
                        let (start, count) = (pixels.start, pixels.len());
                        let times = if STRIDE > 0 { tiling.alike(index, our_tiles.end) } else { 1 };
                        let to = line + start * lines.apart[2] + own;
                        // SAFETY: as asserted by the caller; the part's weights and the biases, `wide` vectors for each step, are the block's.
                        unsafe {
                            let input = source.as_ptr().add(from + if STRIDE > 0 { start * window.pixel } else { 0 });
                            let first = block.tile(input, beside, output, to, lines.apart[2]);
                            let tile = Tile { weight, bias, bounds, ahead, share, ..first };
                            if const { WIDE == PAIRED } {
                                pairs::run::<V>(times, count, &seen, tile);
                            } else if const { STRIDE == 0 } {
                                across::run::<V>(lines, pixels, &seen, &tile);
                            } else if const { TAPS > 1 } {
                                overlap::run::<V, WIDE, TAPS, STRIDE>(times, count, &seen, tile);
                            } else {
                                run_tile::<V, WIDE>(times, count, &seen, tile);
                            }
                        }
                        ahead = ahead.wrapping_add(times * steps * share);
                        index += times;
                    }
                }
            }
            first_line += some;
        }
    }
}
