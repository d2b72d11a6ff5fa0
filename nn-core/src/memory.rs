//! The memory that a network runs in: one block, cut up by a plan that was made at compile time.

use core::mem::MaybeUninit;

use bytemuck::Zeroable;
use nn_shape::plan::ALIGN;

use crate::{Element, Random, Saved};

/// Which part of a [`Memory`] a slot lies in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Space {
    /// For each sample of the batch.
    Sample,
    /// Once for the whole batch.
    Batch,
}

/// A place in a [`Memory`]: where a value lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// The part of the memory.
    pub space: Space,
    /// Elements in front of it, for one sample.
    pub offset: usize,
    /// Its elements, for one sample.
    pub len: usize,
}

impl Slot {
    /// No place at all.
    pub const EMPTY: Slot = Slot { space: Space::Batch, offset: 0, len: 0 };

    /// A place that is there for each sample.
    pub const fn sample(offset: usize, len: usize) -> Slot {
        Slot { space: Space::Sample, offset, len }
    }

    /// A place that is there once.
    pub const fn batch(offset: usize, len: usize) -> Slot {
        Slot { space: Space::Batch, offset, len }
    }

    /// The same place, or none.
    pub const fn when(self, wanted: bool) -> Slot {
        if wanted { self } else { Slot::EMPTY }
    }
}

/// The memory of one network for a batch of `N` samples: `SAMPLE` elements for each sample, `BATCH` elements and `WORDS` words
/// per sample beside them. `Workspace` and `Tape` are such memories, planned for inference and for training.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Memory<E, const SAMPLE: usize, const BATCH: usize, const WORDS: usize, const N: usize> {
    sample: [[E; SAMPLE]; N],
    batch: [E; BATCH],
    words: [[u32; WORDS]; N],
    seed: u64,
    /// Of training so far; with [`WAITS`] while the last one waits for its backward pass.
    passes: u64,
}

/// A forward pass whose backward pass is to come.
const WAITS: u64 = 1 << 63;

// SAFETY: arrays of numbers, for which all-zero bytes are valid; padding at the end may be anything.
unsafe impl<E: Zeroable, const S: usize, const B: usize, const W: usize, const N: usize> Zeroable
    for Memory<E, S, B, W, N>
{
}

/// The places that a step uses beside its operands.
#[derive(Clone, Copy, Debug)]
pub struct Extra {
    /// Working space.
    pub scratch: Slot,
    /// What the forward pass leaves for the backward pass, once for the batch.
    pub saved_batch: Slot,
    /// The same for each sample.
    pub saved_sample: Slot,
    /// The same in words.
    pub saved_words: Slot,
}

impl Extra {
    /// None at all.
    pub const NONE: Extra = Extra::scratch(Slot::EMPTY);

    /// Working space only.
    pub const fn scratch(scratch: Slot) -> Extra {
        Extra { scratch, saved_batch: Slot::EMPTY, saved_sample: Slot::EMPTY, saved_words: Slot::EMPTY }
    }
}

/// The places of the operands that hold indices, among the words.
#[derive(Clone, Copy, Debug)]
pub struct Words<const R: usize, const W: usize> {
    /// The slots to read.
    pub reads: [Slot; R],
    /// The slots to write.
    pub writes: [Slot; W],
}

impl Words<0, 0> {
    /// None at all.
    pub const NONE: Words<0, 0> = Words { reads: [], writes: [] };
}

/// The slots of one step: what it writes meets nothing else, wherever its memory lies. Made while the network is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Slots<const R: usize, const W: usize, const IR: usize, const IW: usize> {
    reads: [Slot; R],
    writes: [Slot; W],
    indices: Words<IR, IW>,
    extra: Extra,
    /// Where the last of them ends, for one sample.
    ends: Ends,
    /// The same among the words.
    words_end: usize,
}

impl<const R: usize, const W: usize, const IR: usize, const IW: usize> Slots<R, W, IR, IW> {
    /// The slots of a step.
    ///
    /// # Panics
    /// If a slot to write overlaps another slot, or words lie with the batch: the plan of the network is wrong.
    pub const fn new(reads: [Slot; R], writes: [Slot; W], indices: Words<IR, IW>, extra: Extra) -> Self {
        let (own, own_words) = ([extra.scratch, extra.saved_batch, extra.saved_sample], [extra.saved_words]);
        // The ends come first: behind them no sum of an offset and a length overflows.
        let ends = Ends::NONE.and(&reads).and(&writes).and(&own);
        let words = Ends::NONE.and(&indices.reads).and(&indices.writes).and(&own_words);
        assert_apart(&reads, &writes, &own);
        assert_apart(&indices.reads, &indices.writes, &own_words);
        // Words lie in one part: a slot of another would meet those that it seems to be apart from.
        assert!(words.batch == 0, "nn: indices lie with their samples");
        Slots { reads, writes, indices, extra, ends, words_end: words.sample }
    }
}

