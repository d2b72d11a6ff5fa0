//! Convolutions of 3x3, of few channels, forward and to the input: vectors hold neighbours of a line of results. A tile is some lines of some channels, so that a vector of
//! the source is loaded once for the lines that see it. The source is read where it lies, and results go where they belong.

use nn_shape::ConvGeometry;
use nn_shape::lines::{self, ROWS, WINDOW};

use super::conv::Operands;
use super::gemm::even;
use super::pack::{PackedFrom, aligned, pack_blocks};
use super::tile::TileKernel;
use super::windows::Strip;
use crate::simd::{Lanes, Vector, accumulators, with_current_vectors};

/// Registers for sums from which on a tile reads little beside its products.
const MANY: usize = 24;
/// The fewest with which there are tiles.
const FEW: usize = 12;

/// The rows of a tile, and the most lines: their sums, what the lines see and a weight fit into the registers.
const fn tile_size(accumulators: usize) -> [usize; 2] {
    if accumulators >= MANY { [ROWS, 3] } else { [ROWS / 2, 2] }
}

/// The forward pass, if it is one of these.
pub(super) fn forward<E: Lanes>(geometry: &ConvGeometry) -> Option<Convolution> {
    let lines = lines::forward(geometry).filter(suits::<E>)?;
    Some(Convolution { lines, strides: [geometry.group_in() * WINDOW, WINDOW], mirrored: false, accumulate: false })
}

/// The gradient of the input, if it is one of these.
pub(super) fn backward<E: Lanes>(geometry: &ConvGeometry, accumulate: bool) -> Option<Convolution> {
    let lines = lines::backward(geometry).filter(suits::<E>)?;
    Some(Convolution { lines, strides: [WINDOW, geometry.group_in() * WINDOW], mirrored: true, accumulate })
}

/// Whether there are tiles that are faster than the others: where registers are few, of a few channels alone.
fn suits<E: Lanes>(lines: &lines::Lines) -> bool {
    let most = match accumulators::<E>() {
        MANY.. => usize::MAX,
        FEW.. => ROWS,
        _ => 0,
    };
    lines.channels.min(lines.rows) <= most && lines.suits(TileKernel::<E>::current().lanes)
}

/// `result[row] (+)= Σ over channels and entries of the window weight[row][channel][entry] · source[channel]`, for each group of each sample.
pub(super) struct Convolution {
    lines: lines::Lines,
    /// From the weights of a row, and of a channel, to those of the next.
    strides: [usize; 2],
    /// Whether the last entry of the window sees the first number.
    mirrored: bool,
    accumulate: bool,
}

impl Convolution {
    pub(super) fn run<E: Lanes>(&self, operands: Operands<'_, E>, scratch: &mut [E]) {
        let Operands { batch, groups, source, weight, bias, result } = operands;
        let lines::Lines { sweeps: [_, height, width], channels, rows: all, together } = &self.lines;
        let [packed, laid, zeros] = self.lines.scratch();
        let (packed, rest) = aligned(scratch).split_at_mut(packed);
        let (laid, rest) = rest.split_at_mut(laid);
        let zeros = &mut rest[..zeros];
        zeros.fill(E::ZERO);
        let is_laid = self.lines.is_laid();
        let strip = Strip::new(&self.lines.sweeps, 0, 0..height.count, 0..width.count);
        let (source_plane, plane) = (height.source * width.source, height.count * width.count);
        for group in 0..groups {
            for rows in even(all / ROWS, together / ROWS).map(|blocks| blocks.start * ROWS..blocks.end * ROWS) {
                let from = PackedFrom {
                    weight: &weight[group * (weight.len() / groups) + rows.start * self.strides[0]..],
                    strides: self.strides,
                    counts: [rows.len(), *channels, WINDOW],
                    mirrored: self.mirrored,
                };
                let [block, _] = tile_size(accumulators::<E>());
                pack_blocks(from, block, packed);
                for sample in 0..batch {
                    let place = sample * groups + group;
                    let mut tiles = Tiles {
                        source: &source[place * channels * source_plane..][..channels * source_plane],
                        sizes: [height.source, width.source],
                        before: [height.origin.unsigned_abs(), width.origin.unsigned_abs()],
                        counts: [height.count, width.count],
                        channels: *channels,
                        rows: rows.len(),
                        weight: packed,
                        bias: bias.map(|bias| &bias[group * all..][rows.clone()]),
                        zeros,
                        result: &mut result[(place * all + rows.start) * plane..][..rows.len() * plane],
                        add: self.accumulate,
                    };
                    if is_laid {
                        // The zeros lie where they did.
                        if sample == 0 {
                            strip.fill(tiles.source, laid)
                        } else {
                            strip.refill(tiles.source, laid)
                        }
                        (tiles.source, tiles.before) = (&*laid, [0; 2]);
                        tiles.sizes = [height.count + height.span(), width.count + width.span()];
                    }
                    tiles.run();
                }
            }
        }
    }
}

