//! Filling and adding, without arithmetic worth the name.

use crate::Float;

/// `output[sample][channel][..] = bias[channel]`.
pub(super) fn bias_forward<E: Float>(channels: usize, plane: usize, batch: usize, bias: &[E], output: &mut [E]) {
    for sample in output[..batch * channels * plane].chunks_exact_mut((channels * plane).max(1)) {
        for (output, bias) in sample.chunks_exact_mut(plane).zip(bias) {
            output.fill(*bias);
        }
    }
}

/// `to += from`.
pub(super) fn accumulate<E: Float>(from: &[E], to: &mut [E]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += *from;
    }
}
