//! Frozen pools: a vector of channels at a time.

use core::ops::Range;

use nn_shape::{Axis, Divisor, PoolGeometry, Reduction};

use super::part::{Part, Target};
use crate::kernels::Kernels;
use crate::kernels::pool::{Span, Spans};
use crate::simd::{Vector, apart};
use crate::{Element, Float};

apart! {
    /// The part's lines.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody else touches the part's outputs.
    pub(super) unsafe fn run<'a, V>(
        geometry: &'a PoolGeometry, reduction: Reduction, part: Part, input: &'a [V::Element],
        output: Target<'a, V::Element>,
    ) = run_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn run_body<V: Vector>(
    geometry: &PoolGeometry,
    reduction: Reduction,
    part: Part,
    input: &[V::Element],
    output: Target<'_, V::Element>,
) {
    assert!(input.len() == geometry.channels * geometry.input_plane(), "the input of a pool");
    assert!(output.len() == geometry.channels * geometry.output_plane(), "the output of a pool");
    let [depth, height, width] = &geometry.axes;
    let row = width.output * geometry.channels;
    let own = part.lines(depth.output * height.output);
    // SAFETY: the lines are the part's own.
    let output = unsafe { output.some(own.start * row..own.end * row) };
    if is_halving(geometry, reduction) && geometry.channels >= V::LANES {
        // SAFETY: passed on to the caller; the sizes were asserted.
        return unsafe { halve::<V>(geometry, own, input, output) };
    }
    let mut pixels = output.chunks_exact_mut(geometry.channels);
    let mut line = 0;
    for z in Spans::new(geometry, 0) {
        for y in Spans::new(geometry, 1) {
            line += 1;
            if !own.contains(&(line - 1)) {
                continue;
            }
            for (x, output) in Spans::new(geometry, 2).zip(&mut pixels) {
                // SAFETY: spans are clipped to the input; the rest is passed on to the caller.
                unsafe { pixel::<V>(geometry, reduction, [z, y, x], input, output) }
            }
        }
    }
}

/// Whether windows of 2x2, side by side, become their maximum.
fn is_halving(geometry: &PoolGeometry, reduction: Reduction) -> bool {
    let [depth, height, width] = &geometry.axes;
    let two = |axis: &Axis| {
        (axis.kernel, axis.stride, axis.dilation, axis.before) == (2, 2, 1, 0) && axis.output == axis.input / 2
    };
    reduction == Reduction::Max
        && !geometry.adaptive
        && (depth.kernel, depth.stride, depth.before) == (1, 1, 0)
        && two(height)
        && two(width)
}

/// The maximum of each 2x2 window of some lines, channels last.
///
/// # Safety
/// As for [`run`], which asserts the sizes; a pixel has a vector of channels at least.
#[inline(always)]
unsafe fn halve<V: Vector>(
    geometry: &PoolGeometry,
    own: Range<usize>,
    input: &[V::Element],
    output: &mut [V::Element],
) {
    let [_, height, width] = &geometry.axes;
    let channels = geometry.channels;
    for line in own.clone() {
        let (d, h) = (line / height.output, line % height.output);
        for pixel in 0..width.output {
            let first = ((d * height.input + 2 * h) * width.input + 2 * pixel) * channels;
            let to = ((line - own.start) * width.output + pixel) * channels;
            let mut channel = 0;
            while channel < channels {
                // The last vector overlaps the one before.
                let at = channel.min(channels - V::LANES);
                // SAFETY: the window's four places lie in the input, and have a whole vector from `at` on, as has the output; the instruction
                // set is the caller's to vouch for.
                unsafe {
                    let from = input.as_ptr().add(first + at);
                    let below = from.add(width.input * channels);
                    let upper = V::load(from).maximum(V::load(from.add(channels)));
                    let lower = V::load(below).maximum(V::load(below.add(channels)));
                    upper.maximum(lower).store(output.as_mut_ptr().add(to + at));
                }
                channel += V::LANES;
            }
        }
    }
}

/// The maximum of each 2x2 window, plain.
///
/// # Safety
/// As for [`run`], which asserts the sizes.
#[inline(always)]
unsafe fn halve_planes<V: Vector>(geometry: &PoolGeometry, input: &[V::Element], output: &mut [V::Element]) {
    let [depth, height, width] = &geometry.axes;
    for line in 0..geometry.channels * depth.output * height.output {
        let from = (line / height.output * height.input + line % height.output * 2) * width.input;
        for first in (0..width.output).step_by(V::LANES) {
            let count = V::LANES.min(width.output - first);
            // SAFETY: `count` pairs from `first` on lie in the line and in the one below, `count` numbers in the output; the instruction set is
            // the caller's to vouch for.
            unsafe {
                let seen = 2 * count;
                let (left, right) = (seen.min(V::LANES), seen.saturating_sub(V::LANES));
                let upper = input.as_ptr().add(from + 2 * first);
                let left = higher::<V>(upper, width.input, left);
                let right = if right > 0 { higher::<V>(upper.add(V::LANES), width.input, right) } else { left };
                let to = output.as_mut_ptr().add(line * width.output + first);
                let larger = left.evens(right).maximum(left.odds(right));
                if count == V::LANES { larger.store(to) } else { larger.store_part(to, count) }
            }
        }
    }
}

