//! Convolutions each of whose outputs sees one channel of the input: line by line, a vector of neighbouring outputs at a time.
//!
//! There is no product of matrices in them: what counts is how often the input is loaded. A tile of some lines holds a vector of each, and
//! a 3x3 window loads each line of the input once for the three lines of outputs that see it.

use nn_shape::ConvGeometry;
use nn_shape::depthwise::{self, ENTRIES};
use nn_shape::tile::{self, MAX_LANES, Sweep};

use super::conv::Operands;
use super::gemm::even;
use super::windows::{Plan, Strip};
use crate::Float;
use crate::simd::{Lanes, Vector, with_current_vectors};

/// The most lines of a tile.
const LINES: usize = 8;
/// Numbers of strips that stay in the first cache.
const NEAR: usize = 4096;
/// Narrower lines leave most of a vector idle: as products of matrices, many of them are one line.
const NARROWEST: usize = 7;
/// Of so few results matrices take longer to prepare.
const FEW: usize = 256;

/// Whether a convolution is one of these.
pub(super) fn suits(geometry: &ConvGeometry) -> bool {
    let [_, height, width] = &geometry.axes;
    depthwise::suits(geometry) && is_wide(height.output, width.output)
}

fn is_wide(lines: usize, columns: usize) -> bool {
    columns >= NARROWEST || lines * columns <= FEW
}

/// The entries of the window that see the input: offsets in the strip and places in the window.
struct Entries {
    table: [[u32; 2]; ENTRIES],
    len: usize,
    /// Whether they are those of a 3x3 window whose lines overlap, a line of the strip apart.
    three: bool,
}

/// The strips of some channels, and where their results go.
struct Lines<'a, E> {
    strips: &'a [E],
    /// From one strip to the next, and from one line of it to the next.
    strip: usize,
    pitch: usize,
    count: usize,
    columns: usize,
    /// The entries of each row of weights, and how many of them see the same channel.
    weight: &'a [E],
    window: usize,
    each: usize,
    bias: Option<&'a [E]>,
    /// The row of the first result's weights.
    row: usize,
    /// Planes of results, the place of the first of the lines in each, and the distance between two lines.
    to: &'a mut [E],
    plane: usize,
    first: usize,
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
    let operands = Operands { batch, groups: geometry.groups, source: input, weight, bias, result: output };
    run_over(geometry, &tile::forward_sweeps(geometry), operands, scratch);
}

/// Whether [`input`] gives the gradient of the input: each number of it sees one channel of the output's gradient, and every place is alike.
pub(super) fn suits_input(geometry: &ConvGeometry) -> bool {
    let [_, height, width] = &geometry.axes;
    let by_one = geometry.axes.iter().all(|axis| axis.stride == 1);
    geometry.group_out() == 1 && by_one && depthwise::suits(geometry) && is_wide(height.input, width.input)
}

/// The gradient of the input, which is set.
pub(super) fn input<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    scratch: &mut [E],
) {
    let (groups, source, result) = (geometry.groups, output_gradient, input_gradient);
    let sweeps = [0, 1, 2].map(|axis: usize| Sweep::backward(&geometry.axes[axis], 0));
    run_over(geometry, &sweeps, Operands { batch, groups, source, weight, bias: None, result }, scratch);
}

