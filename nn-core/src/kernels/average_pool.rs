//! The mean of each window.

use nn_shape::{Divisor, PoolGeometry};

use super::pool::{Span, Spans, planes};
use crate::Float;
use crate::simd::bound_by_memory;

bound_by_memory! {
    /// `output = Σ window / divisor`.
    pub(super) fn forward<E: Float>(
        geometry: &PoolGeometry,
        divisor: Divisor,
        batch: usize,
        input: &[E],
        output: &mut [E],
    ) = planes_forward;
}

bound_by_memory! {
    /// Adds each gradient, divided, to the whole window.
    pub(super) fn backward<E: Float>(
        geometry: &PoolGeometry,
        divisor: Divisor,
        batch: usize,
        output_gradient: &[E],
        input_gradient: &mut [E],
    ) = planes_backward;
}

#[inline(always)]
fn planes_forward<E: Float>(geometry: &PoolGeometry, divisor: Divisor, batch: usize, input: &[E], output: &mut [E]) {
    for (from, to) in planes(geometry, batch) {
        plane(geometry, divisor, &input[from], &mut output[to]);
    }
}

#[inline(always)]
fn planes_backward<E: Float>(
    geometry: &PoolGeometry,
    divisor: Divisor,
    batch: usize,
    output_gradient: &[E],
    input_gradient: &mut [E],
) {
    for (to, from) in planes(geometry, batch) {
        plane_backward(geometry, divisor, &output_gradient[from], &mut input_gradient[to]);
    }
}

/// The places along the last axis where the rows of a window are passes over a row: where many windows lie inside.
#[inline(always)]
fn inside(geometry: &PoolGeometry) -> core::ops::Range<usize> {
    let (width, inside) = (&geometry.axes[2], super::pool::inside(geometry));
    if inside.len() < width.kernel { 0..0 } else { inside }
}

/// What the sum of a window is divided by.
#[inline(always)]
fn divide_by<E: Float>(divisor: Divisor, z: Span, y: Span, x: Span) -> E {
    match divisor {
        Divisor::Padded => E::from_usize(z.padded * y.padded * x.padded),
        Divisor::Inside => E::from_usize((z.end - z.first) * (y.end - y.first) * (x.end - x.first)),
        Divisor::Fixed(divisor) => E::from_f64(divisor as f64),
    }
}

/// One channel.
#[inline(always)]
fn plane<E: Float>(geometry: &PoolGeometry, divisor: Divisor, input: &[E], output: &mut [E]) {
    let inside = inside(geometry);
    let columns = Spans::new(geometry, 2);
    let mut rest = output;
    for z in Spans::new(geometry, 0) {
        for y in Spans::new(geometry, 1) {
            let output;
            (output, rest) = rest.split_at_mut(geometry.axes[2].output);
            if let Some(x) = columns.clone().from(inside.start).next().filter(|_| !inside.is_empty()) {
                let output = &mut output[inside.clone()];
                passes(geometry, input, z, y, x.first, output);
                let divisor = divide_by::<E>(divisor, z, y, x);
                output.iter_mut().for_each(|value| *value /= divisor);
            }
            let mut one = |place: usize, x: Span| {
                output[place] = window(geometry, input, z, y, x) / divide_by(divisor, z, y, x);
            };
            for (place, x) in (0..inside.start).zip(columns.clone()) {
                one(place, x);
            }
            for (place, x) in (inside.end..geometry.axes[2].output).zip(columns.clone().from(inside.end)) {
                one(place, x);
            }
        }
    }
}

/// The pieces of a plane that a window covers: its rows, or, where it is as wide as the input, whole blocks of rows.
#[inline(always)]
fn pieces(geometry: &PoolGeometry, z: Span, y: Span, x: Span) -> impl Iterator<Item = core::ops::Range<usize>> {
    let (height, width) = (geometry.axes[1].input, geometry.axes[2].input);
    let whole = x.end - x.first == width;
    let (count, len) = if whole { (1, (y.end - y.first) * width) } else { (y.end - y.first, x.end - x.first) };
    (z.first..z.end).flat_map(move |z| {
        (0..count).map(move |row| {
            let from = (z * height + y.first + row) * width + x.first;
            from..from + len
        })
    })
}

