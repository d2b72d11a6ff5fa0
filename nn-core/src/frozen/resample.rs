//! Values of another size, channels last: each pixel is a sum over neighbours in the input, for all channels at once.

use nn_shape::{ResampleAxis, ResampleGeometry};

use crate::Float;
use crate::kernels::resample::{TAPS, Taps};
use crate::simd::{Vector, apart};

apart! {
    /// # Safety
    /// The machine has the vector's instruction set.
    pub(super) unsafe fn run<'a, V>(
        geometry: &'a ResampleGeometry, input: &'a [V::Element], output: &'a mut [V::Element],
    ) = run_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn run_body<V: Vector>(geometry: &ResampleGeometry, input: &[V::Element], output: &mut [V::Element]) {
    let ResampleGeometry { channels, axes: [depth, height, width] } = geometry;
    let size = |size: fn(&ResampleAxis) -> usize| channels * geometry.axes.iter().map(size).product::<usize>();
    assert!(
        input.len() == size(|axis| axis.input) && output.len() == size(|axis| axis.output),
        "pixels of all channels"
    );
    let mut pixels = output.chunks_exact_mut(*channels);
    for z in 0..depth.output {
        let z = Taps::<V::Element>::at(depth, z);
        for y in 0..height.output {
            let y = Taps::<V::Element>::at(height, y);
            let mut lines = [(0, V::Element::ZERO); TAPS * TAPS];
            let mut count = 0;
            for (z, outer) in z.inside(depth) {
                for (y, inner) in y.inside(height) {
                    lines[count] = ((z * height.input + y) * width.input, outer * inner);
                    count += 1;
                }
            }
            for (x, to) in (0..width.output).zip(&mut pixels) {
                let mut seen = [(0, V::Element::ZERO); TAPS * TAPS * TAPS];
                let mut taps = 0;
                for (line, outer) in &lines[..count] {
                    for (x, inner) in Taps::<V::Element>::at(width, x).inside(width) {
                        seen[taps] = ((line + x) * channels, *outer * inner);
                        taps += 1;
                    }
                }
                if taps == 1 {
                    to.copy_from_slice(&input[seen[0].0..][..*channels]);
                    continue;
                }
                // SAFETY: passed on to the caller; places lie in the input, which has all channels of each.
                unsafe { sum::<V>(&seen[..taps], input, to) }
            }
        }
    }
}

/// # Safety
/// The machine has the vector's instruction set; from each place on the input has as many numbers as `to`.
#[inline(always)]
unsafe fn sum<V: Vector>(seen: &[(usize, V::Element)], input: &[V::Element], to: &mut [V::Element]) {
    for channel in (0..to.len()).step_by(V::LANES) {
        let count = V::LANES.min(to.len() - channel);
        // SAFETY: passed on to the caller.
        unsafe {
            let mut sum = V::splat(V::Element::ZERO);
            for (place, weight) in seen {
                let from = input.as_ptr().add(place + channel);
                let x = if count == V::LANES { V::load(from) } else { V::load_part(from, count) };
                sum = sum.add_product(V::splat(*weight), x);
            }
            let to = to.as_mut_ptr().add(channel);
            if count == V::LANES { sum.store(to) } else { sum.store_part(to, count) }
        }
    }
}
