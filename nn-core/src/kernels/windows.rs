//! A strip of a convolution's source, laid out with its zeros such that each entry of the window sees the whole strip at one offset:
//! windows need no unrolling, a register tile reads them where they lie.
//!
//! Columns of the strip are its results, line after line, a line as long as the phases are: between two lines some columns belong to no
//! result, are computed nevertheless, and dropped. See [`Sweep`] for the phases.

use core::ops::Range;

use nn_shape::tile::{MAX_LANES, MAX_WIDTH, Sweep};

use super::steps::MAX_STEPS;
use crate::Float;
use crate::simd::{Lanes, Vector, with_current_vectors};

/// Bytes of a strip that a panel sees at once: with the rows beside them they fit a first cache of 48 KiB; 32 and 48 were no faster.
const NEAR: usize = 32768;

/// Numbers between what is laid out and what is asked for then: the machine's own reading ahead ends at each page, which may be a plane.
const AHEAD: usize = 1024;

/// What strips cover: that many channels, lines and columns of each.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) channels: usize,
    pub(super) lines: usize,
    pub(super) columns: usize,
}

impl Plan {
    /// The largest strips that fit, as even as possible: first one channel and line, then channels as long as the cache is large enough, then
    /// lines.
    pub(super) fn new<E>(sweeps: &[Sweep; 3], channels: usize, room: usize) -> Plan {
        let [depth, height, width] = sweeps;
        let (room, near) = (room - MAX_LANES, NEAR / size_of::<E>());
        let planes = (depth.entries * height.phases * width.phases).max(1);
        let (height_span, width_span) = (height.span(), width.span());
        let size = |lines: usize, columns: usize| planes * (lines + height_span) * (columns + width_span);
        let window = (depth.entries * height.entries * width.entries).max(1);
        if channels * size(height.count, width.count) <= room.min(near) && channels * window <= MAX_STEPS {
            return Plan { channels, lines: height.count, columns: width.count };
        }
        let longest = (room / (planes * (1 + height_span))).saturating_sub(width_span);
        let columns = width.count.min(longest);
        let seen = depth.entries * height.entries * width.phases * (MAX_WIDTH + width_span);
        let near = near / seen.min(size(height.count, columns)).max(1);
        let few = size(height.count.min(4), columns);
        // As few blocks of steps as possible: each adds to the results in memory.
        let taken = MAX_STEPS / window;
        let channels = near.min(room / few).min(taken).clamp(1, channels);
        Plan { channels, lines: Plan::lines(sweeps, channels, columns, room), columns }
    }

    /// The most lines that fit.
    pub(super) fn lines(sweeps: &[Sweep; 3], channels: usize, columns: usize, room: usize) -> usize {
        let [depth, height, width] = sweeps;
        let line = channels * (depth.entries * height.phases * width.phases).max(1) * (columns + width.span());
        (room / line).saturating_sub(height.span()).clamp(1, height.count)
    }
}

/// One strip.
#[derive(Clone, Copy)]
pub(super) struct Strip<'a> {
    pub(super) sweeps: &'a [Sweep; 3],
    /// The result along the depth axis.
    pub(super) depth: usize,
    /// First result of the lines and of the columns, and how many.
    pub(super) line: usize,
    pub(super) lines: usize,
    pub(super) column: usize,
    pub(super) columns: usize,
    /// From one line to the next, from one phase of a plane to the next, and from one channel to the next.
    pub(super) pitch: usize,
    phase: usize,
    pub(super) channel: usize,
}

/// One entry of the window.
pub(super) struct Entry {
    /// Its place in the window.
    pub(super) kernel: usize,
    /// Its offset in the strip.
    pub(super) offset: usize,
}

impl<'a> Strip<'a> {
    /// The strip of some lines and columns of results, at one place along the depth axis.
    pub(super) fn new(sweeps: &'a [Sweep; 3], depth: usize, lines: Range<usize>, columns: Range<usize>) -> Self {
        let [planes, height, width] = sweeps;
        let pitch = columns.len() + width.span();
        let phase = (lines.len() + height.span()) * pitch;
        Strip {
            sweeps,
            depth,
            line: lines.start,
            lines: lines.len(),
            column: columns.start,
            columns: columns.len(),
            pitch,
            phase,
            channel: planes.entries * height.phases * width.phases * phase,
        }
    }

