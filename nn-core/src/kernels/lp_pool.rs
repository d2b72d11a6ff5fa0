//! The p-norm of each window: `(Σ xᵖ)^(1/p)`, without absolute values; for an infinite p the largest |x|, for minus infinity the smallest.

use core::ops::Range;

use nn_shape::PoolGeometry;

use super::math::power;
use super::pool::{Span, Spans, planes};
use crate::Float;

/// `output = ‖window‖ₚ`.
pub(super) fn forward<E: Float>(geometry: &PoolGeometry, norm: f64, batch: usize, input: &[E], output: &mut [E]) {
    let mut outputs = output.iter_mut();
    let mut each = |value: &mut dyn FnMut(&Window<'_, E>) -> E| {
        windows(geometry, batch, |window| {
            if let Some(output) = outputs.next() {
                *output = value(&window);
            }
        });
    };
    // The usual exponents have loops of their own.
    match norm {
        _ if norm.is_infinite() => each(&mut |window| extreme(norm, window, input).1),
        1.0 => each(&mut |window| window.sum(input, |x| x)),
        2.0 => each(&mut |window| window.sum(input, |x| x * x).sqrt()),
        _ => each(&mut |window| power(window.sum(input, |x| power(x, norm)), 1.0 / norm)),
    }
}

/// `input_gradient += output_gradient · ∂‖window‖ₚ / ∂input`: `(Σ xᵖ)^(1/p - 1) · xᵖ⁻¹`, 0 where the sum is 0.
pub(super) fn backward<E: Float>(
    geometry: &PoolGeometry,
    norm: f64,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    input_gradient: &mut [E],
) {
    let mut gradients = output_gradient.iter();
    windows(geometry, batch, |window| {
        let Some(gradient) = gradients.next() else { return };
        if norm.is_infinite() {
            let place = extreme(norm, &window, input).0;
            input_gradient[place] += *gradient * sign(input[place]);
            return;
        }
        let sum = window.sum(input, |x| power(x, norm));
        let outer = power(sum, 1.0 / norm - 1.0) * window.share;
        let factor = if sum == E::ZERO { E::ZERO } else { *gradient * outer };
        for row in window.rows() {
            for (to, x) in input_gradient[row.clone()].iter_mut().zip(&input[row]) {
                *to += factor * power(*x, norm - 1.0);
            }
        }
    });
}

/// One window over one channel.
struct Window<'a, E> {
    geometry: &'a PoolGeometry,
    /// Where the channel begins.
    start: usize,
    spans: [Span; 3],
    /// All entries of a window per entry over the input: what hangs over the end counts as the mean of the rest.
    share: E,
}

impl<E: Float> Window<'_, E> {
    /// Its rows over the input.
    #[inline]
    fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        let ([z, y, x], [_, height, width]) = (self.spans, self.geometry.axes);
        let start = self.start;
        (z.first..z.end).flat_map(move |z| {
            (y.first..y.end).map(move |y| {
                let row = start + (z * height.input + y) * width.input;
                row + x.first..row + x.end
            })
        })
    }

    #[inline]
    fn sum(&self, input: &[E], term: impl Fn(E) -> E) -> E {
        let mut sum = E::ZERO;
        self.rows().for_each(|row| input[row].iter().for_each(|x| sum += term(*x)));
        sum * self.share
    }
}

/// Calls `visit` with each window in the order of the output.
#[inline]
fn windows<E: Float>(geometry: &PoolGeometry, batch: usize, mut visit: impl FnMut(Window<'_, E>)) {
    let whole: usize = geometry.axes.iter().map(|axis| axis.kernel).product();
    for (plane, _) in planes(geometry, batch) {
        for z in Spans::new(geometry, 0) {
            for y in Spans::new(geometry, 1) {
                for x in Spans::new(geometry, 2) {
                    let spans = [z, y, x];
                    let entries: usize = spans.iter().map(|span| span.end - span.first).product();
                    let share = E::from_usize(whole) / E::from_usize(entries);
                    visit(Window { geometry, start: plane.start, spans, share });
                }
            }
        }
    }
}

/// The place and the size of the largest, or, for a negative norm, the smallest number of a window. The first counts, and NaN is above
/// everything.
fn extreme<E: Float>(norm: f64, window: &Window<'_, E>, input: &[E]) -> (usize, E) {
    let mut best = None;
    for place in window.rows().flatten() {
        let size = input[place].abs();
        let better = |best: E| if norm > 0.0 { size > best } else { size < best };
        match best {
            Some((_, so_far)) if !better(so_far) && !size.is_nan() => {}
            _ => best = Some((place, size)),
        }
    }
    best.unwrap_or((window.start, E::ZERO))
}

fn sign<E: Float>(value: E) -> E {
    if value > E::ZERO {
        E::ONE
    } else if value < E::ZERO {
        -E::ONE
    } else {
        value
    }
}
