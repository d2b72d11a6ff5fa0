//! Frozen convolutions and linear layers: the loops around the tile.

use nn_shape::frozen::{HEADER, has_dots, is_depthwise, is_laid_out, padded_len, sees_planes, slides};
use nn_shape::tile::MAX_LANES;
use nn_shape::{ConvGeometry, phases};

use super::cut::{Cut, NEAR, index, width};
use super::part::{self, Part, Target, Way};
use super::run::Operands;
use super::tile::{Tile, Window, run as run_tile, single};
use super::{depthwise, dots, layout, pairs, slide, squares};
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// The place in front of packed weights that holds the side of the squares that a convolution is done in, or 0.
pub(super) const SIDE: usize = HEADER - 1;

/// Bytes of a part of them, where they would not stay.
const PART: usize = 24576;

/// Pixels of a line, over which tiles go: a convolution without a window of its own has one long line.
pub(super) fn line(geometry: &ConvGeometry) -> usize {
    if is_matrix(geometry) { geometry.output_plane() } else { geometry.axes[2].output }
}

/// Neighbouring numbers of a window.
pub(super) fn run(geometry: &ConvGeometry, planar: bool) -> usize {
    Lines::conv(geometry, planar).window.run
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
    /// Where the first output pixel lies; from one line's outputs to the next one's, along depth and height, and from one pixel's to the next one's.
    first: usize,
    apart: [usize; 3],
}

/// Of lines that are written one behind the other.
fn apart([_, height]: [usize; 2], len: usize, outputs: usize) -> [usize; 3] {
    [height * len * outputs, len * outputs, outputs]
}

impl Lines {
    /// Those of a convolution over its padded input.
    fn conv(geometry: &ConvGeometry, planar: bool) -> Lines {
        let lines = if sees_planes(geometry, planar) { Lines::planes(geometry) } else { Lines::last(geometry) };
        if !is_matrix(geometry) {
            return lines;
        }
        let (counts, len) = ([1, 1], geometry.output_plane());
        Lines { counts, len, apart: apart(counts, len, geometry.out_channels), ..lines }
    }

    /// Over plain input, without depth in the window.
    fn planes(geometry: &ConvGeometry) -> Lines {
        let [depth, height, width] = &geometry.axes;
        let row = width.padded();
        let plane = depth.padded() * height.padded() * row;
        let (columns, run) = if width.dilation == 1 { (1, width.kernel) } else { (width.kernel, 1) };
        let counts = [depth.output, height.output];
        Lines {
            counts,
            strides: [depth.stride * height.padded() * row, height.stride * row],
            len: width.output,
            window: Window {
                counts: [geometry.group_in(), height.kernel, columns],
                strides: [plane, height.dilation * row, width.dilation],
                run,
                pixel: width.stride,
            },
            outputs: geometry.out_channels,
            groups: geometry.groups,
            group_in: geometry.group_in() * plane,
            first: 0,
            apart: apart(counts, width.output, geometry.out_channels),
        }
    }

    /// Over input with channels last.
    fn last(geometry: &ConvGeometry) -> Lines {
        let [depth, height, width] = &geometry.axes;
        let channels = geometry.in_channels;
        let row = width.padded() * channels;
        let plane = height.padded() * row;
        // Neighbouring entries of a line of the window are one run where nothing lies between them.
        let one_run = width.dilation == 1 && geometry.groups == 1;
        let (columns, run) = if one_run { (1, width.kernel * channels) } else { (width.kernel, geometry.group_in()) };
        let counts = [depth.output, height.output];
        Lines {
            counts,
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
            first: 0,
            apart: apart(counts, width.output, geometry.out_channels),
        }
    }