    /// Columns, with those between the lines.
    pub(super) fn width(&self) -> usize {
        (self.lines - 1) * self.pitch + self.columns
    }

    /// The plane of the source that entry `entry` along the depth axis shows.
    #[inline(always)]
    fn plane(&self, entry: usize) -> Option<usize> {
        inside(
            &self.sweeps[0],
            self.depth + entry / self.sweeps[0].phases * self.sweeps[0].jump,
            entry % self.sweeps[0].phases,
        )
    }

    /// Calls `visit` for the entries of the window, over one channel, but for those that see nothing but zeros.
    pub(super) fn entries(&self, kernels: [usize; 2], mut visit: impl FnMut(Entry)) {
        let [depth, height, width] = self.sweeps;
        let kernel =
            |sweep: &Sweep, entry: usize| (sweep.kernel as isize + entry as isize * sweep.kernel_step) as usize;
        for d in (0..depth.entries).filter(|d| self.plane(*d).is_some()) {
            let (mut row_phase, mut line) = (0, 0);
            for h in 0..height.entries {
                let plane = (d * height.phases + row_phase) * width.phases;
                let place = (kernel(depth, d) * kernels[0] + kernel(height, h)) * kernels[1];
                let (mut phase, mut column) = (0, 0);
                for w in 0..width.entries {
                    let offset = (plane + phase) * self.phase + line * self.pitch + column;
                    visit(Entry { kernel: place + kernel(width, w), offset });
                    phase += 1;
                    if phase == width.phases {
                        (phase, column) = (0, column + width.jump);
                    }
                }
                row_phase += 1;
                if row_phase == height.phases {
                    (row_phase, line) = (0, line + height.jump);
                }
            }
        }
    }

    /// Lays out the strip of some channels of the source.
    pub(super) fn fill<E: Lanes>(&self, source: &[E], strip: &mut [E]) {
        self.lay(source, true, strip);
    }

    /// As [`Strip::fill`], where the same strip of other channels lay before: the zeros are where they were.
    pub(super) fn refill<E: Lanes>(&self, source: &[E], strip: &mut [E]) {
        self.lay(source, false, strip);
    }

    fn lay<E: Lanes>(&self, source: &[E], clear: bool, strip: &mut [E]) {
        if self.sweeps.iter().all(|sweep| sweep.entries > 0) {
            // SAFETY: slices vouch for themselves.
            unsafe { fill(self, source, clear, strip) }
        }
    }
}

