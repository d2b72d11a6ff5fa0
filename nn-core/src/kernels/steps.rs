//! Where the operands of the steps of a sum lie: the tables that register tiles go through.

use core::mem::MaybeUninit;

/// The most steps of a sum that are taken at once.
pub(crate) const MAX_STEPS: usize = 512;

/// Where the operands of each step of a sum lie.
pub(crate) struct Steps {
    /// The first `len` are written: to fill the table takes as long as a small product.
    table: [MaybeUninit<[u32; 2]>; MAX_STEPS],
    len: usize,
    /// The furthest.
    most: [usize; 2],
    /// The last, and how far it is from one to the next: in the left operand among each [`SEVERAL`] from the first on, in the right one among all. 0 where
    /// that differs.
    last: [usize; 2],
    apart: [usize; 2],
}

/// Steps that a tile of many sums takes at a time: its places are counted once for all of them, and an instruction less for each product leaves more to whoever shares
/// the core's front end.
pub(super) const SEVERAL: usize = 4;

impl Steps {
    pub(crate) const fn new() -> Self {
        Steps { table: [const { MaybeUninit::uninit() }; MAX_STEPS], len: 0, most: [0; 2], apart: [0; 2], last: [0; 2] }
    }

    #[inline(always)]
    pub(super) fn table(&self) -> &[[u32; 2]] {
        // SAFETY: `push`, which alone makes `len` larger, wrote each of the first `len`, and the table has as many.
        unsafe { core::slice::from_raw_parts(self.table.as_ptr().cast(), self.len) }
    }

    /// Makes them `count` steps, each as far from the one before. In place: the table is long, and to bring it from one place of the stack to another
    /// takes some processors a thousand cycles.
    pub(crate) fn set_even(&mut self, count: usize, left: usize, right: usize) {
        self.clear();
        for step in 0..count {
            self.push(step * left, step * right);
        }
    }

    /// # Panics
    /// If there are [`MAX_STEPS`] already.
    pub(crate) fn push(&mut self, left: usize, right: usize) {
        let apart = [left.wrapping_sub(self.last[0]), right.wrapping_sub(self.last[1])];
        if self.len == 1 {
            self.apart = apart;
        } else if self.len > 1 {
            let same = [apart[0] == self.apart[0] || self.len.is_multiple_of(SEVERAL), apart[1] == self.apart[1]];
            self.apart = [0, 1].map(|side| if same[side] { self.apart[side] } else { 0 });
        }
        self.last = [left, right];
        self.table[self.len] = MaybeUninit::new([left as u32, right as u32]);
        self.len += 1;
        self.most = [self.most[0].max(left), self.most[1].max(right)];
    }

    /// Whether each [`SEVERAL`] of them, from the first on, lie side by side in the left operand and `width` apart in the right one.
    #[inline(always)]
    pub(super) fn are_even(&self, width: usize) -> bool {
        self.apart == [1, width]
    }

    pub(crate) fn clear(&mut self) {
        (self.len, self.most, self.apart) = (0, [0; 2], [0; 2]);
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The furthest places in both operands.
    #[inline(always)]
    pub(super) fn most(&self) -> [usize; 2] {
        self.most
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len == MAX_STEPS
    }
}
