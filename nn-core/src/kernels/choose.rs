//! Values of an axis that are chosen by their size.

use nn_shape::{Choice, Choose};

use crate::Float;

/// The chosen values, unless only their places are wanted, and their places on the axis.
pub(super) fn forward<E: Float>(
    config: &Choose,
    batch: usize,
    input: &[E],
    mut output: Option<&mut [E]>,
    places: &mut [u32],
) {
    each(config, batch, |from, to| {
        let mut last = None;
        for chosen in 0..config.count {
            let (value, place) = next(config, &input[from..], last);
            last = Some((value, place));
            let to = to + chosen * config.inner;
            places[to] = place as u32;
            if let Some(output) = &mut output {
                output[to] = value;
            }
        }
    });
}

/// Adds each gradient where its value stands.
pub(super) fn backward<E: Float>(
    config: &Choose,
    batch: usize,
    output_gradient: &[E],
    places: &[u32],
    input_gradient: &mut [E],
) {
    each(config, batch, |to, from| {
        for from in (from..).step_by(config.inner).take(config.count) {
            input_gradient[to + places[from] as usize * config.inner] += output_gradient[from];
        }
    });
}

/// Calls `visit(input, output)` with the place of the first value of each row along the axis, and that of what is chosen of it.
fn each(config: &Choose, batch: usize, mut visit: impl FnMut(usize, usize)) {
    for outer in 0..batch * config.outer {
        for inner in 0..config.inner {
            visit(outer * config.size * config.inner + inner, outer * config.count * config.inner + inner);
        }
    }
}

/// The foremost value behind `last`, or of all, and its place.
fn next<E: Float>(config: &Choose, row: &[E], last: Option<(E, usize)>) -> (E, usize) {
    let mut best: Option<(E, usize)> = None;
    for (place, value) in row.iter().step_by(config.inner).take(config.size).copied().enumerate() {
        // Equal values stand in the order of their places.
        let is_left = last.is_none_or(|(last, at)| {
            comes_before(config.choice, last, value) || (place > at && !comes_before(config.choice, value, last))
        });
        if is_left && best.is_none_or(|(best, _)| comes_before(config.choice, value, best)) {
            best = Some((value, place));
        }
    }
    // There is one: no more values are chosen than the row has.
    best.unwrap_or((E::ZERO, 0))
}

#[inline(always)]
fn comes_before<E: Float>(choice: Choice, a: E, b: E) -> bool {
    match choice {
        Choice::Largest => a > b || (a.is_nan() && !b.is_nan()),
        Choice::Smallest => a < b || (a.is_nan() && !b.is_nan()),
        Choice::SmallestNumber => a < b || (!a.is_nan() && b.is_nan()),
    }
}
