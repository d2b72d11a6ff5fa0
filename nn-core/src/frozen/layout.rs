//! The inputs of frozen convolutions, laid out with their padding.

use nn_shape::ConvGeometry;
use nn_shape::frozen::{planes_pitch, sees_planes};

use crate::Float;

/// Lays the input out with its padding, channels last, or, where the convolution sees planes, plain.
#[inline(always)]
pub(super) fn pad<E: Float>(geometry: &ConvGeometry, planar: bool, input: &[E], padded: &mut [E]) {
    if sees_planes(geometry, planar) {
        pad_planes(geometry, geometry.axes[2].padded(), input, padded);
    } else {
        pad_last(geometry, planar, input, padded);
    }
}

/// Lays plain input out for [`Work::Planes`](nn_shape::frozen::Work::Planes).
#[inline(always)]
pub(super) fn pad_lines<E: Float>(geometry: &ConvGeometry, input: &[E], padded: &mut [E]) {
    pad_planes(geometry, planes_pitch(geometry), input, padded);
}

/// Plain to plain, lines `pitch` apart.
#[inline(always)]
fn pad_planes<E: Float>(geometry: &ConvGeometry, pitch: usize, input: &[E], padded: &mut [E]) {
    let [depth, height, width] = &geometry.axes;
    let lines = depth.padded() * height.padded();
    assert!(padded.len() == geometry.in_channels * lines * pitch, "the input fits its padding");
    let planes = input.chunks_exact(geometry.input_plane());
    for (plane, to) in planes.zip(padded.chunks_exact_mut(lines * pitch)) {
        for (place, to) in to.chunks_exact_mut(pitch).enumerate() {
            let d = (place / height.padded()).wrapping_sub(depth.before);
            let h = (place % height.padded()).wrapping_sub(height.before);
            if d >= depth.input || h >= height.input {
                to.fill(E::ZERO);
                continue;
            }
            let (before, rest) = to.split_at_mut(width.before);
            let (inside, after) = rest.split_at_mut(width.input);
            before.fill(E::ZERO);
            inside.copy_from_slice(&plane[(d * height.input + h) * width.input..][..width.input]);
            after.fill(E::ZERO);
        }
    }
}

/// Lays the input out with its padding, channels last.
#[inline(always)]
fn pad_last<E: Float>(geometry: &ConvGeometry, planar: bool, input: &[E], padded: &mut [E]) {
    let [depth, height, width] = &geometry.axes;
    let channels = geometry.in_channels;
    let row = width.padded() * channels;
    let rows = depth.padded() * height.padded();
    assert!(padded.len() == rows * row && input.len() == geometry.input_len(), "the input fits its padding");
    for (place, to) in padded.chunks_exact_mut(row).enumerate() {
        let (d, h) = (
            (place / height.padded()).wrapping_sub(depth.before),
            (place % height.padded()).wrapping_sub(height.before),
        );
        if d >= depth.input || h >= height.input {
            to.fill(E::ZERO);
            continue;
        }
        let (before, rest) = to.split_at_mut(width.before * channels);
        let (inside, after) = rest.split_at_mut(width.input * channels);
        before.fill(E::ZERO);
        after.fill(E::ZERO);
        let line = d * height.input + h;
        if !planar || channels == 1 {
            inside.copy_from_slice(&input[line * inside.len()..][..inside.len()]);
            continue;
        }
        let plane = geometry.input_plane();
        for channel in 0..channels {
            let from = &input[channel * plane + line * width.input..][..width.input];
            for (to, from) in inside[channel..].iter_mut().step_by(channels).zip(from) {
                *to = *from;
            }
        }
    }
}
