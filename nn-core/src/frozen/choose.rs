//! Which convolutions of a network are done in squares: those whose rounding errors, measured with the network's own weights, stay below a bound.

use nn_shape::frozen::{Step, Work};
use nn_shape::tile::MAX_LANES;
use nn_shape::winograd::{self, SIDES};

#[cfg(feature = "alloc")]
use super::measure::error;
use super::pack::Parameters;
use super::run::has_vectors;
use crate::Element;
use crate::simd::Isa;

/// What the measured error may grow by on other inputs.
const MARGIN: f64 = 2.0;

/// The side of the squares that a step is done in, or 0.
pub(super) fn side<E: Element>(isa: Isa, step: &Step, parameters: &Parameters<'_, E>, bound: f64) -> usize {
    let Work::Conv { geometry, .. } = &step.work else { return 0 };
    if isa == Isa::Portable || !has_vectors::<E>() {
        return 0;
    }
    let lanes = if isa == Isa::Avx512 { MAX_LANES } else { MAX_LANES / 2 };
    let mut sides = SIDES;
    sides.sort_unstable_by_key(|side| winograd::cost(geometry, *side, lanes));
    let fits = |side: &usize| {
        step.work.squares(*side).is_some()
            && winograd::is_worth(geometry, *side, lanes)
            && MARGIN * error(isa, geometry, *side, parameters) <= bound
    };
    sides.into_iter().find(fits).unwrap_or(0)
}

/// Nothing can be measured without memory.
#[cfg(not(feature = "alloc"))]
fn error<E: Element>(_: Isa, _: &nn_shape::ConvGeometry, _: usize, _: &Parameters<'_, E>) -> f64 {
    f64::INFINITY
}
