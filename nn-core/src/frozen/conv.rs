//! Frozen convolutions and linear layers: the loops around the tile.

use nn_shape::ConvGeometry;
use nn_shape::frozen::{HEADER, has_dots, is_depthwise, is_laid_out, padded_len, slides};
use nn_shape::tile::MAX_LANES;

use super::cut::{Cut, NEAR, Order, Tiling, index, width};
use super::lines::{Lines, blocks};
use super::overlap::{self, Overlap};
use super::part::{self, Part, Target, Way};
use super::run::Operands;
use super::tile::{Tile, Window, run as run_tile, single};
use super::{across, combed, depthwise, dots, eights, layout, pairs, slide, squares};
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// The place in front of packed weights that holds the side of the squares that a convolution is done in, or 0.
pub(super) const SIDE: usize = HEADER - 1;

/// Bytes of a part of them, where they would not stay.
const PART: usize = 24576;

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
    workers: &mut Option<&mut dyn Workers>,
) -> Option<Lines> {
    let side = operands.packed[SIDE].to_f64() as usize;
    if side > 0 {
        // SAFETY: passed on to the caller.
        unsafe { squares::run::<V>(geometry, side, operands, bounds, workers) };
        return None;
    }
    if const { combed::exists::<V>() } && combed::fits(geometry, planar) {
        let Operands { inputs, packed, .. } = *operands;
        let (output, scratch) = (&mut *operands.output, &mut *operands.scratch);
        // SAFETY: passed on to the caller.
        unsafe { combed::run::<V>(geometry, Operands { inputs, output, scratch, packed }, bounds) };
        return None;
    }
    if is_laid_out(geometry, planar) {
        operands.scratch = core::mem::take(&mut operands.scratch).split_at_mut(padded_len(geometry)).0;
        let parts = part::parts(workers, geometry.macs());
        // SAFETY: passed on to the caller.
        unsafe { layout::pad::<V>(geometry, planar, operands.inputs[0], operands.scratch, workers, parts) };
    } else {
        operands.scratch = &mut [];
    }
    if has_dots(geometry, planar) {
        // SAFETY: passed on to the caller.
        unsafe { dots::run::<V>(geometry, operands, bounds, workers) };
        return None;
    }
    if !is_depthwise(geometry) {
        return Some(Lines::conv(geometry, planar));
    }
    let source = operands.source();
    let (beside, packed, output) = (operands.inputs[1], operands.packed, Target::new(&mut *operands.output));
    let parts = part::parts_of(workers, geometry.output_len());
    // SAFETY: passed on to the caller; no two parts have an output in common.
    part::each_part(workers, parts, |part| unsafe {
        if !slides(geometry) {
            depthwise::run::<V>(geometry, source, beside, packed, bounds, part, output);
        } else if const { V::Narrow::LANES == V::LANES }
            || geometry.in_channels >= V::LANES
            || slide::has_twins::<V>(geometry, planar)
        {
            slide::run::<V>(geometry, planar, source, beside, packed, bounds, part, output);
        } else {
            slide::run::<V::Narrow>(geometry, planar, source, beside, packed, bounds, part, output);
        }
    });
    None
}

/// All of a convolution or a linear layer, by whoever there is.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn share_out<V: Vector>(
    lines: &Lines,
    mut operands: Operands<'_, V::Element>,
    tiles: Tiles<V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let source = operands.source();
    let (beside, packed, output) = (operands.inputs[1], operands.packed, Target::new(operands.output));
    let joined =
        if const { across::exists::<V>() } && Cut::read(packed).order == Order::Across { lines.joined() } else { None };
    let lines = joined.as_ref().unwrap_or(lines);
    // SAFETY: passed on to the caller; no two parts have an output in common.
    let run = |part| unsafe { each_group(lines, part, tiles, source, beside, packed, bounds, output) };
    if workers.is_none() {
        return run(Part::ALL);
    }
    let count = match lines.pixels() {
        1 => part::parts_of_row(workers, lines.macs()),
        _ => part::parts(workers, lines.macs()),
    };
    let way = lines.way::<V>(packed, count);
    part::each(workers, count, |index| run(Part { way, index, count }));
}

