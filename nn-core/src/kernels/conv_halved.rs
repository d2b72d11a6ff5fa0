//! The gradient of the input of a convolution that moves by two places at a time, where an image is small: the four places that an input can have between
//! two windows see one strip of the output's gradient. Each has sums of its own, which go side by side into planes of their own; an image is made
//! of those in the end, with whole vectors, where each by itself would touch every second number.

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, HALVED_ENTRIES, MAX_LANES, MAX_ROWS, Sweep};

use super::columns::{Columns, Lines};
use super::gemm::{even, strip_panels};
use super::steps::Steps;
use super::tile::{Left, Right, Target, TileKernel};
use super::windows::Strip;
use crate::simd::{Lanes, Vector, with_current_vectors};

/// What an input's gradient is computed from, and where it goes.
pub(super) struct Operands<'a, E> {
    pub(super) output_gradient: &'a [E],
    pub(super) weight: &'a [E],
    pub(super) input_gradient: &'a mut [E],
    pub(super) accumulate: bool,
}

/// # Panics
/// If the geometry is not one that [`tile::halved`] is for.
pub(super) fn input<E: Lanes>(geometry: &ConvGeometry, operands: Operands<'_, E>, scratch: &mut [E]) {
    let sweeps = tile::halved(geometry).expect("windows that move by two places");
    let (group_in, group_out) = (geometry.group_in(), geometry.group_out());
    let strip = Strip::new(&sweeps, 0, 0..sweeps[1].count, 0..sweeps[2].count);
    let cells = strip.lines * strip.columns;
    let (laid, rest) = scratch.split_at_mut(group_out * strip.channel + MAX_LANES);
    let (planes, packed) = rest.split_at_mut(4 * MAX_ROWS * cells);
    let packed = &mut packed[..operands.weight.len()];
    let (weights, row_len) = (operands.weight.len() / geometry.groups, group_out * geometry.window());
    let mut sums = [const { Steps::new() }; 4];
    let mut step = 0;
    for (place, steps) in sums.iter_mut().enumerate() {
        each_step(geometry, &strip, place, |weight, offset| {
            steps.push(step, offset);
            // What a place's sum sees of a row lies side by side: in the weights, each number is in a cache line of its own.
            let groups = packed.chunks_exact_mut(weights).zip(operands.weight.chunks_exact(weights));
            for (packed, own) in groups {
                for row in 0..group_in {
                    packed[row * row_len + step] = own[row * geometry.window() + weight];
                }
            }
            step += 1;
        });
    }
    let kernel = TileKernel::<E>::current();
    let panels = || strip_panels(&kernel, &strip, group_in);
    let widest = panels().map(|panel| panel.len().div_ceil(kernel.lanes)).max().unwrap_or(1);
    let lines = Lines { pitch: strip.pitch, count: strip.columns, to: 0, line_step: strip.columns, step: 1 };
    let (input_plane, output_plane) = (geometry.input_plane(), geometry.output_plane());
    let [_, height, width] = &geometry.axes;
    let apart = MAX_ROWS * cells;
    let image = Planes { apart, cells, columns: strip.columns, height: height.input, width: width.input };
    for (sample, source) in operands.output_gradient.chunks_exact(group_out * output_plane).enumerate() {
        if sample == 0 {
            strip.fill(source, laid)
        } else {
            strip.refill(source, laid)
        }
        let group = sample % geometry.groups;
        let weight = &packed[group * weights..][..weights];
        for rows in even(group_in, kernel.rows(widest)) {
            let left = Left::matrix(weight, rows.start, row_len);
            for panel in panels() {
                let (columns, vectors) = (Columns::new(lines, &panel), panel.len().div_ceil(kernel.lanes));
                let right = Right { values: laid, at: panel.start };
                for (place, steps) in sums.iter().enumerate() {
                    let mut target = Target {
                        values: &mut planes[place * apart..],
                        first: 0,
                        row_step: cells,
                        columns: &columns,
                        add: false,
                        bias: None,
                    };
                    kernel.run(rows.len(), vectors, &left, &right, steps, &mut target);
                }
            }
            let to = &mut operands.input_gradient[(sample * group_in + rows.start) * input_plane..];
            let to = &mut to[..rows.len() * input_plane];
            interleave(&image, planes, to, operands.accumulate);
        }
    }
}

