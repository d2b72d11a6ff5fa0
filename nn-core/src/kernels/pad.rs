//! Padding laid out in memory.

use nn_shape::{Axis, Conv, Padding};

use crate::Float;

/// The place in the input that a place in the padded axis shows.
fn source(axis: &Axis, padded: usize, mode: Padding) -> usize {
    let (size, place) = (axis.input as isize, padded as isize - axis.before as isize);
    let source = match mode {
        Padding::Zeros | Padding::Replicate => place.clamp(0, size - 1),
        Padding::Circular => place.rem_euclid(size),
        Padding::Reflect if place < 0 => -place,
        Padding::Reflect if place >= size => 2 * (size - 1) - place,
        Padding::Reflect => place,
    };
    source as usize
}

/// Calls `visit(padded, input)` for every place of a padded sample.
fn places(config: &Conv, mut visit: impl FnMut(usize, usize)) {
    let [depth, height, width] = &config.geometry.axes;
    let mut padded = 0;
    for channel in 0..config.geometry.in_channels {
        for d in 0..depth.padded() {
            let plane = channel * depth.input + source(depth, d, config.padding);
            for h in 0..height.padded() {
                let row = (plane * height.input + source(height, h, config.padding)) * width.input;
                for w in 0..width.padded() {
                    visit(padded, row + source(width, w, config.padding));
                    padded += 1;
                }
            }
        }
    }
}

pub(super) fn forward<E: Float>(config: &Conv, input: &[E], padded: &mut [E]) {
    places(config, |to, from| padded[to] = input[from]);
}

pub(super) fn backward<E: Float>(config: &Conv, padded_gradient: &[E], input_gradient: &mut [E]) {
    places(config, |from, to| input_gradient[to] += padded_gradient[from]);
}
