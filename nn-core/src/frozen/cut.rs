//! Which tiles a frozen convolution or linear layer is made of.

use core::ops::Range;

use super::overlap::Overlap;
use super::tile::{FEW, WIDTHS, exists, pixels_first, registers};
use crate::Float;
use crate::simd::Vector;

/// Widths of tiles whose neighbouring windows overlap.
const OVERLAPPING: [usize; 2] = [2, 1];

/// Bytes of weights that stay in the first cache beside the pixels.
pub(super) const NEAR: usize = 32768;

/// Numbers of a run of the window from which on its weights may come part by part.
pub(super) const LONG: usize = 32;

/// The most pixels of a tile.
pub(super) const MOST: usize = 16;

/// The widest tile that is at most `most` wide.
#[inline]
pub(super) const fn width(most: usize) -> usize {
    widest(&WIDTHS, most)
}

/// The first of `widths`, from the widest on, that is at most `most`; 0 if there is none.
#[inline]
pub(super) const fn widest(widths: &[usize], most: usize) -> usize {
    let mut index = 0;
    while index < widths.len() {
        if widths[index] <= most {
            return widths[index];
        }
        index += 1;
    }
    0
}

const fn larger(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// What a step of a tile costs, by counting half cycles: one product and one load in each, a product's result eight later, and, where the weights of a block do
/// not stay in the first cache, eight for each of their vectors, five of short ones.
///
/// Of [`FEW`] registers a tile's loads are many beside its products, and a core that two threads share takes in less than a step's instructions: the more so the fewer
/// pixels or vectors a loaded number serves. What is added was measured, half of the time beside another thread.
const fn cost<V: Vector>(wide: usize, pixels: usize, is_far: bool) -> usize {
    let few = registers::<V>() == FEW;
    let far = wide * if few { 5 } else { 8 };
    let cycles = larger(larger(pixels * wide, pixels + wide), larger(8, if is_far { far } else { wide }));
    let more = match wide {
        _ if !few || pixels == 1 => 1,
        1 => 3,
        _ if pixels_first(registers::<V>(), wide, pixels) => 0,
        2 | 3 => 1,
        _ => 2,
    };
    cycles + more
}

/// What a block of each of [`WIDTHS`] costs in tiles of so many pixels; no tile of that size exists where it is [`NEVER`].
pub(super) type Costs = [[usize; MOST + 1]; WIDTHS.len()];

pub(super) const NEVER: usize = usize::MAX;

/// Asks `$cost` for each of [`WIDTHS`] and each number of pixels: a closure that a constant can call.
macro_rules! costs {
    (|$wide:ident, $pixels:ident| $cost:expr) => {{
        let mut costs = [[$crate::frozen::cut::NEVER; $crate::frozen::cut::MOST + 1]; WIDTHS.len()];
        let mut place = 0;
        while place < WIDTHS.len() {
            let ($wide, mut $pixels) = (WIDTHS[place], 1);
            while $pixels <= $crate::frozen::cut::MOST {
                if let Some(cost) = $cost {
                    costs[place][$pixels] = cost;
                }
                $pixels += 1;
            }
            place += 1;
        }
        costs
    }};
}
pub(super) use costs;

/// How a line of pixels is cut into tiles.
#[derive(Clone, Copy)]
pub(super) struct Tiling {
    pub(super) count: usize,
    /// Pixels of a tile, and how many tiles have one more: the first ones.
    pixels: usize,
    more: usize,
    /// Where a tile begins at the latest: the last one may overlap the one before, and computes the same again.
    latest: usize,
}

impl Tiling {
    /// Tiles of at most so many pixels. Of [`FEW`] registers tiles are small, and what two of them compute twice would be much: they are as even as they can be,
    /// if there are tiles like that.
    pub(super) const fn new<V: Vector>(line: usize, wide: usize, most: usize, order: Order) -> Tiling {
        let count = larger(line.div_ceil(most), 1);
        let even = match order {
            Order::Each => {
                registers::<V>() == FEW && exists(FEW, wide, line / count) && exists(FEW, wide, line.div_ceil(count))
            }
            Order::Across => true,
            Order::Pairs | Order::Overlap => false,
        };
        if even {
            Tiling { count, pixels: line / count, more: line % count, latest: line }
        } else {
            Tiling { count, pixels: most, more: 0, latest: line.saturating_sub(most) }
        }
    }

    /// Whether two tiles have pixels in common.
    pub(super) const fn overlaps(&self) -> bool {
        self.latest < (self.count - 1) * self.pixels
    }

    /// The pixels of a tile.
    #[inline(always)]
    pub(super) fn tile(&self, index: usize) -> Range<usize> {
        let (pixels, more) = if index < self.more { (self.pixels + 1, index) } else { (self.pixels, self.more) };
        let start = (index * self.pixels + more).min(self.latest);
        start..start + pixels
    }

    /// How many tiles from that one on are of its size and lie one behind the other, of those before `end`.
    #[inline(always)]
    pub(super) fn alike(&self, index: usize, end: usize) -> usize {
        let last = if index < self.more {
            self.more
        } else if self.overlaps() {
            self.count - 1
        } else {
            self.count
        };
        last.min(end).max(index + 1) - index
    }

    /// What all of them cost, if such tiles cost so much.
    pub(super) const fn cost<V: Vector>(&self, wide: usize, is_far: bool) -> usize {
        let each = cost::<V>(wide, self.pixels, is_far);
        let with_one_more = if self.more > 0 { cost::<V>(wide, self.pixels + 1, is_far) } else { 0 };
        (self.count - self.more) * each + self.more * with_one_more
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
    /// One after the other, in tiles that go [`across`](super::across) the ends of lines.
    Across,
}

const ORDERS: [Order; 4] = [Order::Each, Order::Pairs, Order::Overlap, Order::Across];

/// How the output channels of a group are cut into blocks, and a line of pixels into tiles; it is chosen when weights are packed, and stands in front of them.
pub(super) struct Cut {
    /// The widest block.
    pub(super) widest: usize,
    /// The pixels of a tile, for each of [`WIDTHS`].
    pub(super) pixels: [usize; WIDTHS.len()],
    pub(super) order: Order,
}

impl Cut {
    /// The fastest cut of lines of `line` pixels with `vectors` vectors of channels, summed over so many `steps` in runs of so many, by what a tile's steps [`cost`],
    /// in half cycles; where windows overlap, seven for each vector of weights that does not stay in the first cache, for few other loads are under way. With
    /// [`FEW`] registers weights that come part by part are near, and sums of windows that overlap wait for each other, one half cycle in each step.
    pub(super) const fn best<V: Vector>(
        line: usize,
        vectors: usize,
        steps: [usize; 2],
        overlap: Option<Overlap>,
    ) -> Cut {
        Cut::weighed::<V>(line, vectors, steps, overlap).0
    }

    /// The same, and what a line costs.
    pub(super) const fn weighed<V: Vector>(
        line: usize,
        vectors: usize,
        [steps, run]: [usize; 2],
        overlap: Option<Overlap>,
    ) -> (Cut, usize) {
        // Of a block that is one vector wide.
        let bytes = steps * V::LANES * size_of::<V::Element>();
        let few = registers::<V>() == FEW;
        let each = costs!(|wide, pixels| {
            let tiling = Tiling::new::<V>(line, wide, pixels, Order::Each);
            let in_parts = few && line > pixels && run >= LONG && !tiling.overlaps();
            let is_far = wide * bytes > NEAR && !in_parts;
            let fits = exists(registers::<V>(), wide, pixels) && pixels <= larger(line, 1);
            if fits { Some(tiling.cost::<V>(wide, is_far)) } else { None }
        });
        let (best, cost) = Cut::cheapest(vectors, &WIDTHS, &each);
        let Some(overlap) = overlap else { return (best, cost) };
        let several = costs!(|wide, pixels| {
            let cycles =
                larger(overlap.cycles(wide, pixels), if wide * bytes > NEAR { 7 * wide * overlap.taps } else { 0 });
            let fits = overlap.exists::<V>(wide, pixels) && pixels <= line;
            let more = if few { overlap.taps } else { 1 };
            if fits { Some(line.div_ceil(pixels) * (cycles + more)) } else { None }
        });
        let (cut, together) = Cut::cheapest(vectors, &OVERLAPPING, &several);
        if together >= cost.saturating_mul(overlap.taps) {
            return (best, cost);
        }
        (Cut { order: Order::Overlap, ..cut }, together.div_ceil(overlap.taps))
    }

    /// The cut of so many vectors into blocks of some of [`WIDTHS`] that costs least, and what it costs.
    pub(super) const fn cheapest(vectors: usize, widths: &[usize], costs: &Costs) -> (Cut, usize) {
        let mut cut = Cut { widest: 1, pixels: [1; WIDTHS.len()], order: Order::Each };
        let (mut least, mut place) = ([NEVER; WIDTHS.len()], 0);
        while place < WIDTHS.len() {
            let mut pixels = MOST;
            while pixels > 0 {
                if costs[place][pixels] < least[place] {
                    (least[place], cut.pixels[place]) = (costs[place][pixels], pixels);
                }
                pixels -= 1;
            }
            place += 1;
        }
        let (mut best, mut index) = (NEVER, 0);
        while index < widths.len() {
            let (most, mut rest, mut cost) = (widths[index], vectors, 0usize);
            while rest > 0 {
                let wide = widest(widths, if rest < most { rest } else { most });
                cost = cost.saturating_add(least[self::index(wide)]);
                rest -= wide;
            }
            if most <= vectors && cost < best {
                (best, cut.widest) = (cost, most);
            }
            index += 1;
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
        Cut { widest: Cut::widest_of(header), pixels, order }
    }

    /// The widest block, alone.
    pub(super) fn widest_of<E: Float>(header: &[E]) -> usize {
        header[0].to_f64() as usize
    }
}

/// The place of a width in [`WIDTHS`].
pub(super) const fn index(width: usize) -> usize {
    match width {
        8 => 0,
        4 => 1,
        3 => 2,
        2 => 3,
        _ => 4,
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use std::format;
    use std::vec::Vec;

    use super::*;
    use crate::simd::Lanes;

    /// Holds the tiles of lines of many lengths to: each pixel is in a tile, in one alone unless tiles overlap, and there are tiles of these sizes.
    fn check<V: Vector>() {
        for (line, wide, most) in (1..=64).flat_map(|line| WIDTHS.map(|wide| (line, wide))).flat_map(|(line, wide)| {
            (1..=MOST.min(line))
                .filter(move |pixels| exists(registers::<V>(), wide, *pixels))
                .map(move |most| (line, wide, most))
        }) {
            let tiling = Tiling::new::<V>(line, wide, most, Order::Each);
            let tiles: Vec<_> = (0..tiling.count).map(|index| tiling.tile(index)).collect();
            let name = format!("{line} pixels in tiles of {most}, {wide} vectors wide: {tiles:?}");
            assert!(tiles[0].start == 0 && tiles[tiling.count - 1].end == line, "{name}");
            for pair in tiles.windows(2) {
                assert!(pair[1].start == pair[0].end || tiling.overlaps() && pair[1].start < pair[0].end, "{name}");
            }
            assert!(
                tiles.iter().all(|tile| tile.len() <= most && exists(registers::<V>(), wide, tile.len())),
                "{name}"
            );
            let mut index = 0;
            while index < tiles.len() {
                let alike = &tiles[index..][..tiling.alike(index, tiles.len())];
                assert!(!alike.is_empty() && alike.iter().all(|tile| tile.len() == alike[0].len()), "{name}");
                assert!(alike.windows(2).all(|pair| pair[1].start == pair[0].end), "{name}");
                index += alike.len();
            }
        }
    }

    #[test]
    fn tiles_cover_a_line() {
        check::<<f32 as Lanes>::Avx2>();
        check::<<f32 as Lanes>::Avx512>();
        check::<<f32 as Lanes>::Portable>();
    }
}