/// Where the last of several slots ends in each part of a memory.
#[derive(Clone, Copy, Debug)]
struct Ends {
    sample: usize,
    batch: usize,
}

impl Ends {
    const NONE: Ends = Ends { sample: 0, batch: 0 };

    /// These, and those of more slots.
    const fn and(mut self, slots: &[Slot]) -> Ends {
        let mut index = 0;
        while index < slots.len() {
            let slot = slots[index];
            let Some(end) = slot.offset.checked_add(slot.len) else { panic!("{}", OUTSIDE) };
            match slot.space {
                Space::Sample if end > self.sample => self.sample = end,
                Space::Batch if end > self.batch => self.batch = end,
                Space::Sample | Space::Batch => {}
            }
            index += 1;
        }
        self
    }
}

const OUTSIDE: &str = "nn: a value lies outside of the memory plan";

/// The slices of one step.
pub struct Step<'a, E, const R: usize, const W: usize, const IR: usize, const IW: usize> {
    /// The slots to read.
    pub reads: [&'a [E]; R],
    /// The slots to write.
    pub writes: [&'a mut [E]; W],
    /// The slots with indices to read.
    pub index_reads: [&'a [u32]; IR],
    /// The slots with indices to write.
    pub index_writes: [&'a mut [u32]; IW],
    /// Working space.
    pub scratch: &'a mut [E],
    /// What the forward pass leaves for the backward pass.
    pub saved: Saved<'a, E>,
}

impl<E: Element, const SAMPLE: usize, const BATCH: usize, const WORDS: usize, const N: usize>
    Memory<E, SAMPLE, BATCH, WORDS, N>
{
    /// Empty memory, for a `static`. Big ones belong in a `Box` or a `static`, not on the stack.
    pub const fn new() -> Self {
        Memory { sample: [[E::ZERO; SAMPLE]; N], batch: [E::ZERO; BATCH], words: [[0; WORDS]; N], seed: 0, passes: 0 }
    }

    /// Fixes what dropout and its like draw from here on.
    pub fn seed(&mut self, seed: u64) {
        self.seed = seed;
        self.passes &= WAITS;
    }

    /// The random numbers of one training pass: each pass draws its own, and the same seed gives the same sequence of passes.
    pub fn random(&mut self) -> Random {
        let passes = (self.passes & !WAITS) + 1;
        self.passes = passes | WAITS;
        crate::seed(self.seed ^ passes.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// Whether a training pass waits for its backward pass, which this one is: its gradients take the memory of values that are not needed any more.
    pub(crate) fn use_up(&mut self) -> bool {
        let waits = self.passes & WAITS != 0;
        self.passes &= !WAITS;
        waits
    }

    /// Hands out the slots of one step.
    ///
    /// # Panics
    /// If a slot lies outside of the memory.
    #[inline]
    pub fn step<const R: usize, const W: usize, const IR: usize, const IW: usize>(
        &mut self,
        slots: &Slots<R, W, IR, IW>,
    ) -> Step<'_, E, R, W, IR, IW> {
        let fits = slots.ends.sample <= SAMPLE && slots.ends.batch <= BATCH && slots.words_end <= WORDS;
        assert!(fits, "{OUTSIDE}");
        let parts = Parts {
            sample: (&raw mut self.sample).cast::<E>(),
            batch: (&raw mut self.batch).cast::<E>(),
            words: (&raw mut self.words).cast::<u32>(),
            n: N,
        };
        // SAFETY: no slot ends behind `slots.ends` and `slots.words_end`, which lie inside the arrays as asserted above, and these are borrowed
        // mutably for the life of the result.
        unsafe { parts.step(slots) }
    }

    /// One slot to read.
    #[inline]
    pub fn read(&self, slot: Slot) -> &[E] {
        match slot.space {
            Space::Sample => &self.sample.as_flattened()[slot.offset * N..][..slot.len * N],
            Space::Batch => &self.batch[slot.offset..][..slot.len],
        }
    }

    /// One slot to write.
    #[inline]
    pub fn write(&mut self, slot: Slot) -> &mut [E] {
        match slot.space {
            Space::Sample => &mut self.sample.as_flattened_mut()[slot.offset * N..][..slot.len * N],
            Space::Batch => &mut self.batch[slot.offset..][..slot.len],
        }
    }

    /// One slot of indices to read.
    #[inline]
    pub fn read_indices(&self, slot: Slot) -> &[u32] {
        &self.words.as_flattened()[slot.offset * N..][..slot.len * N]
    }

    /// One slot of indices to write.
    #[inline]
    pub fn write_indices(&mut self, slot: Slot) -> &mut [u32] {
        &mut self.words.as_flattened_mut()[slot.offset * N..][..slot.len * N]
    }
}

impl<E: Element, const S: usize, const B: usize, const W: usize, const N: usize> Default for Memory<E, S, B, W, N> {
    fn default() -> Self {
        Memory::new()
    }
}

/// Where the parts of a memory begin, whatever their lengths: what hands out slots is compiled once, and not for each network.
struct Parts<E> {
    sample: *mut E,
    batch: *mut E,
    words: *mut u32,
    /// Samples of the batch.
    n: usize,
}

impl<E> Parts<E> {
    /// # Safety
    /// The slots lie inside the parts, whose elements are initialised, and borrowed by the caller alone for `'a`.
    #[inline]
    unsafe fn step<'a, const R: usize, const W: usize, const IR: usize, const IW: usize>(
        &self,
        slots: &Slots<R, W, IR, IW>,
    ) -> Step<'a, E, R, W, IR, IW> {
        // SAFETY: the caller's word; slots to read meet only slots to read, as `Slots::new` asserted.
        let read = |slot| unsafe { &*self.elements(slot) };
        // SAFETY: the caller's word; a slot to write meets no other slot, as `Slots::new` asserted.
        let write = |slot| unsafe { &mut *self.elements(slot) };
        // SAFETY: as for `read`.
        let read_words = |slot| unsafe { &*self.indices(slot) };
        // SAFETY: as for `write`.
        let write_words = |slot| unsafe { &mut *self.indices(slot) };
        let extra = slots.extra;
        Step {
            reads: each(&slots.reads, read),
            writes: each(&slots.writes, write),
            index_reads: each(&slots.indices.reads, read_words),
            index_writes: each(&slots.indices.writes, write_words),
            scratch: write(extra.scratch),
            saved: Saved {
                batch: write(extra.saved_batch),
                sample: write(extra.saved_sample),
                words: write_words(extra.saved_words),
            },
        }
    }

    #[inline]
    fn elements(&self, slot: Slot) -> *mut [E] {
        let (base, len) = match slot.space {
            Space::Sample => (self.sample.wrapping_add(slot.offset * self.n), slot.len * self.n),
            Space::Batch => (self.batch.wrapping_add(slot.offset), slot.len),
        };
        core::ptr::slice_from_raw_parts_mut(base, len)
    }

    #[inline]
    fn indices(&self, slot: Slot) -> *mut [u32] {
        core::ptr::slice_from_raw_parts_mut(self.words.wrapping_add(slot.offset * self.n), slot.len * self.n)
    }
}

/// `slots.map(make)`, which takes a debug build ten times as long.
#[inline(always)]
fn each<T, const COUNT: usize>(slots: &[Slot; COUNT], make: impl Fn(Slot) -> T) -> [T; COUNT] {
    let (mut all, mut index) = ([const { MaybeUninit::<T>::uninit() }; COUNT], 0);
    while index < COUNT {
        all[index] = MaybeUninit::new(make(slots[index]));
        index += 1;
    }
    // SAFETY: all are initialised, and an array of them lies in memory as one of what they hold; none is used again.
    unsafe { all.as_ptr().cast::<[T; COUNT]>().read() }
}

/// What is written meets nothing else.
const fn assert_apart<const R: usize, const W: usize, const O: usize>(
    reads: &[Slot; R],
    writes: &[Slot; W],
    own: &[Slot; O],
) {
    let (mut apart, mut i) = (true, 0);
    while i < W {
        apart &= disjoint(&writes[i], writes, i) & disjoint(&writes[i], reads, R) & disjoint(&writes[i], own, O);
        i += 1;
    }
    i = 0;
    while i < O {
        apart &= disjoint(&own[i], own, i) & disjoint(&own[i], reads, R);
        i += 1;
    }
    assert!(apart, "nn: two values share a place in the memory plan");
}

/// Whether a slot meets none of the first `count` others.
const fn disjoint<const COUNT: usize>(slot: &Slot, others: &[Slot; COUNT], count: usize) -> bool {
    let (mut apart, mut index) = (true, 0);
    while index < count && slot.len > 0 {
        let other = &others[index];
        let same = matches!((slot.space, other.space), (Space::Sample, Space::Sample) | (Space::Batch, Space::Batch));
        let meet = slot.offset < other.offset + other.len && other.offset < slot.offset + slot.len;
        apart &= !(same && other.len > 0 && meet);
        index += 1;
    }
    apart
}

/// Bytes of a [`Memory`] for `n` samples.
pub const fn memory_bytes<E>(sample: usize, batch: usize, words: usize, n: usize) -> usize {
    let elements = (sample * n + batch) * size_of::<E>();
    let words = (elements + words * n * 4).next_multiple_of(8);
    (words + 16).next_multiple_of(ALIGN * 4)
}
