//! Which tiles a frozen convolution or linear layer is made of.

use super::overlap::Overlap;
use super::tile::{WIDTHS, exists, registers};
use crate::Float;
use crate::simd::Vector;

/// Bytes of weights that stay in the first cache beside the pixels.
pub(super) const NEAR: usize = 32768;

/// The most pixels of a tile.
pub(super) const MOST: usize = 16;

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

/// How a tile goes through the numbers of its windows; packed weights lie in that order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// One after the other.
    Each,
    /// Two at a time, in [`pairs`](super::pairs).
    Pairs,
    /// Those that neighbouring pixels have in common, in [`overlap`](super::overlap).
    Overlap,
}

const ORDERS: [Order; 3] = [Order::Each, Order::Pairs, Order::Overlap];

/// How the output channels of a group are cut into blocks, and a line of pixels into tiles; it is chosen when weights are packed, and stands in front of them.
pub(super) struct Cut {
    /// The widest block.
    pub(super) widest: usize,
    /// The pixels of a tile, for each of [`WIDTHS`].
    pub(super) pixels: [usize; WIDTHS.len()],
    pub(super) order: Order,
}

impl Cut {
    /// The fastest cut of lines of `line` pixels with `vectors` vectors of channels, summed over `steps`, by counting half cycles: one product and
    /// one load in each, a product's result eight later, and, where the weights of a block do not stay in the first cache, eight for each of their vectors; seven where
    /// windows overlap, for few other loads are under way.
    pub(super) fn best<V: Vector>(line: usize, vectors: usize, steps: usize, overlap: Option<Overlap>) -> Cut {
        let near = |wide| wide * steps * V::LANES * size_of::<V::Element>() <= NEAR;
        let each = |wide: usize, pixels: usize| {
            let fits = exists(registers::<V>(), wide, pixels) && pixels <= line.max(1);
            let cycles = (pixels * wide).max(pixels + wide).max(8).max(if near(wide) { wide } else { 8 * wide });
            fits.then_some(line.div_ceil(pixels) * (cycles + 1))
        };
        let (mut best, cost) = Cut::cheapest(vectors, width, each);
        if let Some(overlap) = overlap {
            let several = |wide: usize, pixels: usize| {
                let fits = overlap.exists::<V>(wide, pixels) && pixels <= line;
                let cycles = overlap.cycles(wide, pixels).max(if near(wide) { 0 } else { 7 * wide * overlap.taps });
                fits.then_some(line.div_ceil(pixels) * (cycles + 1))
            };
            let (cut, together) = Cut::cheapest(vectors, |most| width(most.min(2)), several);
            if together < cost.saturating_mul(overlap.taps) {
                best = Cut { order: Order::Overlap, ..cut };
            }
        }
        best
    }

    /// The cut of so many vectors that costs least, and what it costs: `width` is the widest block of those that are left, and `cost` that of a block of
    /// a width in tiles of so many pixels, if there are such.
    pub(super) fn cheapest(
        vectors: usize,
        width: impl Fn(usize) -> usize,
        cost: impl Fn(usize, usize) -> Option<usize>,
    ) -> (Cut, usize) {
        let mut cut = Cut { widest: 1, pixels: [1; WIDTHS.len()], order: Order::Each };
        let costs = WIDTHS.map(|wide| {
            let tiles = (1..=MOST).rev().filter_map(|pixels| cost(wide, pixels).map(|cost| (cost, pixels)));
            let (cost, pixels) = tiles.min_by_key(|(cost, _)| *cost).unwrap_or((usize::MAX, 1));
            cut.pixels[index(wide)] = pixels;
            cost
        });
        let mut best = usize::MAX;
        for widest in WIDTHS.into_iter().filter(|widest| *widest <= vectors && width(*widest) == *widest) {
            let (mut rest, mut cost) = (vectors, 0usize);
            while rest > 0 {
                let wide = width(rest.min(widest));
                cost = cost.saturating_add(costs[index(wide)]);
                rest -= wide;
            }
            if cost < best {
                (best, cut.widest) = (cost, widest);
            }
        }
        (cut, best)
    }

    /// Writes the cut in front of packed weights.
    pub(super) fn write<E: Float>(&self, header: &mut [E]) {
        header[0] = E::from_usize(self.widest);
        for (to, pixels) in header[1..].iter_mut().zip(self.pixels) {
            *to = E::from_usize(pixels);
        }
        header[1 + WIDTHS.len()] = E::from_usize(self.order as usize);
    }

    pub(super) fn read<E: Float>(header: &[E]) -> Cut {
        let number = |at: usize| header[at].to_f64() as usize;
        let pixels = core::array::from_fn(|index| number(1 + index));
        let order = ORDERS.get(number(1 + WIDTHS.len())).copied().unwrap_or(Order::Each);
        Cut { widest: number(0), pixels, order }
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