/// Calls `visit` for each step of a place's sums, over all channels of a group: where its weight lies, for the first row, and what it sees in the strip.
fn each_step(geometry: &ConvGeometry, strip: &Strip<'_>, place: usize, mut visit: impl FnMut(usize, usize)) {
    let [_, height, width] = &geometry.axes;
    let own = [Sweep::backward(height, place / 2), Sweep::backward(width, place % 2)];
    let [_, whole @ ..] = strip.sweeps;
    let mut offsets = [0; HALVED_ENTRIES * HALVED_ENTRIES];
    let mut seen = 0;
    strip.entries([height.kernel, width.kernel], |entry| {
        offsets[seen] = entry.offset;
        seen += 1;
    });
    let kernel = |sweep: &Sweep, entry: usize| (sweep.kernel as isize + entry as isize * sweep.kernel_step) as usize;
    // How far into the strip's entries those of the place begin.
    let [down, right] = [0, 1].map(|axis| (own[axis].origin - whole[axis].origin) as usize);
    for channel in 0..geometry.group_out() {
        for h in 0..own[0].entries {
            for w in 0..own[1].entries {
                let left = kernel(&own[0], h) * width.kernel + kernel(&own[1], w);
                let offset = offsets[(h + down) * whole[1].entries + w + right];
                let channel_stride = geometry.group_in() * geometry.window();
                visit(channel * channel_stride + left, channel * strip.channel + offset);
            }
        }
    }
}

/// Four planes of each channel, and the images that they become.
struct Planes {
    /// From one plane to the next, and from one channel to the next.
    apart: usize,
    cells: usize,
    /// From one line of a plane to the next.
    columns: usize,
    height: usize,
    width: usize,
}

/// Makes images of planes.
fn interleave<E: Lanes>(planes: &Planes, from: &[E], to: &mut [E], accumulate: bool) {
    let Planes { apart, cells, columns, height, width } = *planes;
    let channels = to.len() / (height * width);
    let lines = height.div_ceil(2) * columns;
    assert!(channels * height * width == to.len() && width.div_ceil(2) <= columns && lines <= cells);
    assert!(3 * apart + channels * cells <= from.len(), "the planes are there");
    // SAFETY: as just asserted.
    unsafe { interleave_lines(planes, from, to, accumulate) }
}

with_current_vectors! {
    /// # Safety
    /// The planes have `cells` numbers for each channel of the images, and their lines half of a line of an image.
    unsafe fn interleave_lines<E: Lanes>(planes: &Planes, from: &[E], to: &mut [E], accumulate: bool) = lines_body;
}

/// # Safety
/// As for [`interleave_lines`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn lines_body<V: Vector>(planes: &Planes, from: &[V::Element], to: &mut [V::Element], accumulate: bool) {
    let Planes { apart, cells, columns, height, width } = *planes;
    for (line, to) in to.chunks_exact_mut(width).enumerate() {
        let (channel, y) = (line / height, line % height);
        // SAFETY: the caller vouches for the instruction set and for the planes; of a line `width` numbers are touched.
        unsafe {
            let even = from.as_ptr().add(y % 2 * 2 * apart + channel * cells + y / 2 * columns);
            let mut at = 0;
            while at < width {
                let (half, to) = (at / 2, to.as_mut_ptr().add(at));
                let count = width - at;
                if count >= 2 * V::LANES {
                    let [mut first, mut second] = V::load(even.add(half)).zip(V::load(even.add(apart + half)));
                    if accumulate {
                        (first, second) = (first.add(V::load(to)), second.add(V::load(to.add(V::LANES))));
                    }
                    first.store(to);
                    second.store(to.add(V::LANES));
                } else {
                    let evens = V::load_part(even.add(half), count.div_ceil(2));
                    let [mut first, mut second] = evens.zip(V::load_part(even.add(apart + half), count / 2));
                    let (low, high) = (count.min(V::LANES), count.saturating_sub(V::LANES));
                    let behind = to.wrapping_add(V::LANES);
                    if accumulate {
                        (first, second) = (first.add(V::load_part(to, low)), second.add(V::load_part(behind, high)));
                    }
                    first.store_part(to, low);
                    second.store_part(behind, high);
                }
                at += 2 * V::LANES;
            }
        }
    }
}