/// A part of the groups of a convolution, or of a linear layer: `tiles` does one.
///
/// # Safety
/// The machine has the instruction set of `tiles`, for which the weights were packed. Nobody else touches the part's outputs.
#[allow(clippy::too_many_arguments)]
pub(super) unsafe fn each_group<E: Float>(
    lines: &Lines,
    part: Part,
    tiles: Tiles<E>,
    source: &[E],
    beside: &[E],
    packed: &[E],
    bounds: [E; 2],
    output: Target<'_, E>,
) {
    let steps = lines.steps();
    let whole = (lines.outputs / lines.groups).next_multiple_of(MAX_LANES);
    let group_len = whole * (steps + 1);
    let cut = Cut::read(packed);
    assert!(packed.len() >= HEADER + lines.groups * group_len, "the weights are there");
    for group in 0..lines.groups {
        let packed = &packed[HEADER + group * group_len..][..group_len];
        let (bias, weight) = packed.split_at(whole);
        // SAFETY: passed on to the caller.
        unsafe {
            tiles(Job { lines, part, cut: &cut, group, source, beside, bias, weight, bounds, output, next: None })
        }
    }
}

/// The sums of a group of output channels over all windows.
pub(super) struct Job<'a, E> {
    pub(super) lines: &'a Lines,
    /// What is done of it.
    pub(super) part: Part,
    pub(super) cut: &'a Cut,
    pub(super) group: usize,
    pub(super) source: &'a [E],
    /// What is added, if anything.
    pub(super) beside: &'a [E],
    pub(super) bias: &'a [E],
    pub(super) weight: &'a [E],
    pub(super) bounds: [E; 2],
    pub(super) output: Target<'a, E>,
    /// What is read or written next, if that is not weights.
    pub(super) next: Option<Next<E>>,
}

/// Numbers that are asked for now and needed later: from where on, and how many for each step of a tile. A hint, which need not be valid.
#[derive(Clone, Copy)]
pub(super) struct Next<E> {
    pub(super) from: *const E,
    pub(super) share: usize,
}

/// [`each_block`] for some instruction set: a function of its own, for which each of them is compiled once.
pub(super) type Tiles<E> = for<'a> unsafe fn(Job<'a, E>);

/// The output channels of a group, block by block.
///
/// # Safety
/// The machine has the vector's instruction set; nobody else touches the part's outputs.
#[inline(always)]
pub(super) unsafe fn each_block<V: Vector>(job: Job<'_, V::Element>) {
    let Job { lines, part, cut, group, source, beside, bias, weight, bounds, output, next } = job;
    let steps = lines.steps();
    let group_out = lines.outputs / lines.groups;
    let pixels = lines.pixels();
    assert!(group < lines.groups && lines.furthest() <= source.len(), "the windows lie in the input");
    assert!(lines.end() <= output.len(), "the outputs are no more than there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    let vectors = group_out.div_ceil(V::LANES);
    let alone = pixels == 1 && lines.window.run == steps;
    let share = if part.count > 1 { part.of(Way::Blocks, blocks(vectors, cut.widest)) } else { 0..vectors };
    let (mut vector, mut number) = (0, 0);
    while vector < vectors {
        let wide = width((vectors - vector).min(cut.widest));
        let ours = share.contains(&number);
        number += 1;
        if !ours {
            vector += wide.max(1);
            continue;
        }
        let tile_pixels = cut.pixels[index(wide)];
        assert!(wide > 0 && (1..=lines.len).contains(&tile_pixels), "the weights were packed for this");
        let overlap = match cut.order {
            Order::Each => None,
            Order::Pairs => {
                assert!(pairs::fits::<V>(group_out, lines.window.run), "the weights were packed in pairs");
                None
            }
            Order::Overlap => {
                Some(Overlap::of(&lines.window).expect("the weights were packed for windows that overlap"))
            }
            Order::Across => {
                assert!(wide == across::WIDE && across::exists::<V>(), "the weights were packed for such tiles");
                None
            }
        };
        let channel = vector * V::LANES;
        let block = Block {
            group,
            channel,
            wide,
            order: cut.order,
            taps: overlap.map_or(1, |overlap| overlap.taps),
            tiling: Tiling::new::<V>(lines.len, wide, tile_pixels, cut.order),
            count: (group_out - channel).min(wide * V::LANES),
            weight: &weight[channel * steps..][..wide * V::LANES * steps],
            bias: &bias[channel..][..wide * V::LANES],
            bounds,
            next,
        };
        // SAFETY: the furthest window lies in the input and the pixels in the output, as asserted; tiles are no longer than lines. The
        // instruction set is the caller's to vouch for.
        unsafe {
            if alone {
                let to = lines.first + group * group_out + channel;
                let tile = block.tile(source.as_ptr(), beside, output, to, lines.apart[2]);
                single::<V>(wide, [steps, 0], core::ptr::null(), &tile);
            } else {
                let wide = if cut.order == Order::Pairs { PAIRED } else { wide };
                let alone = if cut.order == Order::Across { ACROSS } else { [1, 1] };
                match (wide, overlap.map_or(alone, |overlap| [overlap.taps, overlap.stride])) {
                    (PAIRED, _) => each_pixel::<V, PAIRED, 1, 1>(lines, part, &block, source, beside, output),
                    (across::WIDE, ACROSS) if const { across::exists::<V>() } => {
                        each_pixel::<V, { across::WIDE }, 1, 0>(lines, part, &block, source, beside, output)
                    }
                    (1, [3, 1]) => each_pixel::<V, 1, 3, 1>(lines, part, &block, source, beside, output),
                    (2, [3, 1]) => each_pixel::<V, 2, 3, 1>(lines, part, &block, source, beside, output),
                    (1, [3, 2]) => each_pixel::<V, 1, 3, 2>(lines, part, &block, source, beside, output),
                    (2, [3, 2]) => each_pixel::<V, 2, 3, 2>(lines, part, &block, source, beside, output),
                    (1, [5, 1]) => each_pixel::<V, 1, 5, 1>(lines, part, &block, source, beside, output),
                    (2, [5, 1]) => each_pixel::<V, 2, 5, 1>(lines, part, &block, source, beside, output),
                    (1, [2, 1]) => each_pixel::<V, 1, 2, 1>(lines, part, &block, source, beside, output),
                    (2, [2, 1]) => each_pixel::<V, 2, 2, 1>(lines, part, &block, source, beside, output),
                    (1, [4, 1]) => each_pixel::<V, 1, 4, 1>(lines, part, &block, source, beside, output),
                    (2, [4, 1]) => each_pixel::<V, 2, 4, 1>(lines, part, &block, source, beside, output),
                    (1, _) => each_pixel::<V, 1, 1, 1>(lines, part, &block, source, beside, output),
                    (2, _) => each_pixel::<V, 2, 1, 1>(lines, part, &block, source, beside, output),
                    (3, _) => each_pixel::<V, 3, 1, 1>(lines, part, &block, source, beside, output),
                    (4, _) => each_pixel::<V, 4, 1, 1>(lines, part, &block, source, beside, output),
                    _ => each_pixel::<V, 8, 1, 1>(lines, part, &block, source, beside, output),
                }
            }
        }
        vector += wide;
    }
}

/// A block of output channels of a group.
struct Block<'a, E> {
    group: usize,
    /// Its first channel in the group.
    channel: usize,
    /// Its vectors.
    wide: usize,
    order: Order,
    /// Entries of a line of the window that are taken together.
    taps: usize,
    tiling: Tiling,
    /// Its channels.
    count: usize,
    weight: &'a [E],
    bias: &'a [E],
    bounds: [E; 2],
    next: Option<Next<E>>,
}

