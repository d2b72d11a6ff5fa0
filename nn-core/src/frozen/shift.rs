//! What a stream remembers, some numbers on.

use nn_shape::frozen::Runs;

use super::runs;
use crate::Float;
use crate::simd::Vector;

/// Lines of what is remembered, numbers of each, and how many of them are new.
#[derive(Clone, Copy)]
pub(super) struct Shift {
    pub(super) lines: usize,
    pub(super) len: usize,
    pub(super) new: usize,
}

impl Shift {
    fn check<E>(&self, [past, next]: [&[E]; 2], output: &[E]) {
        let Shift { lines, len, new } = *self;
        assert!(0 < new && new < len && lines > 0, "a part of each line is new");
        assert!(past.len() == lines * len && output.len() == past.len(), "as much is remembered as before");
        assert!(next.len() == lines * new, "each line goes on");
    }

    /// Each line of `past` without its first numbers, and the line of `next` behind them. All lines move at once: what goes from one into the other is overwritten.
    #[inline(always)]
    pub(super) fn run<E: Float>(&self, [past, next]: [&[E]; 2], output: &mut [E]) {
        self.check([past, next], output);
        let Shift { lines, len, new } = *self;
        let moved = lines * len - new;
        runs::run(&Runs { count: 1, len: moved, from: [new, moved], to: [0, moved] }, past, output);
        runs::run(&Runs { count: lines, len: new, from: [0, new], to: [len - new, len] }, next, output);
    }

    /// The same in code that is compiled for the sizes.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    #[inline(always)]
    pub(super) unsafe fn run_known<V: Vector>(&self, [past, next]: [&[V::Element]; 2], output: &mut [V::Element]) {
        let Shift { lines, len, new } = *self;
        if !V::shifts(lines, len, new) {
            return self.run([past, next], output);
        }
        self.check([past, next], output);
        // SAFETY: the lines are as long as that, as just asserted; the instruction set is the caller's to vouch for.
        unsafe { V::shift(lines, len, past.as_ptr(), next.as_ptr(), output.as_mut_ptr()) }
    }
}
