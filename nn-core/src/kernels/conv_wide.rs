//! Convolutions of many channels, forward and to the input: vectors hold channels of results, so that a number of the source is loaded once for all the windows of
//! a tile that see it. Results come channels last, some lines at a time, and are turned around while they are near.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::wide::{self, CHANNELS, Wide};

use super::conv::Operands;
use super::gemm::even;
use super::pack::{PackedFrom, aligned, pack};
use super::transpose::{Beside, place};
use super::windows::Strip;
use crate::frozen::blocks::{Operands as BlockOperands, Tiles, Windows, multiply};
use crate::simd::{Isa, Lanes};

/// The forward pass, if it is one of these.
pub(super) fn forward<E: Lanes>(geometry: &ConvGeometry) -> Option<Convolution> {
    let (channels, rows) = (geometry.group_in(), geometry.group_out());
    let window = geometry.window();
    Convolution::new::<E>(wide::forward(geometry)?, [channels, rows], channels * window, window, [false; 2])
}

/// The gradient of the input, if it is one of these.
pub(super) fn backward<E: Lanes>(geometry: &ConvGeometry, accumulate: bool) -> Option<Convolution> {
    let (channels, rows) = (geometry.group_out(), geometry.group_in());
    let window = geometry.window();
    Convolution::new::<E>(wide::backward(geometry)?, [channels, rows], window, rows * window, [true, accumulate])
}

/// `result[row] (+)= Σ over channels and entries of the window weight[row][channel][entry] · source[channel]`, for each group of each sample.
pub(super) struct Convolution {
    wide: Wide,
    /// Channels of a group of the source.
    channels: usize,
    /// Channels of a group of the result.
    rows: usize,
    /// From the weights of a row, and of a channel, to those of the next.
    row_stride: usize,
    channel_stride: usize,
    /// Whether the last entry of the window sees the first number.
    mirrored: bool,
    accumulate: bool,
}

/// Some rows of a group and some channels that they see.
struct Piece {
    group: usize,
    rows: Range<usize>,
    channels: Range<usize>,
}

/// Some lines of results of a sample.
struct Job<'a, E> {
    windows: Windows,
    /// From their first window on.
    source: &'a [E],
    sample: usize,
    line: usize,
    /// Whether they are added to what is there.
    add: bool,
}

/// Working space.
struct Room<'a, E> {
    packed: &'a mut [E],
    laid: &'a mut [E],
    sums: &'a mut [E],
}

impl Convolution {
    fn new<E: Lanes>(
        wide: Wide,
        [channels, rows]: [usize; 2],
        row_stride: usize,
        channel_stride: usize,
        [mirrored, accumulate]: [bool; 2],
    ) -> Option<Self> {
        // Its tiles are few.
        let exists = Isa::of::<E>() != Isa::Portable;
        exists.then_some(Convolution { wide, channels, rows, row_stride, channel_stride, mirrored, accumulate })
    }

    pub(super) fn run<E: Lanes>(&self, mut operands: Operands<'_, E>, scratch: &mut [E]) {
        let wide = &self.wide;
        let [packed, laid, sums] = wide.scratch();
        let (packed, rest) = aligned(scratch).split_at_mut(packed);
        let (sums, rest) = rest.split_at_mut(sums);
        let mut room = Room { packed, laid: &mut rest[..laid], sums };
        for group in 0..operands.groups {
            for first in (0..self.rows).step_by(wide.rows) {
                let rows = first..(first + wide.rows).min(self.rows);
                for channels in even(self.channels, wide.channels) {
                    let piece = Piece { group, rows: rows.clone(), channels };
                    self.add(&piece, &mut operands, &mut room);
                }
            }
        }
    }

    /// The windows of some lines of results over some channels.
    fn windows(&self, channels: usize, lines: usize) -> Windows {
        let Wide { sweeps: [_, height, width], counts, strides, .. } = &self.wide;
        let (pitch, plane) = if self.wide.padded {
            (width.count + width.span(), self.wide.plane(lines))
        } else {
            (width.source, height.source * width.source)
        };
        let window = [height.entries, width.entries];
        Windows { planes: channels, plane, window, pitch, counts: [lines, counts[1]], strides: *strides }
    }