    /// Those of a phase of a transposed convolution, and where its windows begin in the laid out input.
    pub(super) fn phase(geometry: &ConvGeometry, index: usize) -> (Lines, usize) {
        let [depth, height, width] = phases::at(geometry, index);
        let (laid_out, start) = (phases::laid_out(geometry), phases::start(geometry, &[depth, height, width]));
        let (channels, outputs) = (geometry.out_channels, geometry.in_channels);
        let row = laid_out.axes[2].padded() * channels;
        let plane = laid_out.axes[1].padded() * row;
        let one_run = width.dilation == 1 && geometry.groups == 1;
        let (columns, run) = if one_run { (1, width.taps * channels) } else { (width.taps, geometry.group_out()) };
        let [deep, high, wide] = &geometry.axes;
        let [d, h, w] = phases::split(geometry, index);
        let lines = Lines {
            counts: [depth.outputs, height.outputs],
            strides: [plane, row],
            len: width.outputs,
            window: Window {
                counts: [depth.taps, height.taps, columns],
                strides: [depth.dilation * plane, height.dilation * row, width.dilation * channels],
                run,
                pixel: channels,
            },
            outputs,
            groups: geometry.groups,
            group_in: geometry.group_out(),
            first: ((d * high.input + h) * wide.input + w) * outputs,
            apart: [
                deep.stride * high.input * wide.input * outputs,
                high.stride * wide.input * outputs,
                wide.stride * outputs,
            ],
        };
        (lines, start[0] * plane + start[1] * row + start[2] * channels)
    }

    /// Those of a linear layer: its rows are the pixels of one line.
    pub(super) fn linear(rows: usize, inputs: usize, outputs: usize) -> Lines {
        let window = Window { counts: [1; 3], strides: [0; 3], run: inputs, pixel: inputs };
        let counts = [1, 1];
        let apart = apart(counts, rows, outputs);
        Lines { counts, strides: [0, 0], len: rows, window, outputs, groups: 1, group_in: inputs, first: 0, apart }
    }

    /// Along what to cut the work into so many parts: so that they are equal, and that each thread has only some of weights that do not fit in its
    /// second cache.
    pub(super) fn way<V: Vector>(&self, packed: &[V::Element], parts: usize) -> Way {
        let cut = Cut::read(packed);
        let vectors = (self.outputs / self.groups).div_ceil(V::LANES);
        let tiles = self.len.div_ceil(cut.pixels[index(width(vectors.min(cut.widest)))].max(1));
        let many_weights = size_of_val(packed) > 1 << 20;
        // What one of the parts does of so many items, in hundredths, and what else it costs.
        let cost = |items: usize, more: usize| 100 * parts * items.div_ceil(parts) / items.max(1) + more;
        let ways = [
            (cost(self.counts[0] * self.counts[1], if many_weights { 10 } else { 0 }), Way::Lines),
            (cost(blocks(vectors, cut.widest), if many_weights { 0 } else { 10 }), Way::Blocks),
            (cost(tiles, 12), Way::Tiles),
        ];
        ways.into_iter().min_by_key(|(cost, _)| *cost).map_or(Way::Lines, |(_, way)| way)
    }

    /// Products of all windows.
    pub(super) fn macs(&self) -> usize {
        self.counts[0] * self.counts[1] * self.len * self.outputs * self.steps()
    }

    /// Pixels of a line and of all lines, numbers of a window and neighbours among these: what weights are packed by.
    pub(super) fn sizes(&self) -> [usize; 4] {
        [self.len, self.counts[0] * self.counts[1] * self.len, self.steps(), self.window.run]
    }

    /// Behind the last output of the last pixel.
    fn end(&self) -> usize {
        let [depth, height, pixel] = self.apart;
        let lines = (self.counts[0] - 1) * depth + (self.counts[1] - 1) * height;
        self.first + lines + (self.len - 1) * pixel + self.outputs
    }

    /// Numbers of a window.
    fn steps(&self) -> usize {
        self.window.counts.iter().product::<usize>() * self.window.run
    }

    /// Behind the last number of the last window.
    fn furthest(&self) -> usize {
        let last = |count: usize, stride: usize| (count - 1) * stride;
        (0..2).map(|axis| last(self.counts[axis], self.strides[axis])).sum::<usize>()
            + (0..3).map(|axis| last(self.window.counts[axis], self.window.strides[axis])).sum::<usize>()
            + last(self.len, self.window.pixel)
            + last(self.groups, self.group_in)
            + self.window.run
    }
}