impl<E: Float> Block<'_, E> {
    /// The tile whose outputs begin at `to`, and whose window at `input`.
    #[inline(always)]
    fn tile(&self, input: *const E, beside: &[E], output: Target<'_, E>, to: usize, step: usize) -> Tile<E> {
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
        let many = tiles * lines.counts[1] >= 4 && window.run >= 32;
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
const PAIRED: usize = 0;

/// Tiles that go across the ends of lines, among overlaps: windows that do not move.
const ACROSS: [usize; 2] = [1, 0];

apart! {
    /// The part's tiles of a block so many vectors wide, with windows that overlap like that or that are taken step by step.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the windows of all lines lie in `source`, all pixels in `output`, and so do tiles.
    unsafe fn each_pixel<'a, V, const WIDE: usize, const TAPS: usize, const STRIDE: usize>(
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
                    for index in our_tiles.clone() {
                        let pixels = tiling.tile(index);
                        let (start, count) = (pixels.start, pixels.len());
                        let to = line + start * lines.apart[2] + own;
                        // SAFETY: as asserted by the caller; the part's weights and the biases, `wide` vectors for each step, are the block's.
                        unsafe {
                            let input = source.as_ptr().add(from + if STRIDE > 0 { start * window.pixel } else { 0 });
                            let mut tile = block.tile(input, beside, output, to, lines.apart[2]);
                            tile.weight = tile.weight.add(weights);
                            (tile.ahead, tile.share) = (ahead, share);
                            if !begins {
                                tile.bias = core::ptr::null();
                            }
                            if !ends {
                                (tile.beside, tile.bounds) = (core::ptr::null(), unbounded);
                            }
                            if const { WIDE == PAIRED } {
                                pairs::run::<V>(count, &seen, &tile);
                            } else if const { STRIDE == 0 } {
                                across::run::<V>(lines, pixels, &seen, &tile);
                            } else if const { TAPS > 1 } {
                                overlap::run::<V, WIDE, TAPS, STRIDE>(count, &seen, &tile);
                            } else {
                                run_tile::<V, WIDE>(count, &seen, &tile);
                            }
                        }
                        ahead = ahead.wrapping_add(steps * share);
                    }
                }
            }
            first_line += some;
        }
    }
}
