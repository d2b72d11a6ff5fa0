//! Places that a tile counts on together.

use crate::simd::unknown;

/// The most places, in fours.
const FOURTHS: usize = 5;

/// Places at equal distances: of the numbers that neighbouring pixels see, or of their outputs. Every fourth stands by itself, and those between are at distances that
/// an instruction adds itself.
pub(super) struct Places<E> {
    fourths: [*const E; FOURTHS],
    apart: usize,
    count: usize,
    /// Whether the optimiser is kept from knowing how far they are apart: see [`unknown`].
    hidden: bool,
}

impl<E> Places<E> {
    /// So many from the first on.
    #[inline(always)]
    pub(super) fn new(first: *const E, apart: usize, count: usize) -> Self {
        Places::hidden(first, apart, count, true)
    }

    /// Those that the optimiser knows unless they are `hidden`.
    #[inline(always)]
    pub(super) fn hidden(first: *const E, apart: usize, count: usize, hidden: bool) -> Self {
        debug_assert!(count <= 4 * FOURTHS, "there is room for the places");
        let mut places = Places { fourths: [first; FOURTHS], apart, count, hidden };
        for fourth in 1..count.div_ceil(4) {
            places.fourths[fourth] = places.hide(places.fourths[fourth - 1].wrapping_add(4 * apart));
        }
        places
    }

    #[inline(always)]
    pub(super) fn at(&self, place: usize) -> *const E {
        self.fourths[place / 4].wrapping_add(place % 4 * self.apart)
    }

    /// Moves all of them by so many numbers.
    #[inline(always)]
    pub(super) fn go_on(&mut self, by: usize) {
        for fourth in 0..self.count.div_ceil(4) {
            self.fourths[fourth] = self.hide(self.fourths[fourth].wrapping_add(by));
        }
    }

    #[inline(always)]
    fn hide(&self, place: *const E) -> *const E {
        if self.hidden { unknown(place) } else { place }
    }
}