/// How many blocks so many vectors of channels are.
fn blocks(vectors: usize, widest: usize) -> usize {
    let (mut rest, mut count) = (vectors, 0);
    while rest > 0 {
        rest -= width(rest.min(widest.max(1)));
        count += 1;
    }
    count
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
    tiles: Tiles<V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) -> Option<Lines> {
    let side = operands.packed[SIDE].to_f64() as usize;
    if side > 0 {
        // SAFETY: passed on to the caller.
        unsafe { squares::run::<V>(geometry, side, operands, tiles, bounds) };
        return None;
    }
    if is_laid_out(geometry, planar) {
        operands.scratch = core::mem::take(&mut operands.scratch).split_at_mut(padded_len(geometry)).0;
        let parts = part::parts(workers, geometry.macs());
        if parts > 1 && layout::is_shared(geometry, planar) {
            layout::pad_shared(geometry, operands.inputs[0], operands.scratch, workers, parts);
        } else {
            // SAFETY: passed on to the caller.
            unsafe { layout::pad::<V>(geometry, planar, operands.inputs[0], operands.scratch) };
        }
    } else {
        operands.scratch = &mut [];
    }
    if has_dots(geometry, planar) {
        let Operands { inputs, packed, .. } = *operands;
        let (output, scratch) = (&mut *operands.output, &mut *operands.scratch);
        // SAFETY: passed on to the caller.
        unsafe { dots::run::<V>(geometry, Operands { inputs, output, scratch, packed }, bounds) };
        return None;
    }
    if !is_depthwise(geometry) {
        return Some(Lines::conv(geometry, planar));
    }
    let source = operands.source();
    let (beside, packed) = (operands.inputs[1], operands.packed);
    // SAFETY: passed on to the caller.
    unsafe {
        if !slides(geometry) {
            depthwise::run::<V>(geometry, source, beside, packed, bounds, operands.output);
        } else if const { V::Narrow::LANES == V::LANES } || geometry.in_channels >= V::LANES {
            slide::run::<V>(geometry, planar, source, beside, packed, bounds, operands.output);
        } else {
            slide::run::<V::Narrow>(geometry, planar, source, beside, packed, bounds, operands.output);
        }
    }
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
    // SAFETY: passed on to the caller; no two parts have an output in common.
    let run = |part| unsafe { each_group(lines, part, tiles, source, beside, packed, bounds, output) };
    if workers.is_none() {
        return run(Part::ALL);
    }
    let count = part::parts(workers, lines.macs());
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
        unsafe { tiles(Job { lines, part, cut: &cut, group, source, beside, bias, weight, bounds, output }) }
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
}

/// [`each_block`] for some instruction set: a function of its own, for which each of them is compiled once.
pub(super) type Tiles<E> = for<'a> unsafe fn(Job<'a, E>);

