//! Maxima back in their places.

use nn_shape::PoolGeometry;

use super::pool::planes;
use crate::Float;

/// `output[place] = input`, zeros elsewhere; where several values have one place, the last.
///
/// # Panics
/// If a place lies outside of its plane.
pub(super) fn forward<E: Float>(geometry: &PoolGeometry, batch: usize, input: &[E], places: &[u32], output: &mut [E]) {
    output.fill(E::ZERO);
    for (from, to) in planes(geometry, batch) {
        let plane = &mut output[to];
        for (value, place) in input[from.clone()].iter().zip(&places[from]) {
            plane[inside(plane.len(), *place)] = *value;
        }
    }
}

/// Each value has the gradient of its place.
pub(super) fn backward<E: Float>(
    geometry: &PoolGeometry,
    batch: usize,
    output_gradient: &[E],
    places: &[u32],
    input_gradient: &mut [E],
    accumulate: bool,
) {
    for (to, from) in planes(geometry, batch) {
        let plane = &output_gradient[from];
        for (gradient, place) in input_gradient[to.clone()].iter_mut().zip(&places[to]) {
            let own = plane[inside(plane.len(), *place)];
            *gradient = if accumulate { *gradient + own } else { own };
        }
    }
}

fn inside(len: usize, place: u32) -> usize {
    assert!((place as usize) < len, "index {place} lies outside of an output of {len} places");
    place as usize
}
