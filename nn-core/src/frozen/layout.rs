//! The inputs of frozen convolutions, laid out with their padding, and the padding layers.

use nn_shape::frozen::{padded_len, planes_pitch, sees_planes};
use nn_shape::{ConvGeometry, PadGeometry};

use super::part::{self, Part, Target};
use crate::kernels::transpose::transpose_body;
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// Lays the input out with its padding, channels last, or, where the convolution sees planes, plain; by so many threads, where whole lines are copied.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
pub(super) unsafe fn pad<V: Vector>(
    geometry: &ConvGeometry,
    planar: bool,
    input: &[V::Element],
    padded: &mut [V::Element],
    workers: &mut Option<&mut dyn Workers>,
    parts: usize,
) {
    let copies = !planar || geometry.in_channels == 1;
    // SAFETY: passed on to the caller.
    unsafe {
        if sees_planes(geometry, planar) {
            share_planes::<V>(geometry, geometry.axes[2].padded(), input, padded, workers, parts);
        } else if copies && parts > 1 {
            pad_shared(geometry, input, padded, workers, parts);
        } else {
            pad_last::<V>(geometry, planar, input, padded);
        }
    }
}

/// Lays plain input out for [`Work::Planes`](nn_shape::frozen::Work::Planes), by so many threads.
///
/// # Safety
/// As for [`pad`].
#[inline(always)]
pub(super) unsafe fn pad_lines<V: Vector>(
    geometry: &ConvGeometry,
    input: &[V::Element],
    padded: &mut [V::Element],
    workers: &mut Option<&mut dyn Workers>,
    parts: usize,
) {
    // SAFETY: passed on to the caller.
    unsafe { share_planes::<V>(geometry, planes_pitch(geometry), input, padded, workers, parts) }
}

/// A line with what lies in front of it and behind it; lines are short, and calls of the library's functions would take longer than copying.
///
/// # Safety
/// As for [`pad`].
#[inline(always)]
unsafe fn line<V: Vector>(from: &[V::Element], before: usize, to: &mut [V::Element]) {
    let (first, rest) = to.split_at_mut(before);
    let (inside, last) = rest.split_at_mut(from.len());
    // SAFETY: whole vectors and parts of them end where the slices do, and `inside` is as long as `from`; the rest is the caller's.
    unsafe {
        let zero = V::splat(V::Element::default());
        for outside in [first, last] {
            for part in outside.chunks_mut(V::LANES) {
                zero.store_part(part.as_mut_ptr(), part.len());
            }
        }
        let (whole, rest) = (from.len() / V::LANES * V::LANES, from.len() % V::LANES);
        for at in (0..whole).step_by(V::LANES) {
            V::load(from.as_ptr().add(at)).store(inside.as_mut_ptr().add(at));
        }
        if rest > 0 {
            V::load_part(from.as_ptr().add(whole), rest).store_part(inside.as_mut_ptr().add(whole), rest);
        }
    }
}

/// Plain to plain, lines `pitch` apart.
///
/// # Safety
/// As for [`pad`].
#[inline(always)]
unsafe fn share_planes<V: Vector>(
    geometry: &ConvGeometry,
    pitch: usize,
    input: &[V::Element],
    padded: &mut [V::Element],
    workers: &mut Option<&mut dyn Workers>,
    parts: usize,
) {
    let padded = Target::new(padded);
    // SAFETY: passed on to the caller; no two parts have a line in common.
    unsafe {
        if parts == 1 {
            planes_body::<V>(geometry, pitch, Part::ALL, input, padded)
        } else {
            part::each_part(workers, parts, |part| pad_planes::<V>(geometry, pitch, part, input, padded));
        }
    }
}

apart! {
    /// The lines of a part.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody else touches the lines.
    unsafe fn pad_planes<'a, V>(
        geometry: &'a ConvGeometry, pitch: usize, part: Part, input: &'a [V::Element], padded: Target<'a, V::Element>,
    ) = planes_body;
}