/// Some rows of a group of a sample.
struct Tiles<'a, E> {
    source: &'a [E],
    /// Lines and columns of the source, how many places the first window sees before them, and lines and columns of results.
    sizes: [usize; 2],
    before: [usize; 2],
    counts: [usize; 2],
    channels: usize,
    rows: usize,
    /// Of the rows of a tile side by side, channel by channel and entry by entry.
    weight: &'a [E],
    bias: Option<&'a [E]>,
    /// A line.
    zeros: &'a [E],
    result: &'a mut [E],
    /// Whether results are added to what is there.
    add: bool,
}

impl<E: Lanes> Tiles<'_, E> {
    fn run(mut self) {
        let ([height, width], [lines, columns]) = (self.sizes, self.counts);
        assert!(self.before.iter().all(|before| *before <= 1), "windows begin in the source or just before");
        assert!(columns < width + self.before[1], "and end there or just behind");
        assert_eq!(self.source.len(), self.channels * height * width, "planes of the source");
        assert_eq!(self.result.len(), self.rows * lines * columns, "planes of results");
        let weights = self.rows * self.channels * WINDOW;
        assert!(self.rows.is_multiple_of(ROWS) && weights <= self.weight.len(), "weights of whole tiles");
        assert!(self.bias.is_none_or(|bias| bias.len() == self.rows), "a bias for each row");
        assert!(self.zeros.len() >= width, "a line of zeros");
        // SAFETY: as just asserted.
        unsafe { run(&mut self) }
    }
}

with_current_vectors! {
    /// # Safety
    /// As [`Tiles::run`] asserts.
    unsafe fn run<E: Lanes>(tiles: &mut Tiles<'_, E>) = body;
}

/// # Safety
/// As for [`run`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn body<V: Vector>(tiles: &mut Tiles<'_, V::Element>) {
    assert!(tiles.before[1] == 0 || tiles.sizes[1] + 1 >= V::LANES, "lines that hold the first vector");
    let ([lines, columns], [rows, most]) = (tiles.counts, const { tile_size(V::ACCUMULATORS) });
    for some in even(lines, most) {
        for row in (0..tiles.rows).step_by(rows) {
            for column in (0..columns).step_by(V::LANES) {
                macro_rules! sizes {
                    ($([$rows:literal, $lines:literal] sees $seen:literal;)*) => {
                        match some.len() {
                            $($lines if const { exists::<V>($rows, $lines) } => {
                                // SAFETY: passed on to the caller.
                                unsafe { tile::<V, $rows, $lines, $seen>(tiles, [row, some.start, column]) }
                            })*
                            _ => unreachable!("a tile of that size does not exist"),
                        }
                    };
                }
                sizes! {
                    [8, 1] sees 3;
                    [8, 2] sees 4;
                    [8, 3] sees 5;
                    [4, 1] sees 3;
                    [4, 2] sees 4;
                }
            }
        }
    }
}

