//! Where each value lives: memory planned by a `const fn` from the values' lives.

/// A stretch of time in which a buffer is needed: from step `from` to step `to`, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Life {
    /// Elements.
    pub len: usize,
    /// First step.
    pub from: usize,
    /// Last step.
    pub to: usize,
}

/// Offsets are multiples of this many elements, so that every buffer begins on a cache line.
pub const ALIGN: usize = 16;

impl Life {
    /// Whether both are needed at one time.
    pub const fn overlaps(&self, other: &Life) -> bool {
        self.len > 0 && other.len > 0 && self.from <= other.to && other.from <= self.to
    }
}

/// The offset of each buffer, and the elements that they take together.
#[derive(Clone, Copy, Debug)]
pub struct Plan<const COUNT: usize> {
    /// Where each buffer begins.
    pub offsets: [usize; COUNT],
    /// Elements of the whole.
    pub total: usize,
}

/// Places the largest buffer first, each at the lowest offset where it meets no other that lives at the same time.
pub const fn plan<const COUNT: usize>(lives: &[Life; COUNT]) -> Plan<COUNT> {
    let (mut offsets, mut order, mut placed) = ([0; COUNT], [0; COUNT], [0; COUNT]);
    let total = place(lives, &mut offsets, &mut order, &mut placed);
    Plan { offsets, total }
}

/// As [`plan`], for a count that is not a constant: writes the offsets and gives the total. `order` and `placed` are working space, as
/// long as `lives`.
pub const fn place(lives: &[Life], offsets: &mut [usize], order: &mut [usize], placed: &mut [usize]) -> usize {
    largest_first(lives, order);
    let mut total = 0;
    let mut count = 0;
    while count < lives.len() {
        let this = order[count];
        let Life { len, from, to } = lives[this];
        if len == 0 {
            // The largest are first: only empty ones are left.
            offsets[this] = 0;
            count += 1;
            continue;
        }
        // `placed` is sorted by offset, so one pass finds the lowest gap. rustc interprets this loop: calls would cost more than all the rest.
        let mut offset: usize = 0;
        let mut i = 0;
        while i < count {
            let place = placed[i];
            let other = &lives[place];
            if from <= other.to && other.from <= to {
                let begin = offsets[place];
                if offset + len <= begin {
                    break;
                }
                let end = begin + other.len;
                if end > offset {
                    offset = end.div_ceil(ALIGN) * ALIGN;
                }
            }
            i += 1;
        }
        offsets[this] = offset;
        let mut i = count;
        while i > 0 && offsets[placed[i - 1]] > offset {
            placed[i] = placed[i - 1];
            i -= 1;
        }
        placed[i] = this;
        if offset + len > total {
            total = offset + len;
        }
        count += 1;
    }
    total.div_ceil(ALIGN) * ALIGN
}

/// Shell sort, because `sort_by` is not `const`.
const fn largest_first(lives: &[Life], order: &mut [usize]) {
    let mut i = 0;
    while i < lives.len() {
        order[i] = i;
        i += 1;
    }
    let mut gap = lives.len() / 2;
    while gap > 0 {
        let mut i = gap;
        while i < lives.len() {
            let this = order[i];
            let mut j = i;
            while j >= gap && lives[order[j - gap]].len < lives[this].len {
                order[j] = order[j - gap];
                j -= gap;
            }
            order[j] = this;
            i += 1;
        }
        gap /= 2;
    }
}

/// Whether no two buffers that live at the same time overlap and all lie within the total: held against every plan
/// as a constant assertion, so that nothing rests on the heuristic above.
pub const fn is_sound(lives: &[Life], offsets: &[usize], total: usize) -> bool {
    let mut i = 0;
    while i < lives.len() {
        let Life { len, from, to } = lives[i];
        let (begin, end) = (offsets[i], offsets[i] + len);
        if begin % ALIGN != 0 || end > total {
            return false;
        }
        let mut j = if len == 0 { i } else { 0 };
        while j < i {
            // As `Life::overlaps`, without its call: rustc interprets this loop.
            let other = &lives[j];
            if from <= other.to
                && other.from <= to
                && offsets[j] < end
                && begin < offsets[j] + other.len
                && other.len > 0
            {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random_lives<const COUNT: usize>(seed: u64) -> [Life; COUNT] {
        let mut state = seed;
        let mut next = |limit: u64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) % limit) as usize
        };
        core::array::from_fn(|_| {
            let from = next(30);
            Life { len: next(200), from, to: from + next(8) }
        })
    }

    #[test]
    fn random_plans_are_sound_and_no_larger_than_the_sum() {
        for seed in 0..200 {
            let lives = random_lives::<40>(seed);
            let plan = plan(&lives);
            assert!(is_sound(&lives, &plan.offsets, plan.total), "seed {seed}");
            let sum: usize = lives.iter().map(|life| life.len.next_multiple_of(ALIGN)).sum();
            assert!(plan.total <= sum, "seed {seed}");
        }
    }

    #[test]
    fn a_chain_takes_two_buffers() {
        let lives = [400, 100, 300, 50, 400, 10].map(|len| len * 16);
        let lives: [Life; 6] = core::array::from_fn(|i| Life { len: lives[i], from: i, to: i + 1 });
        assert_eq!(plan(&lives).total, 500 * 16, "neighbours live together: at most 400 and 100");
    }

    #[test]
    fn an_overlap_is_found() {
        let lives = [Life { len: 32, from: 0, to: 2 }, Life { len: 32, from: 2, to: 3 }];
        assert!(!is_sound(&lives, &[0, 16], 64), "they share 16 elements");
        assert!(!is_sound(&lives, &[0, 32], 48), "the second leaves the memory");
        assert!(is_sound(&lives, &[0, 32], 64));
    }
}