with_current_vectors! {
    /// See [`Strip::fill`].
    ///
    /// # Safety
    /// None but that of a vector, which the choice of the current set meets.
    unsafe fn fill<E: Lanes>(strip: &Strip<'_>, source: &[E], clear: bool, to: &mut [E]) = fill_strip;
}

/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn fill_strip<V: Vector>(strip: &Strip<'_>, source: &[V::Element], clear: bool, to: &mut [V::Element]) {
    let [depth, height, width] = strip.sweeps;
    let (pitch, phase_len) = (strip.pitch, strip.phase);
    let plane = height.source * width.source;
    if clear {
        let channels = source.len() / (depth.source * plane).max(1);
        to[..channels * strip.channel].fill(V::Element::ZERO);
    }
    for d in 0..depth.entries {
        let Some(at) = strip.plane(d) else { continue };
        for row_phase in 0..height.phases {
            let rows = seen(height, strip.line, strip.lines + height.span(), row_phase);
            if rows.is_empty() {
                continue;
            }
            let first = place(height, strip.line + rows.start, row_phase) as usize * width.source;
            let lines = |len| Lines { count: rows.len(), len, step: pitch, source_step: height.stride * width.source };
            let columns = |phase: usize| {
                let columns = seen(width, strip.column, pitch, phase);
                let from = place(width, strip.column + columns.start, phase).unsigned_abs();
                Run { at: rows.start * pitch + columns.start, from: first + from, len: columns.len() }
            };
            let mut phase = 0;
            while phase < width.phases {
                let first = columns(phase);
                let second = if phase + 1 < width.phases { columns(phase + 1) } else { Run::default() };
                // Of two phases one may show what the other one leaves out.
                let together = (width.stride, width.dilation) == (2, 1) && first.alternates(&second);
                let begin = ((d * height.phases + row_phase) * width.phases + phase) * phase_len;
                let sources = source.chunks_exact(depth.source * plane).map(|source| &source[at * plane..][..plane]);
                // What is the same for all channels is found once: of a small plane it takes longer than the lines.
                for (source, to) in sources.zip(to.chunks_exact_mut(strip.channel)) {
                    let (to, rest) = to[begin..].split_at_mut(phase_len);
                    if together {
                        let (one, other) = (&mut to[first.at..], &mut rest[..phase_len][second.at..]);
                        let source = &source[first.from.min(second.from)..];
                        let to = if first.from < second.from { [one, other] } else { [other, one] };
                        // SAFETY: passed on to the caller.
                        unsafe { lines(first.len.max(second.len)).lay_both::<V>(source, first.len.min(second.len), to) }
                    } else if first.len > 0 {
                        // SAFETY: passed on to the caller.
                        unsafe { lines(first.len).lay::<V>(&source[first.from..], width.stride, &mut to[first.at..]) }
                    }
                }
                phase += if together { 2 } else { 1 };
            }
        }
    }
}

/// The place in the source that a place of a phase shows; outside it, where there are zeros, perhaps.
#[inline(always)]
fn place(sweep: &Sweep, at: usize, phase: usize) -> isize {
    (at * sweep.stride + phase * sweep.dilation) as isize + sweep.origin
}

/// The place in the source that a place of a phase shows.
#[inline(always)]
fn inside(sweep: &Sweep, at: usize, phase: usize) -> Option<usize> {
    usize::try_from(place(sweep, at, phase)).ok().filter(|place| *place < sweep.source)
}

/// The part of `count` places of a phase from `first` on that shows the source.
#[inline(always)]
fn seen(sweep: &Sweep, first: usize, count: usize, phase: usize) -> Range<usize> {
    let start = place(sweep, first, phase);
    let before = start.min(0).unsigned_abs().div_ceil(sweep.stride).min(count);
    let end = (sweep.source as isize - start).max(0).unsigned_abs().div_ceil(sweep.stride).min(count);
    before..end.max(before)
}

/// What a phase shows of a line: where it lies in the strip and in the source, and how many numbers.
#[derive(Clone, Copy, Default)]
struct Run {
    at: usize,
    from: usize,
    len: usize,
}

impl Run {
    /// Whether two runs, each of every second number, are all numbers of a line in turn.
    fn alternates(&self, other: &Run) -> bool {
        let (one, two) = if self.from < other.from { (self, other) } else { (other, self) };
        two.len > 0 && two.from == one.from + 1 && (one.len == two.len || one.len == two.len + 1)
    }
}

/// Lines of a plane, `source_step` apart, which are laid out `step` apart.
pub(super) struct Lines {
    pub(super) count: usize,
    pub(super) len: usize,
    pub(super) step: usize,
    pub(super) source_step: usize,
}

impl Lines {
    /// Lays out every `stride`th number of the lines.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    pub(super) unsafe fn lay<V: Vector>(&self, from: &[V::Element], stride: usize, to: &mut [V::Element]) {
        let Lines { count, len, step, source_step } = *self;
        assert!(count > 0 && len > 0 && (count - 1) * step + len <= to.len(), "the lines go inside");
        assert!((count - 1) * source_step + (len - 1) * stride < from.len(), "the lines lie inside");
        assert!(source_step > 0 || count == 1, "each line lies behind the one before");
        let (mut from, mut to) = (from.as_ptr(), to.as_mut_ptr());
        macro_rules! each {
            ($count:expr, $line:expr) => {
                for _ in 0..$count {
                    $line;
                    // Behind the last line they may point anywhere.
                    (from, to) = (from.wrapping_add(source_step), to.wrapping_add(step));
                }
            };
        }
        // SAFETY: of each line `len` numbers are written, and of its source no number behind the last one that is wanted is read, or, where lines
        // follow, `2 * len` numbers, one more: all inside, as asserted. The instruction set is the caller's to vouch for.
        unsafe {
            match stride {
                1 if len < V::LANES => each!(count, V::load_part(from, len).store_part(to, len)),
                1 => each!(count, {
                    let mut at = 0;
                    while at + V::LANES < len {
                        V::fetch(from.wrapping_add(at + AHEAD));
                        V::load(from.add(at)).store(to.add(at));
                        at += V::LANES;
                    }
                    let last = len - V::LANES;
                    V::fetch(from.wrapping_add(last + AHEAD));
                    V::load(from.add(last)).store(to.add(last));
                }),
                2 => {
                    // But for the last line, a number behind the last one that is wanted is there: masks take time.
                    let whole = if len.is_multiple_of(V::LANES) { count - 1 } else { 0 };
                    each!(whole, {
                        for at in (0..len).step_by(V::LANES) {
                            let from = from.add(2 * at);
                            V::fetch(from.wrapping_add(AHEAD));
                            V::fetch(from.wrapping_add(AHEAD + V::LANES));
                            V::load(from).evens(V::load(from.add(V::LANES))).store(to.add(at));
                        }
                    });
                    each!(count - whole, {
                        let mut at = 0;
                        while at + V::LANES < len {
                            let from = from.add(2 * at);
                            V::load(from).evens(V::load(from.add(V::LANES))).store(to.add(at));
                            at += V::LANES;
                        }
                        load_evens::<V>(from.add(2 * at), len - at).store_part(to.add(at), len - at);
                    });
                }
                _ => each!(
                    count,
                    for at in 0..len {
                        *to.add(at) = *from.add(at * stride);
                    }
                ),
            }
        }
    }
}