/// Whether tiles of that size are asked for.
const fn exists<V: Vector>(rows: usize, lines: usize) -> bool {
    let [all, most] = tile_size(V::ACCUMULATORS);
    V::ACCUMULATORS >= FEW && rows == all && lines <= most
}

/// # Safety
/// As for [`body`]; the tile begins inside of the results, and ends there but for its columns.
#[inline(always)]
unsafe fn tile<V: Vector, const ROWS: usize, const LINES: usize, const SEEN: usize>(
    tiles: &mut Tiles<'_, V::Element>,
    [row, line, column]: [usize; 3],
) {
    let Tiles { sizes: [height, width], before, counts, channels, .. } = *tiles;
    // SAFETY: a line of the source is read if it is one of its plane's, or else the zeros, from its first number on to its last. Vectors begin a place before the line if it is the
    // first one, and have `there` numbers up to its end. Results are those of the tile, and there are weights and biases for its rows. The instruction set is the caller's to vouch for.
    unsafe {
        let mut weight = tiles.weight.as_ptr().add(row * channels * WINDOW);
        // Lines that windows see, and how far it is from one of them to that of the next channel.
        let mut seen = [(tiles.zeros.as_ptr(), 0); SEEN];
        for each in 0..SEEN {
            let place = (line + each).wrapping_sub(before[0]);
            if place < height {
                seen[each] = (tiles.source.as_ptr().add(place * width), height * width);
            }
            seen[each].0 = seen[each].0.wrapping_add(column).wrapping_sub(before[1]);
        }
        let is_first = column < before[1];
        let there = |entry: usize| (width + before[1] - column - entry).min(V::LANES);
        let is_last = there(2) < V::LANES;
        let load = |from: *const V::Element, entry: usize| {
            let from = from.wrapping_add(entry);
            if is_last { V::load_part(from, there(entry)) } else { V::load(from) }
        };
        let count = (counts[1] - column).min(V::LANES);
        let result = tiles.result.as_mut_ptr().add((row * counts[0] + line) * counts[1] + column);
        let place = |row: usize, line: usize| result.add((row * counts[0] + line) * counts[1]);
        let mut sums = [[V::splat(V::Element::default()); LINES]; ROWS];
        if tiles.add {
            for row in 0..ROWS {
                for line in 0..LINES {
                    sums[row][line] = V::load_part(place(row, line), count);
                }
            }
        } else if let Some(bias) = tiles.bias {
            for each in 0..ROWS {
                sums[each] = [V::splat(*bias.get_unchecked(row + each)); LINES];
            }
        }
        for _ in 0..channels {
            macro_rules! column {
                ($entry:literal, $load:expr) => {
                    let mut vectors = [V::splat(V::Element::default()); SEEN];
                    for line in 0..SEEN {
                        vectors[line] = $load(seen[line].0);
                    }
                    for h in 0..3 {
                        for row in 0..ROWS {
                            let value = V::splat(*weight.add((h * 3 + $entry) * ROWS + row));
                            for line in 0..LINES {
                                sums[row][line] = sums[row][line].add_product(value, vectors[line + h]);
                            }
                        }
                    }
                };
            }
            column!(0, |from: *const V::Element| {
                if is_first { V::load_behind(from.wrapping_add(1)) } else { load(from, 0) }
            });
            column!(1, |from| load(from, 1));
            column!(2, |from| load(from, 2));
            for each in 0..SEEN {
                seen[each].0 = seen[each].0.wrapping_add(seen[each].1);
            }
            weight = weight.wrapping_add(WINDOW * ROWS);
        }
        for row in 0..ROWS {
            for line in 0..LINES {
                let (to, sum) = (place(row, line), sums[row][line]);
                if count < V::LANES { sum.store_part(to, count) } else { sum.store(to) }
            }
        }
    }
}