    /// Adds what a piece has of the results of all samples.
    fn add<E: Lanes>(&self, piece: &Piece, operands: &mut Operands<'_, E>, room: &mut Room<'_, E>) {
        let Wide { sweeps, counts, strides, lines, together, padded, .. } = &self.wide;
        let tiles = self.windows(piece.channels.len(), *together).tiles::<E>(piece.rows.len());
        self.pack(piece, &tiles, operands, room.packed);
        let [_, height, width] = sweeps;
        let plane = height.source * width.source;
        // What lies in the room: how many lines, and how many of them above and below the source.
        let mut lain = [usize::MAX; 3];
        for sample in 0..operands.batch {
            let first = (sample * operands.groups + piece.group) * self.channels + piece.channels.start;
            let source = &operands.source[first * plane..][..piece.channels.len() * plane];
            for lines in even(counts[0], *lines) {
                let all = lines.start * strides[0]..(lines.end - 1) * strides[0] + 1;
                let strip = Strip::new(sweeps, 0, all.clone(), 0..width.count);
                let seen = if *padded {
                    let laid = &mut room.laid[..piece.channels.len() * strip.channel];
                    let begin = all.start as isize + height.origin;
                    let beyond = begin + (all.len() + height.span()) as isize - height.source as isize;
                    let lies = [all.len(), begin.min(0).unsigned_abs(), beyond.max(0).unsigned_abs()];
                    if lies == lain {
                        strip.refill(source, laid)
                    } else {
                        strip.fill(source, laid)
                    }
                    lain = lies;
                    &*laid
                } else {
                    &source[lines.start * strides[0] * width.source..]
                };
                for some in even(lines.len(), *together) {
                    let mut windows = self.windows(piece.channels.len(), some.len());
                    windows.plane = if *padded { strip.channel } else { plane };
                    let job = Job {
                        windows,
                        source: &seen[some.start * strides[0] * windows.pitch..],
                        sample,
                        line: lines.start + some.start,
                        add: self.accumulate || piece.channels.start > 0,
                    };
                    self.multiply(piece, &job, &tiles, room.packed, operands, room.sums);
                }
            }
        }
    }

    /// The results of some lines, block by block.
    fn multiply<E: Lanes>(
        &self,
        piece: &Piece,
        job: &Job<'_, E>,
        tiles: &Tiles,
        packed: &[E],
        operands: &mut Operands<'_, E>,
        sums: &mut [E],
    ) {
        let Job { windows, source, sample, line, add } = *job;
        let counts = self.wide.counts;
        let (pixels, plane) = (windows.counts[0] * counts[1], counts[0] * counts[1]);
        let (mut row, mut rest) = (0, packed);
        let rows = (sample * operands.groups + piece.group) * self.rows + piece.rows.start;
        while row < piece.rows.len() {
            let left = piece.rows.len() - row;
            let block = tiles.block(left, CHANNELS);
            let (bias, behind) = rest.split_at(block);
            let (weight, behind) = behind.split_at(block * piece.channels.len() * self.wide.window());
            let sums = &mut sums[..pixels * block];
            let done = (line * piece.rows.len() + row * windows.counts[0]) * counts[1];
            let next = self.next(operands, sample, [done, pixels * left.min(block)]);
            multiply(&windows, tiles, BlockOperands { source, bias, weight, next }, sums);
            let beside = if add { Beside::There } else { Beside::Nothing };
            let result = &mut operands.result[(rows + row) * plane + line * counts[1]..];
            place(sums, block, [pixels, left.min(block)], beside, result, plane);
            (row, rest) = (row + block, behind);
        }
    }

    /// What the next sample reads and writes, in proportion to what is done of this one: some results behind others, `[done, now]`. The first part of them asks for
    /// the source, the rest for the results.
    fn next<E: Lanes>(&self, operands: &Operands<'_, E>, sample: usize, [done, now]: [usize; 2]) -> (*const E, usize) {
        let results = operands.groups * self.rows * self.wide.counts[0] * self.wide.counts[1];
        let source = operands.source.len() / operands.batch;
        let all = source + results;
        let (from, len) = (done * all / results, now * all / results);
        let place = if from < source {
            operands.source.as_ptr().wrapping_add((sample + 1) * source + from)
        } else {
            operands.result.as_ptr().wrapping_add((sample + 1) * results + from - source)
        };
        (place, len)
    }

    /// For each block of rows its biases, which count once, and then, channel by channel and entry by entry, its weights.
    fn pack<E: Lanes>(&self, piece: &Piece, tiles: &Tiles, operands: &Operands<'_, E>, packed: &mut [E]) {
        let window = self.wide.window();
        let own = &operands.weight[piece.group * (operands.weight.len() / operands.groups)..];
        let (mut row, mut rest) = (piece.rows.start, packed);
        while row < piece.rows.end {
            let left = piece.rows.end - row;
            let block = tiles.block(left, CHANNELS);
            let count = left.min(block);
            let (bias, behind) = rest.split_at_mut(block);
            bias.fill(E::ZERO);
            if let Some(given) = operands.bias.filter(|_| piece.channels.start == 0) {
                bias[..count].copy_from_slice(&given[piece.group * self.rows + row..][..count]);
            }
            let (weight, behind) = behind.split_at_mut(block * piece.channels.len() * window);
            let from = PackedFrom {
                weight: &own[row * self.row_stride + piece.channels.start * self.channel_stride..],
                strides: [self.row_stride, self.channel_stride],
                counts: [count, piece.channels.len(), window],
                mirrored: self.mirrored,
            };
            pack(from, block, weight);
            (row, rest) = (row + block, behind);
        }
    }
}
