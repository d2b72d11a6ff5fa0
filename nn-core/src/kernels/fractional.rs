//! The maxima of windows that lie at random distances.

use nn_shape::{Axis, PoolGeometry};

use super::max_pool::window;
use super::pool::{Span, planes};
use crate::Float;

/// `output = max(window)`, and, for the backward pass, where in its plane each maximum lies. `draw` gives a number in [0, 1) for each of the three
/// axes of each plane. The gradient is that of any other maximum.
pub(super) fn forward<E: Float>(
    geometry: &PoolGeometry,
    batch: usize,
    draw: &mut dyn FnMut() -> f64,
    input: &[E],
    output: &mut [E],
    mut places: Option<&mut [u32]>,
) {
    let [depth, height, width] = &geometry.axes;
    for (from, to) in planes(geometry, batch) {
        let input = &input[from];
        let [z_sample, y_sample, x_sample] = [draw(), draw(), draw()].map(E::from_f64);
        let mut place = to.start;
        for z in 0..depth.output {
            let z = span(depth, z, z_sample);
            for y in 0..height.output {
                let y = span(height, y, y_sample);
                for x in 0..width.output {
                    let (value, index) = window(geometry, input, z, y, span(width, x, x_sample));
                    output[place] = value;
                    if let Some(places) = &mut places {
                        places[place] = index as u32;
                    }
                    place += 1;
                }
            }
        }
    }
}

/// Window `place` of an axis: it begins at `floor((place + sample) · α) - floor(sample · α)`, the last one at the end. In `E`, as in PyTorch.
fn span<E: Float>(axis: &Axis, place: usize, sample: E) -> Span {
    let last = axis.input - axis.kernel;
    let first = if place + 1 == axis.output {
        last
    } else {
        let step = E::from_usize(last) / E::from_usize(axis.output - 1);
        let floor = |value: E| value.to_f64() as usize;
        (floor((E::from_usize(place) + sample) * step) - floor(sample * step)).min(last)
    };
    Span { first, end: first + axis.kernel, padded: axis.kernel }
}
