//! The maximum of each window. The first maximum in the order of memory counts, and NaN is above everything: as in PyTorch.

use nn_shape::PoolGeometry;

use super::pool::{Span, Spans, inside, planes};
use crate::Float;

/// `output = max(window)`, and, for the backward pass, where in its plane each maximum lies.
pub(super) fn forward<E: Float>(
    geometry: &PoolGeometry,
    batch: usize,
    input: &[E],
    output: &mut [E],
    places: Option<&mut [u32]>,
) {
    match places {
        Some(places) => {
            for (from, to) in planes(geometry, batch) {
                plane::<E, true>(geometry, &input[from], &mut output[to.clone()], &mut places[to]);
            }
        }
        None => {
            for (from, to) in planes(geometry, batch) {
                plane::<E, false>(geometry, &input[from], &mut output[to], &mut []);
            }
        }
    }
}

/// Adds each gradient where the maximum was.
pub(super) fn backward<E: Float>(
    geometry: &PoolGeometry,
    batch: usize,
    output_gradient: &[E],
    places: &[u32],
    input_gradient: &mut [E],
) {
    for (to, from) in planes(geometry, batch) {
        let plane = &mut input_gradient[to];
        for (gradient, place) in output_gradient[from.clone()].iter().zip(&places[from]) {
            plane[*place as usize] += *gradient;
        }
    }
}

/// One channel. `places` is empty unless they are tracked.
fn plane<E: Float, const TRACK: bool>(geometry: &PoolGeometry, input: &[E], output: &mut [E], places: &mut [u32]) {
    let width = &geometry.axes[2];
    let inside = inside(geometry);
    let mut at = 0;
    for z in Spans::new(geometry, 0) {
        for y in Spans::new(geometry, 1) {
            let row = at..at + width.output;
            at = row.end;
            let output = &mut output[row.clone()];
            let places = if TRACK { &mut places[row] } else { &mut [] };
            if !inside.is_empty() {
                let places = if TRACK { &mut places[inside.clone()] } else { &mut [] };
                passes::<E, TRACK>(geometry, input, z, y, inside.start, &mut output[inside.clone()], places);
            }
            let mut one = |place: usize, x: Span| {
                let (value, index) = window(geometry, input, z, y, x);
                output[place] = value;
                if TRACK {
                    places[place] = index as u32;
                }
            };
            for (place, x) in (0..inside.start).zip(Spans::new(geometry, 2)) {
                one(place, x);
            }
            // Adaptive windows have no inside, and begin at place 0.
            for (place, x) in (inside.end..width.output).zip(Spans::new(geometry, 2).from(inside.end)) {
                one(place, x);
            }
        }
    }
}

/// The first row of planes `z` and rows `y` is the one that the windows start with.
fn rows(geometry: &PoolGeometry, z: Span, y: Span) -> impl Iterator<Item = usize> {
    let [depth, height, width] = geometry.axes;
    (z.first..z.end)
        .step_by(depth.dilation)
        .flat_map(move |z| (y.first..y.end).step_by(height.dilation).map(move |y| (z * height.input + y) * width.input))
}

/// One window, wherever it lies: its maximum and its place.
fn window<E: Float>(geometry: &PoolGeometry, input: &[E], z: Span, y: Span, x: Span) -> (E, usize) {
    let mut best = E::NEG_INFINITY;
    let mut place = None;
    for row in rows(geometry, z, y) {
        for column in (x.first..x.end).step_by(geometry.axes[2].dilation) {
            let value = input[row + column];
            if place.is_none() || value > best || value.is_nan() {
                (best, place) = (value, Some(row + column));
            }
        }
    }
    (best, place.unwrap_or(0))
}

/// All windows of a row that lie inside, from place `first` on: a pass for each entry of the window.
fn passes<E: Float, const TRACK: bool>(
    geometry: &PoolGeometry,
    input: &[E],
    z: Span,
    y: Span,
    first: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    let width = &geometry.axes[2];
    let start = first * width.stride - width.before;
    let mut fresh = true;
    for row in rows(geometry, z, y) {
        let values = &input[row..row + width.input];
        if (width.kernel, width.stride, width.dilation) == (2, 2, 1) {
            let pairs = values[start..start + 2 * output.len()].as_chunks::<2>().0;
            pass_pairs::<E, TRACK>(fresh, pairs, row + start, output, places);
            fresh = false;
            continue;
        }
        for entry in 0..width.kernel {
            let from = start + entry * width.dilation;
            pass::<E, TRACK>(fresh, &values[from..], width.stride, row + from, output, places);
            fresh = false;
        }
    }
}

/// Holds one entry of each window against the maximum so far.
fn pass<E: Float, const TRACK: bool>(
    fresh: bool,
    values: &[E],
    stride: usize,
    place: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    let count = output.len();
    match stride {
        1 => {
            for i in 0..count {
                let values = &values[..count];
                keep::<E, TRACK>(fresh, values[i], place + i, i, output, places);
            }
        }
        2 => {
            let pairs = values[..2 * count - 1].as_chunks::<2>().0;
            for (i, pair) in pairs.iter().enumerate() {
                keep::<E, TRACK>(fresh, pair[0], place + 2 * i, i, output, places);
            }
            keep::<E, TRACK>(fresh, values[2 * count - 2], place + 2 * count - 2, count - 1, output, places);
        }
        _ => {
            for i in 0..count {
                keep::<E, TRACK>(fresh, values[stride * i], place + stride * i, i, output, places);
            }
        }
    }
}

/// Both entries of windows of two that stand side by side.
fn pass_pairs<E: Float, const TRACK: bool>(
    fresh: bool,
    pairs: &[[E; 2]],
    place: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    let count = pairs.len();
    let output = &mut output[..count];
    for i in 0..count {
        keep::<E, TRACK>(fresh, pairs[i][0], place + 2 * i, i, output, places);
        keep::<E, TRACK>(false, pairs[i][1], place + 2 * i + 1, i, output, places);
    }
}

#[inline(always)]
fn keep<E: Float, const TRACK: bool>(
    fresh: bool,
    value: E,
    place: usize,
    i: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    let better = fresh | (value > output[i]) | value.is_nan();
    output[i] = if better { value } else { output[i] };
    if TRACK {
        places[i] = if better { place as u32 } else { places[i] };
    }
}
