//! The maximum of each window. The first maximum in the order of memory counts, and NaN is above everything: as in PyTorch.

use nn_shape::{Axis, PoolGeometry};

use super::pool::{Span, Spans, inside, planes};
use crate::Float;
use crate::simd::{bound_by_memory, on_every_isa};

/// `output = max(window)`, and, for the backward pass, where in its plane each maximum lies.
pub(super) fn forward<E: Float>(
    geometry: &PoolGeometry,
    batch: usize,
    input: &[E],
    output: &mut [E],
    places: Option<&mut [u32]>,
) {
    if is_squares(geometry) {
        squares_forward(geometry, input, output, places);
    } else {
        planes_forward(geometry, batch, input, output, places);
    }
}

on_every_isa! {
    fn squares_forward<E: Float>(
        geometry: &PoolGeometry, input: &[E], output: &mut [E], places: Option<&mut [u32]>,
    ) = squares_body;
}

#[inline(always)]
fn squares_body<E: Float>(geometry: &PoolGeometry, input: &[E], output: &mut [E], places: Option<&mut [u32]>) {
    match places {
        Some(places) => all_squares::<E, true>(geometry, input, output, places),
        None => all_squares::<E, false>(geometry, input, output, &mut []),
    }
}

bound_by_memory! {
    fn planes_forward<E: Float>(
        geometry: &PoolGeometry, batch: usize, input: &[E], output: &mut [E], places: Option<&mut [u32]>,
    ) = planes_body;
}

