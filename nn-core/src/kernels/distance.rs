//! A number for each pair of vectors.

use nn_shape::{Measure, Pairs};

use super::group_norm::sums;
use super::vector_norm::{Slope, norm};
use crate::Float;

/// Calls `visit(output, left, right)` with the places of each result and of the first numbers of its vectors.
fn each(pairs: &Pairs, batch: usize, mut visit: impl FnMut(usize, usize, usize)) {
    let count = pairs.count();
    for place in 0..batch * count {
        let (sample, mut rest) = (place / count, place % count);
        let mut from = pairs.values.map(|values| sample * values);
        for axis in (0..pairs.sizes.len()).rev().filter(|axis| pairs.sizes[*axis] > 1) {
            let at = rest % pairs.sizes[axis];
            rest /= pairs.sizes[axis];
            for (from, strides) in from.iter_mut().zip(&pairs.strides) {
                *from += at * strides[axis];
            }
        }
        visit(place, from[0], from[1]);
    }
}

/// The numbers of two vectors side by side.
fn zip<'a, E: Float>(
    pairs: &'a Pairs,
    left: &'a [E],
    right: &'a [E],
    from: [usize; 2],
) -> impl Iterator<Item = (f64, f64)> + Clone + 'a {
    (0..pairs.len).map(move |i| {
        let (a, b) = (left[from[0] + i * pairs.steps[0]], right[from[1] + i * pairs.steps[1]]);
        (a.to_f64(), b.to_f64())
    })
}

/// Σ a², Σ b² and Σ a b.
fn products<E: Float>(pairs: &Pairs, left: &[E], right: &[E], from: [usize; 2]) -> [f64; 3] {
    if pairs.steps == [1, 1] {
        let (a, b) = (&left[from[0]..][..pairs.len], &right[from[1]..][..pairs.len]);
        return sums(a, b, b, |a, b, _| [a * a, b * b, a * b]);
    }
    zip(pairs, left, right, from).fold([0.0; 3], |[aa, bb, ab], (a, b)| [aa + a * a, bb + b * b, ab + a * b])
}

/// Not below `least`; NaN stays NaN.
fn at_least(x: f64, least: f64) -> f64 {
    if x < least { least } else { x }
}

/// One number for each pair.
pub(super) fn forward<E: Float>(
    measure: Measure,
    pairs: &Pairs,
    batch: usize,
    left: &[E],
    right: &[E],
    output: &mut [E],
) {
    each(pairs, batch, |place, a, b| {
        output[place] = E::from_f64(match measure {
            Measure::Cosine { eps } => {
                let [aa, bb, ab] = products(pairs, left, right, [a, b]);
                ab / (at_least(Float::sqrt(aa), eps) * at_least(Float::sqrt(bb), eps))
            }
            Measure::Distance { p, eps } => norm(p, zip(pairs, left, right, [a, b]).map(|(a, b)| a - b + eps)),
        });
    });
}

/// Adds the gradients of both inputs.
#[allow(clippy::too_many_arguments)]
pub(super) fn backward<E: Float>(
    measure: Measure,
    pairs: &Pairs,
    batch: usize,
    left: &[E],
    right: &[E],
    output_gradient: &[E],
    mut left_gradient: Option<&mut [E]>,
    mut right_gradient: Option<&mut [E]>,
) {
    let mut add = |i: usize, from: [usize; 2], values: [f64; 2]| {
        if let Some(gradient) = &mut left_gradient {
            gradient[from[0] + i * pairs.steps[0]] += E::from_f64(values[0]);
        }
        if let Some(gradient) = &mut right_gradient {
            gradient[from[1] + i * pairs.steps[1]] += E::from_f64(values[1]);
        }
    };
    each(pairs, batch, |place, a, b| {
        let (g, from) = (output_gradient[place].to_f64(), [a, b]);
        match measure {
            Measure::Cosine { eps } => {
                let slopes = Cosine::new(products(pairs, left, right, from), eps);
                for (i, (a, b)) in zip(pairs, left, right, from).enumerate() {
                    add(i, from, [g * (b * slopes.other - a * slopes.left), g * (a * slopes.other - b * slopes.right)]);
                }
            }
            Measure::Distance { p, eps } => {
                let differences = zip(pairs, left, right, from).map(|(a, b)| a - b + eps);
                let slope = Slope::new(p, norm(p, differences.clone()), differences.clone());
                for (i, difference) in differences.enumerate() {
                    let slope = g * slope.at(difference);
                    add(i, from, [slope, -slope]);
                }
            }
        }
    });
}

/// With `m = max(‖a‖, eps)` and `n = max(‖b‖, eps)`, the slope of the cosine c along `a` is `b / (m n) - c a / (m ‖a‖)`: as in PyTorch, the
/// bound has no part in it.
struct Cosine {
    other: f64,
    left: f64,
    right: f64,
}

impl Cosine {
    fn new([aa, bb, ab]: [f64; 3], eps: f64) -> Cosine {
        let (a, b) = (Float::sqrt(aa), Float::sqrt(bb));
        let (m, n) = (at_least(a, eps), at_least(b, eps));
        let own = |length: f64, bounded: f64| if length == 0.0 { 0.0 } else { ab / (m * n) / (bounded * length) };
        Cosine { other: 1.0 / (m * n), left: own(a, m), right: own(b, n) }
    }
}