/// `result[channel] = bias[channel] + Σ over the entries of the window weight[channel][entry] · source[channel of its group]`
fn run_over<E: Lanes>(geometry: &ConvGeometry, sweeps: &[Sweep; 3], operands: Operands<'_, E>, scratch: &mut [E]) {
    let Operands { batch, groups, source, weight, bias, result } = operands;
    let [depth, height, width] = sweeps;
    let kernels = [geometry.axes[1].kernel, geometry.axes[2].kernel];
    let source_plane = depth.source * height.source * width.source;
    let (plane, window) = (depth.count * height.count * width.count, geometry.window());
    let each = weight.len() / (groups * window);
    let plan = Plan::new::<E>(sweeps, 1, scratch.len());
    for depth in 0..depth.count {
        for columns in even(width.count, plan.columns) {
            for lines in even(height.count, plan.lines) {
                let strip = Strip::new(sweeps, depth, lines, columns.clone());
                let entries = Entries::new(&strip, kernels);
                let fit = (scratch.len() - MAX_LANES).min(NEAR) / strip.channel;
                for channels in even(batch * groups, fit.max(1)) {
                    let (inside, rows) = (channels.len() * strip.channel, channels.start * each..channels.end * each);
                    let source = &source[channels.start * source_plane..channels.end * source_plane];
                    // The first are the most: where others follow, the zeros lie already.
                    if channels.start == 0 {
                        strip.fill(source, &mut scratch[..inside]);
                    } else {
                        strip.refill(source, &mut scratch[..inside]);
                    }
                    let lines = Lines {
                        strips: &scratch[..inside + MAX_LANES],
                        strip: strip.channel,
                        pitch: strip.pitch,
                        count: strip.lines,
                        columns: strip.columns,
                        weight,
                        window,
                        each,
                        bias,
                        row: rows.start % (groups * each),
                        to: &mut result[rows.start * plane..rows.end * plane],
                        plane,
                        first: (depth * height.count + strip.line) * width.count + strip.column,
                        step: width.count,
                    };
                    lines.run(&entries);
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
        let results = self.to.len() / self.plane;
        let last = (self.count - 1) * self.pitch + self.columns + MAX_LANES;
        assert!(
            results.div_ceil(self.each).saturating_sub(1) * self.strip + furthest + last <= self.strips.len(),
            "the windows lie in the strips, with room for a vector that hangs over"
        );
        let lines = self.first + (self.count - 1) * self.step + self.columns;
        assert!(lines <= self.plane, "the results lie in their planes");
        let seen = entries.table[..entries.len].iter().all(|entry| (entry[1] as usize) < self.window);
        assert!(seen && self.weight.len().is_multiple_of(self.window), "each entry has its weights");
        // SAFETY: as just asserted.
        unsafe { run(&mut self, entries) }
    }
}

with_current_vectors! {
    /// # Safety
    /// The strips and the results are as large as [`Lines::run`] asserts.
    unsafe fn run<E: Lanes>(lines: &mut Lines<'_, E>, entries: &Entries) = body;
}

/// The lines of a result, from the first number of its strip on.
struct Plane<'a, E> {
    strip: *const E,
    pitch: usize,
    columns: usize,
    weight: &'a [E],
    bias: E,
    to: *mut E,
    step: usize,
}

/// # Safety
/// As for [`run`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn body<V: Vector>(lines: &mut Lines<'_, V::Element>, entries: &Entries) {
    let rows = lines.weight.len() / lines.window;
    let mut row = lines.row;
    for (index, to) in lines.to.chunks_exact_mut(lines.plane).enumerate() {
        let result = Plane {
            strip: lines.strips[index / lines.each * lines.strip..].as_ptr(),
            pitch: lines.pitch,
            columns: lines.columns,
            weight: &lines.weight[row * lines.window..][..lines.window],
            bias: lines.bias.map_or(V::Element::ZERO, |bias| bias[row]),
            to: to[lines.first..].as_mut_ptr(),
            step: lines.step,
        };
        for rows in even(lines.count, LINES) {
            for column in (0..lines.columns).step_by(V::LANES) {
                macro_rules! sizes {
                    ($($rows:literal)*) => {
                        match rows.len() {
                            // SAFETY: passed on to the caller.
                            $($rows => unsafe { tile::<V, $rows>(&result, entries, rows.start, column) },)*
                            _ => unreachable!("a tile of that size does not exist"),
                        }
                    };
                }
                sizes!(1 2 3 4 5 6 7 8);
            }
        }
        row = if row + 1 == rows { 0 } else { row + 1 };
    }
}

/// # Safety
/// As for [`body`]; the lines have `ROWS` lines from `line` on.
#[inline(always)]
unsafe fn tile<V: Vector, const ROWS: usize>(
    result: &Plane<'_, V::Element>,
    entries: &Entries,
    line: usize,
    column: usize,
) {
    let (from, pitch) = (line * result.pitch + column, result.pitch);
    // SAFETY: the entries see places of the strip from every line and column on, and a vector that begins in a line hangs over its end by
    // less than `MAX_LANES`; results go inside of their line. The instruction set is the caller's to vouch for.
    unsafe {
        let from = result.strip.add(from);
        let weight = result.weight.as_ptr();
        let mut sums = [V::splat(result.bias); ROWS];
        if entries.three {
            let mut factors = [V::splat(result.bias); 9];
            for entry in 0..9 {
                factors[entry] = V::splat(*weight.add(entries.table[entry][1] as usize));
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
        let to = result.to.add(line * result.step + column);
        let count = result.columns - column;
        for row in 0..ROWS {
            let to = to.add(row * result.step);
            if count >= V::LANES { sums[row].store(to) } else { sums[row].store_part(to, count) }
        }
    }
}