/// # Safety
/// As for [`pad_planes`].
#[inline(always)]
unsafe fn planes_body<V: Vector>(
    geometry: &ConvGeometry,
    pitch: usize,
    part: Part,
    input: &[V::Element],
    padded: Target<'_, V::Element>,
) {
    let [depth, height, width] = &geometry.axes;
    let lines = depth.padded() * height.padded();
    assert!(padded.len() == geometry.in_channels * lines * pitch, "the input fits its padding");
    let own = part.lines(geometry.in_channels * lines);
    // SAFETY: the lines are the part's own.
    let padded = unsafe { padded.some(own.start * pitch..own.end * pitch) };
    let (mut channel, mut place) = (own.start / lines, own.start % lines);
    for to in padded.chunks_exact_mut(pitch) {
        let d = (place / height.padded()).wrapping_sub(depth.before);
        let h = (place % height.padded()).wrapping_sub(height.before);
        if d >= depth.input || h >= height.input {
            to.fill(V::Element::ZERO);
        } else {
            let from = ((channel * depth.input + d) * height.input + h) * width.input;
            // SAFETY: passed on to the caller.
            unsafe { line::<V>(&input[from..][..width.input], width.before, to) }
        }
        place += 1;
        if place == lines {
            (channel, place) = (channel + 1, 0);
        }
    }
}

/// The line of the input that becomes a line with its padding, unless all of it is padding.
fn source_line(geometry: &ConvGeometry, place: usize) -> Option<usize> {
    let [depth, height, _] = &geometry.axes;
    let d = (place / height.padded()).wrapping_sub(depth.before);
    let h = (place % height.padded()).wrapping_sub(height.before);
    (d < depth.input && h < height.input).then(|| d * height.input + h)
}

/// The same as [`pad_last`] where whole lines are copied, by so many threads, each of which has some neighbouring lines.
fn pad_shared<E: Float>(
    geometry: &ConvGeometry,
    input: &[E],
    padded: &mut [E],
    workers: &mut Option<&mut dyn Workers>,
    parts: usize,
) {
    let [depth, height, width] = &geometry.axes;
    let channels = geometry.in_channels;
    let (lines, row, len) = (depth.padded() * height.padded(), width.padded() * channels, width.input * channels);
    assert!(padded.len() == lines * row && input.len() == geometry.input_len(), "the input fits its padding");
    let padded = Target::new(padded);
    part::each_part(workers, parts, |part| {
        for place in part.lines(lines) {
            // SAFETY: the line belongs to this part alone.
            let to = unsafe { padded.some(place * row..(place + 1) * row) };
            let Some(from) = source_line(geometry, place) else {
                to.fill(E::ZERO);
                continue;
            };
            let (before, rest) = to.split_at_mut(width.before * channels);
            let (inside, after) = rest.split_at_mut(len);
            before.fill(E::ZERO);
            inside.copy_from_slice(&input[from * len..][..len]);
            after.fill(E::ZERO);
        }
    });
}

/// Lays the input out with its padding, channels last.
///
/// # Safety
/// As for [`pad`].
#[inline(always)]
unsafe fn pad_last<V: Vector>(geometry: &ConvGeometry, planar: bool, input: &[V::Element], padded: &mut [V::Element]) {
    let width = &geometry.axes[2];
    let channels = geometry.in_channels;
    let len = width.input * channels;
    assert!(padded.len() == padded_len(geometry) && input.len() == geometry.input_len(), "the input fits its padding");
    for (place, to) in padded.chunks_exact_mut(width.padded() * channels).enumerate() {
        let Some(place) = source_line(geometry, place) else {
            to.fill(V::Element::ZERO);
            continue;
        };
        if !planar || channels == 1 {
            // SAFETY: passed on to the caller.
            unsafe { line::<V>(&input[place * len..][..len], width.before * channels, to) }
            continue;
        }
        let (before, rest) = to.split_at_mut(width.before * channels);
        let (inside, after) = rest.split_at_mut(len);
        before.fill(V::Element::ZERO);
        after.fill(V::Element::ZERO);
        // SAFETY: each channel has that line; the rest is passed on to the caller.
        unsafe {
            let plane = &input[place * width.input..];
            turned::<V>(plane, geometry.input_plane(), [channels, width.input], inside);
        }
    }
}

