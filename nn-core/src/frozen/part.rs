//! How a step is shared out among threads.
//!
//! Each output is summed by one thread in the order of one thread alone: the bits do not depend on how many there are.

use core::marker::PhantomData;
use core::ops::Range;

use nn_shape::frozen::MANY_WEIGHTS;

use crate::Workers;

/// Multiply-adds from which on a step is shared out: some ten microseconds. That threads meet takes half of one, but numbers that another thread wrote come
/// slowly, and so do lines to write that another thread has: a microsecond for some ten kilobytes.
const MANY: usize = 1_000_000;

/// The same of the products of convolutions in squares, of which each stands for up to four.
const MANY_OF_SQUARES: usize = 2_000_000;

/// Numbers from which on a step that does little with each is shared out: tens of microseconds, for other threads' numbers are slow to come.
const MUCH: usize = 120_000;

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

    /// Its share of a step that is cut along neighbouring lines, or whatever there are so many of.
    #[inline(always)]
    pub(super) fn lines(self, lines: usize) -> Range<usize> {
        self.of(Way::Lines, lines)
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

    /// Some of it.
    ///
    /// # Safety
    /// Nobody else touches these numbers while the slice lives.
    pub(super) unsafe fn some(self, range: Range<usize>) -> &'a mut [E] {
        assert!(range.start <= range.end && range.end <= self.len, "some of what there is");
        // SAFETY: the range lies in what was borrowed, as asserted, and is the caller's alone.
        unsafe { core::slice::from_raw_parts_mut(self.first.add(range.start), range.len()) }
    }
}

/// Does all parts, by whoever there is.
pub(super) fn each(workers: &mut Option<&mut dyn Workers>, parts: usize, part: impl Fn(usize) + Sync) {
    match workers {
        Some(workers) if parts > 1 => workers.run(parts, &part),
        _ => (0..parts).for_each(part),
    }
}

/// The same, each called as the part of lines that it is.
pub(super) fn each_part(workers: &mut Option<&mut dyn Workers>, parts: usize, run: impl Fn(Part) + Sync) {
    each(workers, parts, |index| run(Part { way: Way::Lines, index, count: parts }));
}

/// How many parts a step that does little with so many numbers is best cut into.
pub(super) fn parts_of(workers: &Option<&mut dyn Workers>, numbers: usize) -> usize {
    parts_from(workers, numbers, MUCH)
}

/// How many parts a step of so many multiply-adds is best cut into.
pub(super) fn parts(workers: &Option<&mut dyn Workers>, macs: usize) -> usize {
    parts_from(workers, macs, MANY)
}

/// The same of one row of a matrix product, which reads more weights than anything else.
pub(super) fn parts_of_row(workers: &Option<&mut dyn Workers>, weights: usize) -> usize {
    parts_from(workers, weights, MANY_WEIGHTS)
}

/// The same of the products of a convolution in squares.
pub(super) fn parts_of_squares(workers: &Option<&mut dyn Workers>, products: usize) -> usize {
    parts_from(workers, products, MANY_OF_SQUARES)
}

fn parts_from(workers: &Option<&mut dyn Workers>, work: usize, least: usize) -> usize {
    match workers {
        Some(workers) if work >= least => workers.count().max(1),
        _ => 1,
    }
}
