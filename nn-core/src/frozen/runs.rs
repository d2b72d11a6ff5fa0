//! Copies of runs of neighbouring numbers: `narrow`, `select`, `chunk`, `cat` and their like.

use nn_shape::frozen::Runs;

use crate::Float;

/// Numbers from which on a call of the library's copy is not felt.
const LONG: usize = 256;

/// Runs are short, and calls of the library's functions would take longer than copying: a run is one or two blocks of a size, of which the second overlaps the
/// first, or blocks of the largest size, of which the last one overlaps the one before.
#[inline(always)]
pub(super) fn run<E: Float>(runs: &Runs, input: &[E], output: &mut [E]) {
    let [from, to] = runs.ends();
    assert!(runs.count > 0 && from <= input.len() && to <= output.len(), "the runs lie in input and output");
    let (from, to) = (input.as_ptr().wrapping_add(runs.from[0]), output.as_mut_ptr().wrapping_add(runs.to[0]));
    // SAFETY: the furthest run lies in both, as just asserted; the slices do not overlap.
    unsafe {
        match runs.len {
            0 => {}
            1 => each(runs, |place| copy::<E, 1>(from.add(place[0]), to.add(place[1]))),
            2..4 => each(runs, |place| ends::<E, 2>(from.add(place[0]), to.add(place[1]), runs.len)),
            4..8 => each(runs, |place| ends::<E, 4>(from.add(place[0]), to.add(place[1]), runs.len)),
            8..16 => each(runs, |place| ends::<E, 8>(from.add(place[0]), to.add(place[1]), runs.len)),
            16..LONG => each(runs, |place| blocks::<E, 16>(from.add(place[0]), to.add(place[1]), runs.len)),
            _ => each(runs, |place| from.add(place[0]).copy_to_nonoverlapping(to.add(place[1]), runs.len)),
        }
    }
}

/// Calls `copy` with where each run begins on either side, counted from the first.
#[inline(always)]
fn each(runs: &Runs, mut copy: impl FnMut([usize; 2])) {
    for run in 0..runs.count {
        copy([run * runs.from[1], run * runs.to[1]]);
    }
}

/// # Safety
/// `from` is valid for reading `N` numbers, `to` for writing as many.
#[inline(always)]
unsafe fn copy<E: Float, const N: usize>(from: *const E, to: *mut E) {
    // SAFETY: passed on to the caller; numbers need not lie as arrays of them do.
    unsafe { to.cast::<[E; N]>().write_unaligned(from.cast::<[E; N]>().read_unaligned()) }
}

/// The first `N` and the last.
///
/// # Safety
/// `from` is valid for reading `len` numbers, `to` for writing as many, and there are at least `N`.
#[inline(always)]
unsafe fn ends<E: Float, const N: usize>(from: *const E, to: *mut E, len: usize) {
    // SAFETY: passed on to the caller.
    unsafe {
        copy::<E, N>(from, to);
        copy::<E, N>(from.add(len - N), to.add(len - N));
    }
}

/// # Safety
/// As for [`ends`].
#[inline(always)]
unsafe fn blocks<E: Float, const N: usize>(from: *const E, to: *mut E, len: usize) {
    let mut at = 0;
    // SAFETY: each block ends where the run does, at most; the rest is passed on to the caller.
    unsafe {
        while at + N < len {
            copy::<E, N>(from.add(at), to.add(at));
            at += N;
        }
        copy::<E, N>(from.add(len - N), to.add(len - N));
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    /// Distances on either side, lengths around each size of blocks.
    #[test]
    fn runs_go_where_they_belong_and_nowhere_else() {
        for len in (0..40).chain([255, 256, 300]) {
            for (count, from, to) in
                [(1, [0, len], [0, len]), (1, [3, len + 4], [2, len + 2]), (5, [2, len + 3], [1, len + 7])]
            {
                let runs = Runs { count, len, from, to };
                let input: Vec<f32> = (0..count * from[1]).map(|value| value as f32).collect();
                let mut expected = vec![-1.0; count * to[1]];
                for run in 0..count {
                    for at in 0..len {
                        expected[run * to[1] + to[0] + at] = input[run * from[1] + from[0] + at];
                    }
                }
                let mut found = vec![-1.0; count * to[1]];
                run(&runs, &input, &mut found);
                assert_eq!(found, expected, "{runs:?}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "the runs lie in input and output")]
    fn runs_beyond_the_output_are_refused() {
        run(&Runs { count: 2, len: 3, from: [0, 3], to: [1, 3] }, &[0.0f32; 6], &mut [0.0; 6]);
    }
}
