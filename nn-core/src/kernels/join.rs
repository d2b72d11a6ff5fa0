//! Copying blocks between a value and the value that it is a part of.

use crate::Float;

/// `to[row][..len] = from[row][..len]`, or `+=`, the rows lying `from_step` and `to_step` apart.
pub(super) fn copy_rows<E: Float>(
    rows: usize,
    len: usize,
    from: &[E],
    from_step: usize,
    to: &mut [E],
    to_step: usize,
    accumulate: bool,
) {
    for row in 0..rows {
        let (from, to) = (&from[row * from_step..][..len], &mut to[row * to_step..][..len]);
        if accumulate {
            for (to, from) in to.iter_mut().zip(from) {
                *to += *from;
            }
        } else {
            to.copy_from_slice(from);
        }
    }
}
