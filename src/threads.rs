//! Threads that help with an inference.

use std::any::Any;
use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use std::vec::Vec;

use nn_core::Workers;

/// Threads for [`Frozen::forward_with`](crate::Frozen::forward_with). The calling thread does its part of the work, the others help: they wait for
/// work by asking for it again and again, some tenths of a millisecond long, and then sleep until there is some. Nothing is allocated and no lock
/// taken once they are there.
///
/// A part that no helper has begun when the caller is done with its own, the caller does itself: while the helpers are asleep, or the machine is busy,
/// it takes no longer than alone, but for a part that a helper has begun and the system has stopped.
///
/// ```
/// use nn::prelude::*;
///
/// network! {
///     struct Net: [16, 20, 20] -> [32, 20, 20] (Conv2d(16, 32, 3, padding = 1), ReLU, Conv2d(32, 32, 3, padding = 1));
/// }
///
/// let frozen = Net::init(&mut nn::seed(1)).freeze();
/// let (mut workspace, mut output) = (nn::Frozen::<Net>::workspace(), Box::new(Tensor3([[[0.0; 20]; 20]; 32])));
/// let input = Tensor3([[[0.5; 20]; 20]; 16]);
/// let mut threads = nn::Threads::new(2);
/// frozen.forward_with(&mut threads, &input, &mut workspace, &mut output);
/// assert_eq!(*output, frozen.predict(&input));
/// ```
pub struct Threads {
    shared: Arc<Shared>,
    helpers: Vec<JoinHandle<()>>,
}

/// The parts of a round: so many bits of [`Shared::claims`]; its other bits number the rounds.
const PARTS: usize = 16;

/// How long a helper asks for work before it sleeps.
const PATIENCE: Duration = Duration::from_micros(300);

/// What the caller and its helpers have in common.
struct Shared {
    /// The number of the round, and a bit for each of its parts that is taken or was never there.
    claims: AtomicU64,
    /// The round's [`Task`]. Written between rounds, when all bits of `claims` are set.
    task: AtomicPtr<()>,
    /// How many parts of the round are done.
    done: AtomicUsize,
    /// One for each helper: whether it sleeps, or is about to.
    asleep: [AtomicBool; PARTS],
    /// Whether a part panicked on a helper.
    panicked: AtomicBool,
    stop: AtomicBool,
}

/// What `run` was given, behind a thin pointer.
struct Task<'a> {
    part: &'a (dyn Fn(usize) + Sync),
}

impl Threads {
    /// So many threads, with the calling one: `new(2)` starts one helper. At most 16.
    ///
    /// # Panics
    /// If the system cannot start a thread.
    pub fn new(count: usize) -> Self {
        Threads::with_start(count, |_| ())
    }

    /// The same; each helper begins by calling `start` with its number, from 1 on: to give it the priority of an audio thread, say, or a core of its
    /// own. All have when this returns.
    ///
    /// # Panics
    /// If the system cannot start a thread.
    pub fn with_start(count: usize, start: impl Fn(usize) + Send + Clone + 'static) -> Self {
        let shared = Arc::new(Shared {
            claims: AtomicU64::new(ALL),
            task: AtomicPtr::new(std::ptr::null_mut()),
            done: AtomicUsize::new(0),
            asleep: Default::default(),
            panicked: AtomicBool::new(false),
            stop: AtomicBool::new(false),
        });
        let helper = |index: usize| {
            let (shared, start) = (shared.clone(), start.clone());
            let work = move || {
                start(index);
                shared.done.fetch_add(1, Ordering::Release);
                shared.help(index);
            };
            std::thread::Builder::new()
                .name(std::format!("nn-{index}"))
                .spawn(work)
                .expect("the system starts a thread")
        };
        let helpers: Vec<_> = (1..count.min(PARTS)).map(helper).collect();
        // All are there, and have allocated what a thread needs, before the first work; one whose `start` panicked never is.
        let there =
            || shared.done.load(Ordering::Acquire) == helpers.len() || helpers.iter().any(JoinHandle::is_finished);
        while !there() {
            std::thread::yield_now();
        }
        Threads { shared, helpers }
    }
}

/// All parts are taken, or were never there.
const ALL: u64 = (1 << PARTS) - 1;

