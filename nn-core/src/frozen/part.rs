//! How a step is shared out among threads.
//!
//! Each output is summed by one thread in the order of one thread alone: the bits do not depend on how many there are.

use core::marker::PhantomData;
use core::ops::Range;

use crate::Workers;

/// Multiply-adds from which on a step is shared out: some microseconds, against some hundred nanoseconds for the threads to meet.
pub(super) const MANY: usize = 200_000;

/// Along what a step is cut into parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// Blocks of output channels.
    Blocks,
    /// Lines of pixels.
    Lines,
    /// The tiles of each line.
    Tiles,
}

/// One of the parts of a step.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) way: Way,
    pub(super) index: usize,
    pub(super) count: usize,
}

impl Part {
    /// The whole step.
    pub(super) const ALL: Part = Part { way: Way::Lines, index: 0, count: 1 };

    /// This part's share of `items`, if it is along them that the step is cut; else all of them.
    #[inline(always)]
    pub(super) fn of(self, way: Way, items: usize) -> Range<usize> {
        if self.way != way {
            return 0..items;
        }
        items * self.index / self.count..items * (self.index + 1) / self.count
    }

    /// Its share of the tiles of a line. Where the last one overlaps the one before, both belong to the same part.
    #[inline(always)]
    pub(super) fn tiles(self, tiles: usize, overlapping: bool) -> Range<usize> {
        let items = if overlapping { tiles.saturating_sub(1).max(1) } else { tiles };
        let share = self.of(Way::Tiles, items);
        if share.end == items && !share.is_empty() { share.start..tiles } else { share }
    }
}

/// The result of a step, of which several threads may write parts.
#[derive(Clone, Copy)]
pub(super) struct Target<'a, E> {
    first: *mut E,
    len: usize,
    life: PhantomData<&'a mut [E]>,
}

// SAFETY: a mutable borrow of numbers that may go to another thread; who writes through the pointer vouches that no other thread touches that place.
unsafe impl<E: Send> Send for Target<'_, E> {}
// SAFETY: as above.
unsafe impl<E: Send> Sync for Target<'_, E> {}

impl<'a, E> Target<'a, E> {
    pub(super) fn new(values: &'a mut [E]) -> Self {
        Target { first: values.as_mut_ptr(), len: values.len(), life: PhantomData }
    }

    pub(super) fn len(self) -> usize {
        self.len
    }

    /// The place of its first number.
    pub(super) fn pointer(self) -> *mut E {
        self.first
    }
}

/// Does all parts, by whoever there is.
pub(super) fn each(workers: &mut Option<&mut dyn Workers>, parts: usize, part: impl Fn(usize) + Sync) {
    match workers {
        Some(workers) if parts > 1 => workers.run(parts, &part),
        _ => (0..parts).for_each(part),
    }
}

/// How many parts a step of so many multiply-adds is best cut into.
pub(super) fn parts(workers: &Option<&mut dyn Workers>, macs: usize) -> usize {
    match workers {
        Some(workers) if macs >= MANY => workers.count().max(1),
        _ => 1,
    }
}
