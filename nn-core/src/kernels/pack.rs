//! Weights as tiles read them: those of some rows side by side.

use nn_shape::tile::MAX_LANES;

use super::transpose::transpose;
use crate::simd::Lanes;

/// Weights of some rows over some channels, from the first on.
pub(super) struct PackedFrom<'a, E> {
    pub(super) weight: &'a [E],
    /// From the weights of a row, and of a channel, to those of the next.
    pub(super) strides: [usize; 2],
    /// Rows, channels and entries of a window.
    pub(super) counts: [usize; 3],
    /// Whether the last entry of the window comes first.
    pub(super) mirrored: bool,
}

/// Weights, channel by channel and entry by entry, those of all rows side by side, and zeros for rows that a block has beyond them.
pub(super) fn pack<E: Lanes>(from: PackedFrom<'_, E>, block: usize, packed: &mut [E]) {
    let PackedFrom { weight, strides, counts: [rows, channels, window], mirrored } = from;
    if !mirrored {
        return transpose(weight, strides[0], rows, channels * window, packed, block);
    }
    for (channel, packed) in packed.chunks_exact_mut(block * window).enumerate() {
        transpose(&weight[channel * strides[1]..], strides[0], rows, window, packed, block);
        for entry in 0..window / 2 {
            let (low, high) = packed.split_at_mut((window - 1 - entry) * block);
            low[entry * block..][..block].swap_with_slice(&mut high[..block]);
        }
    }
}

/// As [`pack`], block after block: blocks of whole rows.
pub(super) fn pack_blocks<E: Lanes>(from: PackedFrom<'_, E>, block: usize, packed: &mut [E]) {
    let PackedFrom { weight, strides, counts: [rows, channels, window], mirrored } = from;
    for (row, packed) in (0..rows).step_by(block).zip(packed.chunks_exact_mut(block * channels * window)) {
        let weight = &weight[row * strides[0]..];
        pack(PackedFrom { weight, strides, counts: [block, channels, window], mirrored }, block, packed);
    }
}

/// Working space from a cache line's beginning on, one vector less: vectors that cross a line are read twice.
pub(super) fn aligned<E>(scratch: &mut [E]) -> &mut [E] {
    let first = scratch.as_ptr().align_offset(MAX_LANES * size_of::<E>()).min(MAX_LANES);
    &mut scratch[first..]
}