/// The output channels of a group, block by block.
///
/// # Safety
/// The machine has the vector's instruction set; nobody else touches the part's outputs.
#[inline(always)]
pub(super) unsafe fn each_block<V: Vector>(job: Job<'_, V::Element>) {
    let Job { lines, part, cut, group, source, beside, bias, weight, bounds, output } = job;
    let steps = lines.steps();
    let group_out = lines.outputs / lines.groups;
    let pixels = lines.counts[0] * lines.counts[1] * lines.len;
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
        assert!(!cut.paired || pairs::fits::<V>(group_out, lines.window.run), "the weights were packed in pairs");
        let channel = vector * V::LANES;
        let block = Block {
            group,
            channel,
            wide,
            paired: cut.paired,
            pixels: tile_pixels,
            count: (group_out - channel).min(wide * V::LANES),
            weight: &weight[channel * steps..][..wide * V::LANES * steps],
            bias: &bias[channel..][..wide * V::LANES],
            bounds,
        };
        // SAFETY: the furthest window lies in the input and the pixels in the output, as asserted; tiles are no longer than lines. The
        // instruction set is the caller's to vouch for.
        unsafe {
            if alone {
                let to = lines.first + group * group_out + channel;
                let tile = block.tile(source.as_ptr(), beside, output, to, lines.apart[2]);
                single::<V>(wide, steps, &tile);
            } else {
                match if block.paired { PAIRED } else { wide } {
                    PAIRED => each_pixel::<V, PAIRED>(lines, part, &block, source, beside, output),
                    1 => each_pixel::<V, 1>(lines, part, &block, source, beside, output),
                    2 => each_pixel::<V, 2>(lines, part, &block, source, beside, output),
                    3 => each_pixel::<V, 3>(lines, part, &block, source, beside, output),
                    4 => each_pixel::<V, 4>(lines, part, &block, source, beside, output),
                    _ => each_pixel::<V, 8>(lines, part, &block, source, beside, output),
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
    /// Whether it takes steps in pairs.
    paired: bool,
    /// The pixels of its tiles.
    pixels: usize,
    /// Its channels.
    count: usize,
    weight: &'a [E],
    bias: &'a [E],
    bounds: [E; 2],
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
        let tiles = lines.len / block.pixels;
        let many = tiles * lines.counts[1] >= 4 && window.run >= 32;
        // A tile that overlaps the one before would add to the same sums twice.
        let whole = lines.len.is_multiple_of(block.pixels) && block.count == block.wide * V::LANES;
        let steps = window.counts.iter().product::<usize>() * window.run;
        if step * steps <= NEAR || !many || !whole || block.paired {
            return None;
        }
        let parts = window.run.div_ceil(PART / step);
        Some(Parts { run: window.run.div_ceil(parts), lines: 16usize.div_ceil(tiles) })
    }
}

/// A block whose steps are taken in pairs, among widths.
const PAIRED: usize = 0;

apart! {
    /// The part's tiles of a block so many vectors wide.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the windows of all lines lie in `source`, all pixels in `output`, and so do tiles.
    unsafe fn each_pixel<'a, V, const WIDE: usize>(
        lines: &'a Lines, part: Part, block: &'a Block<'a, V::Element>, source: &'a [V::Element], beside: &'a [V::Element],
        output: Target<'a, V::Element>,
    ) = each_pixel_body;
}

/// # Safety
/// As for [`each_pixel`].
#[inline(always)]
unsafe fn each_pixel_body<V: Vector, const WIDE: usize>(
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
    let tiles = lines.len.div_ceil(block.pixels);
    let ours = part.tiles(tiles, !lines.len.is_multiple_of(block.pixels));
    let (first_pixel, end_pixel) = (ours.start * block.pixels, (ours.end * block.pixels).min(lines.len));
    let ours = part.of(Way::Lines, lines.counts[0] * lines.counts[1]);
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
                    + start;
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
                let mut ahead = block.weight.as_ptr().wrapping_add(weights + steps * step);
                for h in first_line..first_line + some {
                    let line = lines.first + d * lines.apart[0] + h * lines.apart[1];
                    let from = d * lines.strides[0] + h * lines.strides[1] + block.group * lines.group_in + place;
                    let mut pixel = first_pixel;
                    while pixel < end_pixel {
                        // The last tile may overlap the one before: it computes the same again.
                        let start = pixel.min(lines.len - block.pixels);
                        let to = line
                            + start * lines.apart[2]
                            + block.group * (lines.outputs / lines.groups)
                            + block.channel;
                        // SAFETY: as asserted by the caller; the part's weights and the biases, `wide` vectors for each step, are the block's.
                        unsafe {
                            let input = source.as_ptr().add(from + start * window.pixel);
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
                                pairs::run::<V>(block.pixels, &seen, &tile);
                            } else {
                                run_tile::<V, WIDE>(block.pixels, &seen, &tile);
                            }
                        }
                        ahead = ahead.wrapping_add(steps * share);
                        pixel += block.pixels;
                    }
                }
            }
            first_line += some;
        }
    }
}
