//! Which tiles a frozen convolution or linear layer is made of.

use super::tile::{PIXELS, WIDTHS, exists, registers};
use crate::Float;
use crate::simd::Vector;

/// Bytes of weights that stay in the first cache beside the pixels.
pub(super) const NEAR: usize = 32768;

/// The widest tile that is at most `most` wide.
pub(super) fn width(most: usize) -> usize {
    if most >= 8 {
        8
    } else if most > 4 {
        4
    } else {
        most
    }
}

/// How the output channels of a group are cut into blocks, and a line of pixels into tiles; it is chosen when weights are packed, and stands in front of them.
pub(super) struct Cut {
    /// The widest block.
    pub(super) widest: usize,
    /// The pixels of a tile, for each of [`WIDTHS`].
    pub(super) pixels: [usize; WIDTHS.len()],
    /// Whether steps are taken in [`pairs`](super::pairs).
    pub(super) paired: bool,
}

impl Cut {
    /// The fastest cut of lines of `line` pixels with `vectors` vectors of channels, summed over `steps`, by counting half cycles: one product and
    /// one load in each, a product's result eight later, and, where the weights of a block do not stay in the first cache, eight for each of their vectors.
    pub(super) fn best<V: Vector>(line: usize, vectors: usize, steps: usize) -> Cut {
        let mut cut = Cut { widest: 1, pixels: [1; WIDTHS.len()], paired: false };
        let mut costs = [0; WIDTHS.len()];
        for (index, width) in WIDTHS.into_iter().enumerate() {
            costs[index] = usize::MAX;
            for pixels in PIXELS.into_iter().filter(|pixels| exists(registers::<V>(), width, *pixels)) {
                if pixels > line.max(1) {
                    continue;
                }
                let near = width * steps * V::LANES * size_of::<V::Element>() <= NEAR;
                let weights = if near { width } else { 8 * width };
                let cycles = (pixels * width).max(pixels + width).max(8).max(weights);
                let cost = line.div_ceil(pixels) * (cycles + 1);
                if cost < costs[index] {
                    (costs[index], cut.pixels[index]) = (cost, pixels);
                }
            }
        }
        let mut best = usize::MAX;
        for widest in WIDTHS.into_iter().filter(|widest| *widest <= vectors) {
            let (mut rest, mut cost) = (vectors, 0);
            while rest > 0 {
                let width = width(rest.min(widest));
                cost += costs[index(width)];
                rest -= width;
            }
            if cost < best {
                (best, cut.widest) = (cost, widest);
            }
        }
        cut
    }

    /// Writes the cut in front of packed weights.
    pub(super) fn write<E: Float>(&self, header: &mut [E]) {
        header[0] = E::from_usize(self.widest);
        for (to, pixels) in header[1..].iter_mut().zip(self.pixels) {
            *to = E::from_usize(pixels);
        }
        header[1 + WIDTHS.len()] = E::from_usize(usize::from(self.paired));
    }

    pub(super) fn read<E: Float>(header: &[E]) -> Cut {
        let number = |at: usize| header[at].to_f64() as usize;
        let pixels = core::array::from_fn(|index| number(1 + index));
        Cut { widest: number(0), pixels, paired: number(1 + WIDTHS.len()) > 0 }
    }
}

/// The place of a width in [`WIDTHS`].
pub(super) fn index(width: usize) -> usize {
    match width {
        8 => 0,
        4 => 1,
        3 => 2,
        2 => 3,
        _ => 4,
    }
}
