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
    let mut offsets = [0; COUNT];
    let order = largest_first(lives);
    let mut total = 0;
    let mut placed = 0;
    while placed < COUNT {
        let this = order[placed];
        let life = lives[this];
        let mut offset: usize = 0;
        let mut other = 0;
        // Any conflict moves the offset up, and every other buffer must be looked at again.
        while other < placed {
            let (begin, end) = (offsets[order[other]], offsets[order[other]] + lives[order[other]].len);
            if life.overlaps(&lives[order[other]]) && offset < end && begin < offset + life.len {
                offset = end.div_ceil(ALIGN) * ALIGN;
                other = 0;
            } else {
                other += 1;
            }
        }
        offsets[this] = offset;
        if offset + life.len > total {
            total = offset + life.len;
        }
        placed += 1;
    }
    Plan { offsets, total: total.div_ceil(ALIGN) * ALIGN }
}

/// Shell sort, because `sort_by` is not `const`.
const fn largest_first<const COUNT: usize>(lives: &[Life; COUNT]) -> [usize; COUNT] {
    let mut order = [0; COUNT];
    let mut i = 0;
    while i < COUNT {
        order[i] = i;
        i += 1;
    }
    let mut gap = COUNT / 2;
    while gap > 0 {
        let mut i = gap;
        while i < COUNT {
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
    order
}

/// Whether no two buffers that live at the same time overlap and all lie within the total: held against every plan
/// as a constant assertion, so that nothing rests on the heuristic above.
pub const fn is_sound<const COUNT: usize>(lives: &[Life; COUNT], plan: &Plan<COUNT>) -> bool {
    let mut i = 0;
    while i < COUNT {
        let (begin, end) = (plan.offsets[i], plan.offsets[i] + lives[i].len);
        if begin % ALIGN != 0 || end > plan.total {
            return false;
        }
        let mut j = 0;
        while j < i {
            if lives[i].overlaps(&lives[j]) && begin < plan.offsets[j] + lives[j].len && plan.offsets[j] < end {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}
