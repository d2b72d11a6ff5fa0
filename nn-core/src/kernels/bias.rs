//! The gradient of a bias: sums of what it was added to.

use crate::simd::{Lanes, Vector, with_current_vectors};

/// `bias_gradient[c] += Σ output_gradient[sample][c][place]`.
pub(super) fn backward<E: Lanes>(
    channels: usize,
    plane: usize,
    batch: usize,
    output_gradient: &[E],
    bias_gradient: &mut [E],
) {
    assert_eq!(output_gradient.len(), batch * channels * plane, "output gradient of a bias");
    assert_eq!(bias_gradient.len(), channels, "gradient of a bias");
    if output_gradient.is_empty() {
        return;
    }
    if plane == 1 {
        for sample in output_gradient.chunks_exact(channels) {
            for (gradient, value) in bias_gradient.iter_mut().zip(sample) {
                *gradient += *value;
            }
        }
        return;
    }
    // SAFETY: slices vouch for themselves.
    unsafe { add_planes(plane, output_gradient, bias_gradient) }
}

with_current_vectors! {
    /// Adds the sum of each plane to the channel that it belongs to.
    ///
    /// # Safety
    /// None but that of a vector, which the choice of the current set meets.
    unsafe fn add_planes<E: Lanes>(plane: usize, output_gradient: &[E], bias_gradient: &mut [E]) = add_planes_body;
}

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn add_planes_body<V: Vector>(plane: usize, output_gradient: &[V::Element], bias_gradient: &mut [V::Element]) {
    for sample in output_gradient.chunks_exact(plane * bias_gradient.len()) {
        for (gradient, values) in bias_gradient.iter_mut().zip(sample.chunks_exact(plane)) {
            // SAFETY: passed on to the caller.
            *gradient += unsafe { sum::<V>(values) };
        }
    }
}

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn sum<V: Vector>(values: &[V::Element]) -> V::Element {
    /// Sums side by side: as many additions as are in flight at once.
    const SUMS: usize = 4;
    // SAFETY: whole vectors are loaded where `values` holds as many numbers, and behind them the part that is left. The instruction set is
    // the caller's to vouch for.
    unsafe {
        let mut sums = [V::splat(V::Element::default()); SUMS];
        let (from, mut at) = (values.as_ptr(), 0);
        while at + SUMS * V::LANES <= values.len() {
            for s in 0..SUMS {
                sums[s] = sums[s].add(V::load(from.add(at + s * V::LANES)));
            }
            at += SUMS * V::LANES;
        }
        while at + V::LANES <= values.len() {
            sums[0] = sums[0].add(V::load(from.add(at)));
            at += V::LANES;
        }
        if at < values.len() {
            sums[1] = sums[1].add(V::load_part(from.add(at), values.len() - at));
        }
        sums[0].add(sums[1]).add(sums[2].add(sums[3])).sum()
    }
}
