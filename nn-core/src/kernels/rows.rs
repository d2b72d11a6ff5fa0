//! Two values that meet, either repeated along some axes: row by row, the last axis.

use nn_shape::Broadcast;

/// Where a row begins in the output and in both inputs.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) output: usize,
    pub(super) left: usize,
    pub(super) right: usize,
}

/// How rows are read.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub(super) len: usize,
    pub(super) left: usize,
    pub(super) right: usize,
}

impl Steps {
    #[inline(always)]
    pub(super) fn new(broadcast: &Broadcast, batch: usize) -> Steps {
        if broadcast.is_pairwise() {
            return Steps { len: batch * broadcast.sizes[0], left: 1, right: 1 };
        }
        let last = broadcast.rank - 1;
        Steps { len: broadcast.sizes[last], left: broadcast.left[last], right: broadcast.right[last] }
    }
}

/// The rows of all samples: one where both have the same shape. An iterator, because a closure that is given each row would be a function of its own,
/// without the instruction set of its caller.
#[inline(always)]
pub(super) fn rows(broadcast: &Broadcast, batch: usize) -> impl Iterator<Item = Row> {
    let pairwise = broadcast.is_pairwise();
    let outer = broadcast.rank.saturating_sub(1);
    let count = if pairwise { 1 } else { broadcast.sizes[..outer].iter().product() };
    (0..if pairwise { 1 } else { batch * count }).map(move |row| {
        let sample = row / count;
        let [left, right] = [&broadcast.left, &broadcast.right].map(|strides| {
            let (mut rest, mut place, mut sample_len) = (row % count, 0, 1);
            for axis in (0..broadcast.rank).rev() {
                if axis < outer {
                    place += rest % broadcast.sizes[axis] * strides[axis];
                    rest /= broadcast.sizes[axis];
                }
                if strides[axis] != 0 {
                    sample_len *= broadcast.sizes[axis];
                }
            }
            sample * sample_len + place
        });
        Row { output: row * broadcast.sizes[outer], left, right }
    })
}

/// A loop over a row: for each element what goes with it in `$beside`, the operand of the left and that of the right.
macro_rules! each_pair {
    ($steps:expr, $beside:expr, $left:expr, $right:expr, |$at:pat_param, $a:ident, $b:ident| $body:expr) => {{
        let (steps, left, right) = ($steps, $left, $right);
        match (steps.left, steps.right) {
            (1, 1) => {
                for ($at, ($a, $b)) in $beside.zip(left[..steps.len].iter().zip(&right[..steps.len])) {
                    let ($a, $b) = (*$a, *$b);
                    $body
                }
            }
            (0, _) => {
                let $a = left[0];
                for ($at, $b) in $beside.zip(&right[..steps.len]) {
                    let $b = *$b;
                    $body
                }
            }
            _ => {
                let $b = right[0];
                for ($at, $a) in $beside.zip(&left[..steps.len]) {
                    let $a = *$a;
                    $body
                }
            }
        }
    }};
}
pub(super) use each_pair;
