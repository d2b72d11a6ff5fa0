//! Numbers so small that many processors take a hundred times as long over them.

use crate::{BufferMut, Float, Parameters, Path};

/// The number, or 0 in place of a subnormal one. NaN stays.
#[inline(always)]
pub(crate) fn flushed<E: Float>(value: E) -> E {
    if value.abs() < E::MIN_POSITIVE { E::ZERO } else { value }
}

/// How many numbers are subnormal: below 1.2e-38 in `f32` or 2.2e-308 in `f64`, but not 0.
///
/// ```
/// let state = [0.5, 1e-40, 0.0, -3e-39_f32];
/// assert_eq!(nn_core::subnormals(&state), 2);
/// ```
pub fn subnormals<E: Float>(values: &[E]) -> usize {
    values.iter().filter(|value| value.abs() < E::MIN_POSITIVE && **value != E::ZERO).count()
}

/// Puts 0 in place of every subnormal number: for the states of a recurrent network whose input fell silent, say.
///
/// ```
/// let mut state = [0.5, 1e-40, 0.0, -3e-39_f32];
/// nn_core::flush_subnormals(&mut state);
/// assert_eq!(state, [0.5, 0.0, 0.0, 0.0]);
/// ```
pub fn flush_subnormals<E: Float>(values: &mut [E]) {
    for value in values {
        *value = flushed(*value);
    }
}

/// The same for all parameters and buffers of a network, behind [`Parameters::flush_subnormals`].
pub(crate) fn flush_all<P: Parameters>(network: &mut P) -> usize {
    let mut count = 0;
    let mut flush = |values: &mut [P::Element]| {
        count += subnormals(values);
        flush_subnormals(values);
    };
    network.visit_parameters_mut(&mut |_, values| flush(values));
    network.visit_buffers_mut(&Path::ROOT, &mut |_, buffer| {
        if let BufferMut::Real(values, _) = buffer {
            flush(values);
        }
    });
    count
}