/// The larger of each of `count` numbers and the one in the line below.
///
/// # Safety
/// The machine has the vector's instruction set; both lines are valid for reading `count` numbers.
#[inline(always)]
unsafe fn higher<V: Vector>(from: *const V::Element, line: usize, count: usize) -> V {
    // SAFETY: passed on to the caller.
    unsafe {
        if count == V::LANES {
            V::load(from).maximum(V::load(from.add(line)))
        } else {
            V::load_part(from, count).maximum(V::load_part(from.add(line), count))
        }
    }
}

/// A pool from plain to plain.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn planes<V: Vector>(
    geometry: &PoolGeometry,
    reduction: Reduction,
    input: &[V::Element],
    output: &mut [V::Element],
) where
    V::Element: Element,
{
    assert!(input.len() == geometry.channels * geometry.input_plane(), "the input of a pool");
    assert!(output.len() == geometry.channels * geometry.output_plane(), "the output of a pool");
    match reduction {
        // SAFETY: passed on to the caller; the sizes were asserted.
        Reduction::Max if is_halving(geometry, reduction) => unsafe { halve_planes::<V>(geometry, input, output) },
        Reduction::Max => V::Element::max_pool_forward(geometry, 1, input, output, None),
        Reduction::Average(divisor) => V::Element::average_pool_forward(geometry, divisor, 1, input, output),
    }
}

/// # Safety
/// As for [`run`]; the spans lie in the input.
#[inline(always)]
unsafe fn pixel<V: Vector>(
    geometry: &PoolGeometry,
    reduction: Reduction,
    [z, y, x]: [Span; 3],
    input: &[V::Element],
    output: &mut [V::Element],
) {
    let channels = geometry.channels;
    let dilation = geometry.axes.map(|axis| if geometry.adaptive { 1 } else { axis.dilation.max(1) });
    let [height, width] = [geometry.axes[1].input, geometry.axes[2].input];
    let (start, factor) = match reduction {
        Reduction::Max => (V::Element::NEG_INFINITY, V::Element::ONE),
        Reduction::Average(divisor) => {
            let divisor = match divisor {
                Divisor::Padded => V::Element::from_usize(z.padded * y.padded * x.padded),
                Divisor::Inside => V::Element::from_usize((z.end - z.first) * (y.end - y.first) * (x.end - x.first)),
                Divisor::Fixed(divisor) => V::Element::from_f64(divisor as f64),
            };
            (V::Element::ZERO, V::Element::ONE / divisor)
        }
    };
    assert!(
        z.end <= geometry.axes[0].input && y.end <= height && x.end <= width && output.len() == channels,
        "the window lies in the input"
    );
    let is_max = matches!(reduction, Reduction::Max);
    let dilation = dilation.map(|step| step.max(1));
    // SAFETY: every place of the window lies in the input, as asserted, and has `channels` numbers; the instruction set is the caller's to
    // vouch for.
    unsafe {
        let factor = V::splat(factor);
        let mut channel = 0;
        while channel < channels {
            let rest = channels - channel;
            let window = Window {
                input: input.as_ptr().add(channel),
                spans: [z, y, x],
                dilation,
                sizes: [height, width, channels],
            };
            let to = output.as_mut_ptr().add(channel);
            if rest >= MANY * V::LANES {
                let results = window.reduce::<V, MANY>(is_max, V::splat(start), |from| V::load(from));
                for v in 0..MANY {
                    let result = if is_max { results[v] } else { results[v].mul(factor) };
                    result.store(to.add(v * V::LANES));
                }
                channel += MANY * V::LANES;
                continue;
            }
            let count = rest.min(V::LANES);
            let [result] = window.reduce::<V, 1>(is_max, V::splat(start), |from| {
                if count == V::LANES { V::load(from) } else { V::load_part(from, count) }
            });
            let result = if is_max { result } else { result.mul(factor) };
            if count == V::LANES {
                result.store(to)
            } else {
                result.store_part(to, count)
            }
            channel += V::LANES;
        }
    }
}

/// Vectors of channels that are reduced side by side.
const MANY: usize = 4;

/// The places of a window, from some channel on.
struct Window<E> {
    input: *const E,
    spans: [Span; 3],
    dilation: [usize; 3],
    /// Height and width of the input, and its channels.
    sizes: [usize; 3],
}

impl<E> Window<E> {
    /// # Safety
    /// The machine has the vector's instruction set; from each place of the window on, `COUNT` vectors can be loaded.
    #[inline(always)]
    unsafe fn reduce<V: Vector<Element = E>, const COUNT: usize>(
        &self,
        is_max: bool,
        start: V,
        load: impl Fn(*const E) -> V,
    ) -> [V; COUNT] {
        let ([z, y, x], [height, width, channels]) = (self.spans, self.sizes);
        let mut results = [start; COUNT];
        // SAFETY: passed on to the caller.
        unsafe {
            for z in (z.first..z.end).step_by(self.dilation[0]) {
                for y in (y.first..y.end).step_by(self.dilation[1]) {
                    let mut from = self.input.add(((z * height + y) * width + x.first) * channels);
                    let mut place = x.first;
                    while place < x.end {
                        for v in 0..COUNT {
                            let value = load(from.wrapping_add(v * V::LANES));
                            results[v] = if is_max { results[v].maximum(value) } else { results[v].add(value) };
                        }
                        from = from.wrapping_add(self.dilation[2] * channels);
                        place += self.dilation[2];
                    }
                }
            }
        }
        results
    }
}
