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

#[cfg(test)]
mod tests {
    use nn_shape::{Arg, MaxUnpool, Shape};

    use super::*;

    fn geometry() -> PoolGeometry {
        let shape = Shape::new(&[1, 2]);
        MaxUnpool::new(1, &[Arg::size(2), Arg::None, Arg::size(0), Arg::None], &[shape, shape.below(4)]).geometry
    }

    #[test]
    fn the_last_of_several_stays() {
        let (mut output, mut gradient) = ([9.0; 4], [1.0; 2]);
        forward(&geometry(), 1, &[1.0, 2.0], &[3, 3], &mut output);
        assert_eq!(output, [0.0, 0.0, 0.0, 2.0]);
        backward(&geometry(), 1, &[5.0, 6.0, 7.0, 8.0], &[3, 3], &mut gradient, true);
        assert_eq!(gradient, [9.0; 2]);
    }

    #[test]
    #[should_panic(expected = "index 4 lies outside of an output of 4 places")]
    fn an_index_lies_in_its_own_plane() {
        forward(&geometry(), 2, &[1.0; 4], &[0, 4, 0, 1], &mut [0.0; 8]);
    }
}