#[inline(always)]
fn planes_body<E: Float>(
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
#[inline(always)]
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
#[inline(always)]
fn rows(geometry: &PoolGeometry, z: Span, y: Span) -> impl Iterator<Item = usize> {
    let [depth, height, width] = geometry.axes;
    (z.first..z.end)
        .step_by(depth.dilation)
        .flat_map(move |z| (y.first..y.end).step_by(height.dilation).map(move |y| (z * height.input + y) * width.input))
}

/// One window, wherever it lies: its maximum and its place.
#[inline(always)]
pub(super) fn window<E: Float>(geometry: &PoolGeometry, input: &[E], z: Span, y: Span, x: Span) -> (E, usize) {
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
#[inline(always)]
fn passes<E: Float, const TRACK: bool>(
    geometry: &PoolGeometry,
    input: &[E],
    z: Span,
    y: Span,
    first: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    let [_, _, width] = &geometry.axes;
    let start = first * width.stride - width.before;
    let mut fresh = true;
    for row in rows(geometry, z, y) {
        let values = &input[row..row + width.input];
        for entry in 0..width.kernel {
            let from = start + entry * width.dilation;
            pass::<E, TRACK>(fresh, &values[from..], width.stride, row + from, output, places);
            fresh = false;
        }
    }
}

/// The first `count` pairs.
#[inline(always)]
fn pairs_of<E>(values: &[E], count: usize) -> &[[E; 2]] {
    &values.as_chunks::<2>().0[..count]
}

/// Windows of two by two that stand side by side, which most networks have.
fn is_squares(geometry: &PoolGeometry) -> bool {
    let [depth, height, width] = &geometry.axes;
    let beside = |axis: &Axis| (axis.kernel, axis.stride, axis.dilation, axis.before) == (2, 2, 1, 0);
    let whole = |axis: &Axis| axis.output > 0 && 2 * axis.output <= axis.input;
    let flat = (depth.input, depth.output, depth.kernel) == (1, 1, 1);
    !geometry.adaptive && flat && [height, width].into_iter().all(|axis| beside(axis) && whole(axis))
}

/// Squares that are taken at once.
const SQUARES: usize = 8;

/// All squares, some of a line at a time. The last ones of a line overlap those before, or, if the line is short, hang over it: what stands
/// there is written again when its own line comes.
#[inline(always)]
fn all_squares<E: Float, const TRACK: bool>(
    geometry: &PoolGeometry,
    input: &[E],
    output: &mut [E],
    places: &mut [u32],
) {
    let [_, height, width] = &geometry.axes;
    let (wide, count) = (width.input, width.output);
    for line in 0..output.len() / count {
        let (plane, y) = (line / height.output, line % height.output);
        let upper = (plane * height.input + 2 * y) * wide;
        let mut done = 0;
        while done < count {
            let first = if count < SQUARES { 0 } else { done.min(count - SQUARES) };
            let (from, to) = (upper + 2 * first, line * count + first);
            let place = 2 * (y * wide + first);
            let part = if from + wide + 2 * SQUARES <= input.len() && to + SQUARES <= output.len() {
                SQUARES
            } else {
                (count - first).min(SQUARES)
            };
            let [upper, lower] = [from, from + wide].map(|row| pairs_of(&input[row..], part));
            let places = if TRACK { &mut places[to..][..part] } else { &mut [] };
            let output = &mut output[to..][..part];
            if let (Some(upper), Some(lower), Some(output)) =
                (upper.first_chunk::<SQUARES>(), lower.first_chunk(), output.first_chunk_mut())
            {
                squares::<E, TRACK, SQUARES>(upper, lower, place, wide, output, places);
            } else {
                for i in 0..part {
                    let places = if TRACK { &mut places[i..][..1] } else { &mut [] };
                    let output = core::array::from_mut(&mut output[i]);
                    squares::<E, TRACK, 1>(&[upper[i]], &[lower[i]], place + 2 * i, wide, output, places);
                }
            }
            done = first + part;
        }
    }
}

/// Some squares: the first lies at `place`, its lower half `width` behind.
#[inline(always)]
fn squares<E: Float, const TRACK: bool, const N: usize>(
    upper: &[[E; 2]; N],
    lower: &[[E; 2]; N],
    place: usize,
    width: usize,
    output: &mut [E; N],
    places: &mut [u32],
) {
    let (place, width) = (place as u32, width as u32);
    let mut at = [0; N];
    for i in 0..N {
        let place = place + 2 * i as u32;
        let mut best = upper[i][0];
        at[i] = place;
        for (value, place) in [(upper[i][1], place + 1), (lower[i][0], place + width), (lower[i][1], place + width + 1)]
        {
            let better = (value > best) | value.is_nan();
            best = if better { value } else { best };
            at[i] = if better { place } else { at[i] };
        }
        output[i] = best;
    }
    if TRACK {
        places[..N].copy_from_slice(&at);
    }
}

/// Holds one entry of each window against the maximum so far.
#[inline(always)]
fn pass<E: Float, const TRACK: bool>(
    fresh: bool,
    values: &[E],
    stride: usize,
    place: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    match stride {
        1 => keep::<E, TRACK>(fresh, values.iter(), 1, place, output, places),
        2 => {
            // The last value may be the last of the row: it has no partner.
            let last = output.len() - 1;
            let (pairs, behind) = (pairs_of(values, last), &values[2 * last..]);
            let (output, last_output) = output.split_at_mut(last);
            let (places, last_place) = if TRACK { places.split_at_mut(last) } else { (places, &mut [][..]) };
            keep::<E, TRACK>(fresh, pairs.iter().map(|pair| &pair[0]), 2, place, output, places);
            keep::<E, TRACK>(fresh, behind.iter(), 1, place + 2 * last, last_output, last_place);
        }
        _ => keep::<E, TRACK>(fresh, values.iter().step_by(stride), stride, place, output, places),
    }
}

#[inline(always)]
fn keep<'a, E: Float, const TRACK: bool>(
    fresh: bool,
    values: impl Iterator<Item = &'a E>,
    stride: usize,
    place: usize,
    output: &mut [E],
    places: &mut [u32],
) {
    let is_better = |value: E, best: E| fresh | (value > best) | value.is_nan();
    if TRACK {
        for (i, ((value, best), at)) in values.zip(output).zip(places).enumerate() {
            let better = is_better(*value, *best);
            *best = if better { *value } else { *best };
            *at = if better { (place + stride * i) as u32 } else { *at };
        }
    } else {
        for (value, best) in values.zip(output) {
            *best = if is_better(*value, *best) { *value } else { *best };
        }
    }
}