#[inline(always)]
fn window<E: Float>(geometry: &PoolGeometry, input: &[E], z: Span, y: Span, x: Span) -> E {
    let mut sum = E::ZERO;
    for piece in pieces(geometry, z, y, x) {
        sum += total(&input[piece]);
    }
    sum
}

/// A sum in sixteen parts: what vectors do, and closer to the truth than one after the other.
#[inline(always)]
fn total<E: Float>(values: &[E]) -> E {
    let (chunks, rest) = values.as_chunks::<16>();
    let mut sum = E::ZERO;
    if !chunks.is_empty() {
        let mut sums = [E::ZERO; 16];
        for chunk in chunks {
            for i in 0..16 {
                sums[i] += chunk[i];
            }
        }
        sums.iter().for_each(|part| sum += *part);
    }
    rest.iter().for_each(|value| sum += *value);
    sum
}

/// The sums of all windows of a row that lie inside; the first begins at column `start`.
#[inline(always)]
fn passes<E: Float>(geometry: &PoolGeometry, input: &[E], z: Span, y: Span, start: usize, output: &mut [E]) {
    let [_, height, width] = &geometry.axes;
    if (width.kernel, width.stride, z.end - z.first, y.end - y.first) == (2, 2, 1, 2) {
        let row = (z.first * height.input + y.first) * width.input + start;
        let [upper, lower] = [row, row + width.input].map(|row| input[row..].as_chunks::<2>().0);
        for ((sum, upper), lower) in output.iter_mut().zip(upper).zip(lower) {
            *sum = upper[0] + upper[1] + lower[0] + lower[1];
        }
        return;
    }
    output.fill(E::ZERO);
    for z in z.first..z.end {
        for y in y.first..y.end {
            let values = &input[(z * height.input + y) * width.input..][..width.input];
            for entry in 0..width.kernel {
                let values = &values[start + entry..];
                match width.stride {
                    1 => output.iter_mut().zip(values).for_each(|(sum, value)| *sum += *value),
                    stride => {
                        output.iter_mut().zip(values.iter().step_by(stride)).for_each(|(sum, value)| *sum += *value)
                    }
                }
            }
        }
    }
}

/// One channel.
#[inline(always)]
fn plane_backward<E: Float>(
    geometry: &PoolGeometry,
    divisor: Divisor,
    output_gradient: &[E],
    input_gradient: &mut [E],
) {
    let inside = inside(geometry);
    let columns = Spans::new(geometry, 2);
    let mut rest = output_gradient;
    for z in Spans::new(geometry, 0) {
        for y in Spans::new(geometry, 1) {
            let gradients;
            (gradients, rest) = rest.split_at(geometry.axes[2].output);
            if let Some(x) = columns.clone().from(inside.start).next().filter(|_| !inside.is_empty()) {
                let scale = E::ONE / divide_by::<E>(divisor, z, y, x);
                passes_backward(geometry, &gradients[inside.clone()], scale, z, y, x.first, input_gradient);
            }
            let mut one = |place: usize, x: Span| {
                let share = gradients[place] / divide_by(divisor, z, y, x);
                for piece in pieces(geometry, z, y, x) {
                    input_gradient[piece].iter_mut().for_each(|gradient| *gradient += share);
                }
            };
            for (place, x) in (0..inside.start).zip(columns.clone()) {
                one(place, x);
            }
            for (place, x) in (inside.end..geometry.axes[2].output).zip(columns.clone().from(inside.end)) {
                one(place, x);
            }
        }
    }
}

/// Adds the scaled gradients of all windows of a row that lie inside.
#[inline(always)]
fn passes_backward<E: Float>(
    geometry: &PoolGeometry,
    gradients: &[E],
    scale: E,
    z: Span,
    y: Span,
    start: usize,
    input_gradient: &mut [E],
) {
    let [_, height, width] = &geometry.axes;
    for z in z.first..z.end {
        for y in y.first..y.end {
            let row = &mut input_gradient[(z * height.input + y) * width.input..][..width.input];
            for entry in 0..width.kernel {
                let row = row[start + entry..].iter_mut().step_by(width.stride);
                row.zip(gradients).for_each(|(value, gradient)| *value += *gradient * scale);
            }
        }
    }
}