apart! {
    /// Rows become columns: `to[column * rows + row] = from[row * stride + column]`.
    ///
    /// # Safety
    /// The machine has the vector's instruction set.
    pub(super) unsafe fn turned<'a, V>(
        from: &'a [V::Element], stride: usize, sizes: [usize; 2], to: &'a mut [V::Element],
    ) = turned_body;
}

/// # Safety
/// As for [`turned`].
#[inline(always)]
unsafe fn turned_body<V: Vector>(
    from: &[V::Element],
    stride: usize,
    [rows, columns]: [usize; 2],
    to: &mut [V::Element],
) {
    assert!(rows > 0 && (rows - 1) * stride + columns <= from.len(), "the rows lie in the matrix");
    assert!(to.len() == rows * columns, "the columns are as many as there is room for");
    // SAFETY: as just asserted; the instruction set is the caller's to vouch for.
    unsafe { transpose_body::<V>(from, stride, rows, columns, to, rows) }
}

/// A padding layer, channels last: the lines of a part.
///
/// # Safety
/// Nobody else touches the part's outputs.
pub(super) unsafe fn surround<E: Float>(
    geometry: &PadGeometry,
    value: E,
    part: Part,
    input: &[E],
    output: Target<'_, E>,
) {
    let PadGeometry { channels, axes: [depth, height, width], padding } = geometry;
    assert!(input.len() == geometry.input_len() && output.len() == geometry.output_len(), "the input and its padding");
    let (row, (from, kept)) = (width.input * channels, width.kept());
    let front = (width.before.max(0) as usize).min(width.output());
    let back = (front + kept).min(width.output());
    let own = part.lines(depth.output() * height.output());
    let line = width.output() * channels;
    // SAFETY: the lines are the part's own.
    let output = unsafe { output.some(own.start * line..own.end * line) };
    for (place, to) in own.zip(output.chunks_exact_mut(line)) {
        let d = depth.source(place / height.output(), *padding);
        let h = height.source(place % height.output(), *padding);
        let Some((d, h)) = d.zip(h) else {
            to.fill(value);
            continue;
        };
        let line = &input[(d * height.input + h) * row..][..row];
        let inside = &line[from * channels..][..(back - front) * channels];
        to[front * channels..back * channels].copy_from_slice(inside);
        for place in (0..front).chain(back..width.output()) {
            let to = &mut to[place * channels..][..*channels];
            match width.source(place, *padding) {
                Some(place) => to.copy_from_slice(&line[place * channels..][..*channels]),
                None => to.fill(value),
            }
        }
    }
}

/// Fills what is around a value that lies in its padding, channels last.
pub(super) fn border<E: Float>(geometry: &PadGeometry, value: E, output: &mut [E]) {
    let PadGeometry { channels, axes: [depth, height, width], padding } = geometry;
    assert!(geometry.only_adds() && output.len() == geometry.output_len(), "a value and its padding");
    let [front, top, left] = [depth, height, width].map(|axis| axis.before.unsigned_abs());
    let row = width.output() * channels;
    if row == width.input * channels && output.len() == geometry.input_len() {
        return;
    }
    // Lines first: those above and below them show whole lines.
    for d in front..front + depth.input {
        for h in top..top + height.input {
            let line = &mut output[(d * height.output() + h) * row..][..row];
            for place in (0..left).chain(left + width.input..width.output()) {
                match width.source(place, *padding) {
                    Some(from) => {
                        let from = (from + left) * channels;
                        line.copy_within(from..from + channels, place * channels);
                    }
                    None => line[place * channels..][..*channels].fill(value),
                }
            }
        }
    }
    for place in 0..depth.output() * height.output() {
        let (d, h) = (place / height.output(), place % height.output());
        if (front..front + depth.input).contains(&d) && (top..top + height.input).contains(&h) {
            continue;
        }
        match depth.source(d, *padding).zip(height.source(h, *padding)) {
            Some((d, h)) => {
                let from = ((d + front) * height.output() + h + top) * row;
                output.copy_within(from..from + row, place * row);
            }
            None => output[place * row..][..row].fill(value),
        }
    }
}
