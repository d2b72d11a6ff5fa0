//! Convolutions each of whose outputs sees one channel of the input: line by line, a vector of neighbouring outputs at a time.
//!
//! There is no product of matrices in them: what counts is how often the input is loaded. A tile of some lines holds a vector of each, and
//! a 3x3 window loads each line of the input once for the three lines of outputs that see it.

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, MAX_LANES};

use super::gemm::even;
use super::windows::{Plan, Strip};
use crate::simd::{Lanes, Vector, with_current_vectors};

/// The most lines of a tile.
const LINES: usize = 8;
/// The most entries of a window.
const ENTRIES: usize = 128;
/// Narrower outputs would leave most of a vector idle.
const NARROWEST: usize = 7;

/// Whether a convolution is one of these.
pub(super) fn suits(geometry: &ConvGeometry) -> bool {
    geometry.group_in() == 1
        && geometry.groups > 1
        && geometry.window() <= ENTRIES
        && geometry.axes[2].output >= NARROWEST
}

/// The entries of the window that see the input: offsets in the strip and places in the window.
struct Entries {
    table: [[u32; 2]; ENTRIES],
    len: usize,
    /// Whether they are those of a 3x3 window whose lines overlap, a line of the strip apart.
    three: bool,
}

/// The strip of one channel, and where its results go.
struct Lines<'a, E> {
    strip: &'a [E],
    pitch: usize,
    count: usize,
    columns: usize,
    weight: &'a [E],
    bias: E,
    /// The first result, and the distance between two lines of results.
    to: &'a mut [E],
    step: usize,
}

pub(super) fn forward<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    scratch: &mut [E],
) {
    let sweeps = tile::forward_sweeps(geometry);
    let [depth, height, width] = &sweeps;
    let kernels = [geometry.axes[1].kernel, geometry.axes[2].kernel];
    let (plane, window) = (geometry.output_plane(), geometry.window());
    let plan = Plan::new::<E>(&sweeps, 1, scratch.len());
    for depth in 0..depth.count {
        for columns in even(width.count, plan.columns) {
            for lines in even(height.count, plan.lines) {
                let strip = Strip::new(&sweeps, depth, lines.clone(), columns.clone());
                let first = (depth * height.count + lines.start) * width.count + columns.start;
                let entries = Entries::new(&strip, kernels);
                let (inside, len) = (strip.channel, strip.channel + MAX_LANES);
                for channel in 0..batch * geometry.in_channels {
                    let source = &input[channel * geometry.input_plane()..][..geometry.input_plane()];
                    if channel == 0 {
                        strip.fill(source, &mut scratch[..inside]);
                    } else {
                        strip.refill(source, &mut scratch[..inside]);
                    }
                    for result in channel * geometry.group_out()..(channel + 1) * geometry.group_out() {
                        let out_channel = result % geometry.out_channels;
                        let lines = Lines {
                            strip: &scratch[..len],
                            pitch: strip.pitch,
                            count: lines.len(),
                            columns: columns.len(),
                            weight: &weight[out_channel * window..][..window],
                            bias: bias.map_or(E::ZERO, |bias| bias[out_channel]),
                            to: &mut output[result * plane + first..(result + 1) * plane],
                            step: width.count,
                        };
                        lines.run(&entries);
                    }
                }
            }
        }
    }
}

impl Entries {
    fn new(strip: &Strip<'_>, kernels: [usize; 2]) -> Self {
        let mut entries = Entries { table: [[0; 2]; ENTRIES], len: 0, three: false };
        strip.entries(kernels, |entry| {
            entries.table[entries.len] = [entry.offset as u32, entry.kernel as u32];
            entries.len += 1;
        });
        let pitch = strip.pitch as u32;
        let below = |entry: usize| entries.table[entry + 3][0] == entries.table[entry][0] + pitch;
        entries.three = entries.len == 9 && kernels == [3, 3] && (0..6).all(below);
        entries
    }
}

impl<E: Lanes> Lines<'_, E> {
    fn run(mut self, entries: &Entries) {
        let furthest = entries.table[..entries.len].iter().map(|entry| entry[0] as usize).max().unwrap_or(0);
        let last = (self.count - 1) * self.pitch + self.columns + MAX_LANES;
        assert!(
            furthest + last <= self.strip.len(),
            "the window lies in the strip, with room for a vector that hangs over"
        );
        assert!((self.count - 1) * self.step + self.columns <= self.to.len(), "the results lie in the output");
        // SAFETY: as just asserted.
        unsafe { run(&mut self, entries) }
    }
}

with_current_vectors! {
    /// # Safety
    /// The strip and the results are as large as [`Lines::run`] asserts.
    unsafe fn run<E: Lanes>(lines: &mut Lines<'_, E>, entries: &Entries) = body;
}

/// # Safety
/// As for [`run`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn body<V: Vector>(lines: &mut Lines<'_, V::Element>, entries: &Entries) {
    for rows in even(lines.count, LINES) {
        for column in (0..lines.columns).step_by(V::LANES) {
            macro_rules! sizes {
                ($($rows:literal)*) => {
                    match rows.len() {
                        // SAFETY: passed on to the caller.
                        $($rows => unsafe { tile::<V, $rows>(lines, entries, rows.start, column) },)*
                        _ => unreachable!("a tile of that size does not exist"),
                    }
                };
            }
            sizes!(1 2 3 4 5 6 7 8);
        }
    }
}

/// # Safety
/// As for [`body`]; the lines have `ROWS` lines from `line` on.
#[inline(always)]
unsafe fn tile<V: Vector, const ROWS: usize>(
    lines: &mut Lines<'_, V::Element>,
    entries: &Entries,
    line: usize,
    column: usize,
) {
    let (from, pitch) = (line * lines.pitch + column, lines.pitch);
    // SAFETY: the entries see places of the strip from every line and column on, and a vector that begins in a line hangs over its end by
    // less than `MAX_LANES`; results go inside of their line. The instruction set is the caller's to vouch for.
    unsafe {
        let from = lines.strip.as_ptr().add(from);
        let weight = lines.weight.as_ptr();
        let mut sums = [V::splat(lines.bias); ROWS];
        if entries.three {
            let mut factors = [V::splat(lines.bias); 9];
            for entry in 0..9 {
                factors[entry] = V::splat(*weight.add(entry));
            }
            for row in 0..ROWS + 2 {
                for w in 0..3 {
                    let x = V::load(from.add(row * pitch + entries.table[w][0] as usize));
                    for h in 0..3 {
                        if row >= h && row - h < ROWS {
                            sums[row - h] = sums[row - h].add_product(factors[3 * h + w], x);
                        }
                    }
                }
            }
        } else {
            for [offset, place] in entries.table.get_unchecked(..entries.len) {
                let (from, factor) = (from.add(*offset as usize), V::splat(*weight.add(*place as usize)));
                for row in 0..ROWS {
                    sums[row] = sums[row].add_product(factor, V::load(from.add(row * pitch)));
                }
            }
        }
        let to = lines.to.as_mut_ptr().add(line * lines.step + column);
        let count = lines.columns - column;
        for row in 0..ROWS {
            let to = to.add(row * lines.step);
            if count >= V::LANES { sums[row].store(to) } else { sums[row].store_part(to, count) }
        }
    }
}
