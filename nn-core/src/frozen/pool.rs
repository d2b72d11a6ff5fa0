//! Frozen pools: a vector of channels at a time.

use nn_shape::{Divisor, PoolGeometry, Reduction};

use crate::Float;
use crate::kernels::pool::{Span, Spans};
use crate::simd::Vector;

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &PoolGeometry,
    reduction: Reduction,
    input: &[V::Element],
    output: &mut [V::Element],
) {
    assert!(input.len() == geometry.channels * geometry.input_plane(), "the input of a pool");
    assert!(output.len() == geometry.channels * geometry.output_plane(), "the output of a pool");
    let mut pixels = output.chunks_exact_mut(geometry.channels);
    for z in Spans::new(geometry, 0) {
        for y in Spans::new(geometry, 1) {
            for (x, output) in Spans::new(geometry, 2).zip(&mut pixels) {
                // SAFETY: spans are clipped to the input; the rest is passed on to the caller.
                unsafe { pixel::<V>(geometry, reduction, [z, y, x], input, output) }
            }
        }
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
    if is_max && dilation == [1; 3] && [z, y, x].map(|span| span.end - span.first) == [1, 2, 2] && channels >= V::LANES
    {
        let first = ((z.first * height + y.first) * width + x.first) * channels;
        let mut channel = 0;
        while channel < channels {
            // The last vector overlaps the one before.
            let at = channel.min(channels - V::LANES);
            // SAFETY: the window's four places lie in the input, as asserted, and have a whole vector from `at` on, as has the output; the
            // instruction set is the caller's to vouch for.
            unsafe {
                let from = input.as_ptr().add(first + at);
                let below = from.add(width * channels);
                let upper = V::load(from).maximum(V::load(from.add(channels)));
                let lower = V::load(below).maximum(V::load(below.add(channels)));
                upper.maximum(lower).store(output.as_mut_ptr().add(at));
            }
            channel += V::LANES;
        }
        return;
    }
    // SAFETY: every place of the window lies in the input, as asserted, and has `channels` numbers; the instruction set is the caller's to
    // vouch for.
    unsafe {
        let factor = V::splat(factor);
        for channel in (0..channels).step_by(V::LANES) {
            let count = channels - channel;
            let mut result = V::splat(start);
            for z in (z.first..z.end).step_by(dilation[0]) {
                for y in (y.first..y.end).step_by(dilation[1]) {
                    let line = input.as_ptr().add((z * height + y) * width * channels + channel);
                    for x in (x.first..x.end).step_by(dilation[2]) {
                        let from = line.add(x * channels);
                        let value = if count >= V::LANES { V::load(from) } else { V::load_part(from, count) };
                        result = if is_max { result.maximum(value) } else { result.add(value) };
                    }
                }
            }
            if !is_max {
                result = result.mul(factor);
            }
            let to = output.as_mut_ptr().add(channel);
            if count >= V::LANES { result.store(to) } else { result.store_part(to, count) }
        }
    }
}