impl Lines {
    /// Lays out all numbers of the lines: the first, the third and so on, and the `odd_len` between them or behind.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    unsafe fn lay_both<V: Vector>(&self, from: &[V::Element], odd_len: usize, to: [&mut [V::Element]; 2]) {
        let Lines { count, len, step, source_step } = *self;
        assert!(count > 0 && odd_len > 0 && (len == odd_len || len == odd_len + 1), "every number of a line");
        let end = (count - 1) * step;
        assert!(end + len <= to[0].len() && end + odd_len <= to[1].len(), "the lines go inside");
        assert!((count - 1) * source_step + len + odd_len <= from.len(), "the lines lie inside");
        let (mut from, [mut evens, mut odds]) = (from.as_ptr(), to.map(|to| to.as_mut_ptr()));
        let whole = odd_len / V::LANES * V::LANES;
        let (rest, odd_rest) = (len - whole, odd_len - whole);
        let (first, second) = ((rest + odd_rest).min(V::LANES), (rest + odd_rest).saturating_sub(V::LANES));
        for _ in 0..count {
            // SAFETY: of each line `len` and `odd_len` numbers are written, and their sum of its source is read: all inside, as asserted. The
            // instruction set is the caller's to vouch for.
            unsafe {
                let mut at = 0;
                while at < whole {
                    let source = from.add(2 * at);
                    V::fetch(source.wrapping_add(AHEAD));
                    V::fetch(source.wrapping_add(AHEAD + V::LANES));
                    let (a, b) = (V::load(source), V::load(source.add(V::LANES)));
                    a.evens(b).store(evens.add(at));
                    a.odds(b).store(odds.add(at));
                    at += V::LANES;
                }
                if rest > 0 {
                    let source = from.add(2 * at);
                    V::fetch(source.wrapping_add(AHEAD));
                    let (a, b) = (V::load_part(source, first), V::load_part(source.wrapping_add(V::LANES), second));
                    a.evens(b).store_part(evens.add(at), rest);
                    a.odds(b).store_part(odds.add(at), odd_rest);
                }
            }
            // Behind the last line they may point anywhere.
            (from, evens, odds) = (from.wrapping_add(source_step), evens.wrapping_add(step), odds.wrapping_add(step));
        }
    }
}

/// `count` numbers, every second one in memory.
///
/// # Safety
/// The machine has the vector's instruction set, `1 <= count <= LANES`, and `from` is valid for reading `2 * count - 1` numbers.
#[inline(always)]
pub(super) unsafe fn load_evens<V: Vector>(from: *const V::Element, count: usize) -> V {
    let len = 2 * count - 1;
    // SAFETY: passed on to the caller; where nothing is read, the address does not matter.
    unsafe {
        let first = V::load_part(from, len.min(V::LANES));
        first.evens(V::load_part(from.wrapping_add(V::LANES), len.saturating_sub(V::LANES)))
    }
}