impl Shared {
    /// What a helper does until the end.
    fn help(&self, index: usize) {
        while !self.stop.load(Ordering::Relaxed) {
            if self.work(index) || self.wait() {
                continue;
            }
            // The order of these two and of the caller's two (publish, look who sleeps) lets one of them see the other.
            self.asleep[index].store(true, Ordering::SeqCst);
            if self.claims.load(Ordering::SeqCst) & ALL == ALL && !self.stop.load(Ordering::SeqCst) {
                std::thread::park();
            }
            self.asleep[index].store(false, Ordering::Relaxed);
        }
    }

    /// Waits for a round, or for the end, but not forever: whether there is something to do.
    fn wait(&self) -> bool {
        let start = Instant::now();
        loop {
            for _ in 0..64 {
                if self.claims.load(Ordering::Relaxed) & ALL != ALL || self.stop.load(Ordering::Relaxed) {
                    return true;
                }
                std::hint::spin_loop();
            }
            if start.elapsed() > PATIENCE {
                return false;
            }
        }
    }

    /// Does parts of the round, its own first, until all are taken: whether it did any.
    fn work(&self, own: usize) -> bool {
        let mut worked = false;
        loop {
            let claims = self.claims.load(Ordering::Acquire);
            let free = !claims & ALL;
            if free == 0 {
                return worked;
            }
            let part = if free >> own & 1 == 1 { own } else { free.trailing_zeros() as usize };
            let task = self.task.load(Ordering::Relaxed).cast::<Task<'_>>();
            let taken = claims | 1 << part;
            // Only while the round lasts: its number is part of what is compared, and a round lasts until all its parts are done.
            if self.claims.compare_exchange(claims, taken, Ordering::AcqRel, Ordering::Relaxed).is_err() {
                continue;
            }
            worked = true;
            // SAFETY: the part was free in a round whose number did not change since before the pointer was read: it is that round's, and `round` keeps the
            // task until all parts are done, which this one is not yet. Tasks are shared, not changed, and what they hold is `Sync`.
            let task = unsafe { &*task };
            let result = catch_unwind(AssertUnwindSafe(|| (task.part)(part)));
            if result.is_err() {
                self.panicked.store(true, Ordering::Relaxed);
            }
            self.done.fetch_add(1, Ordering::Release);
        }
    }
}

// SAFETY: who sets a part's bit in `claims`, which one thread does, calls it; bits from `parts` on are set from the start.
unsafe impl Workers for Threads {
    fn count(&self) -> usize {
        self.helpers.len() + 1
    }

    fn run(&mut self, parts: usize, part: &(dyn Fn(usize) + Sync)) {
        let mut first = 0;
        while first < parts {
            let some = (parts - first).min(PARTS);
            self.round(some, &|index| part(first + index));
            first += some;
        }
    }
}

impl Threads {
    /// At most [`PARTS`] parts.
    fn round(&mut self, parts: usize, part: &(dyn Fn(usize) + Sync)) {
        let shared = &*self.shared;
        let task = Task { part };
        shared.task.store((&raw const task).cast_mut().cast(), Ordering::Relaxed);
        shared.done.store(0, Ordering::Relaxed);
        let round = (shared.claims.load(Ordering::Relaxed) >> PARTS).wrapping_add(1);
        shared.claims.store(round << PARTS | (ALL & (ALL << parts)), Ordering::SeqCst);
        for (index, helper) in self.helpers.iter().enumerate() {
            if shared.asleep[index + 1].load(Ordering::SeqCst) {
                helper.thread().unpark();
            }
        }
        shared.work(0);
        let mut asked = 0u32;
        while shared.done.load(Ordering::Acquire) < parts {
            std::hint::spin_loop();
            asked += 1;
            // On a busy machine the helper may wait for this very core.
            if asked.is_multiple_of(10_000) {
                std::thread::yield_now();
            }
        }
        if shared.panicked.swap(false, Ordering::Relaxed) {
            let what: Box<dyn Any + Send> = Box::new("nn: a part of a step panicked");
            resume_unwind(what);
        }
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        for helper in self.helpers.drain(..) {
            helper.thread().unpark();
            let _ = helper.join();
        }
    }
}

impl std::fmt::Debug for Threads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Threads").field("count", &self.count()).finish()
    }
}
