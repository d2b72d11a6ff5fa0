//! Frozen transposed convolutions: for each [phase](nn_shape::phases) a convolution over the laid out input, whose outputs lie a stride apart.

use nn_shape::ConvGeometry;
use nn_shape::frozen::{is_laid_out, packed_phase};
use nn_shape::phases;

use super::conv::share_out;
use super::layout;
use super::lines::Lines;
use super::part;
use super::run::Operands;
use crate::Workers;
use crate::simd::Vector;

/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    mut operands: Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let laid_out = phases::laid_out(geometry);
    if is_laid_out(&laid_out, false) {
        let parts = part::parts(workers, laid_out.macs());
        // SAFETY: passed on to the caller.
        unsafe { layout::pad::<V>(&laid_out, false, operands.inputs[0], operands.scratch, workers, parts) };
    } else {
        operands.scratch = &mut [];
    }
    let (source, mut packed) = (operands.source(), operands.packed);
    for phase in 0..phases::all(geometry) {
        let (own, behind) = packed.split_at(packed_phase(geometry, phase));
        packed = behind;
        let (lines, start) = Lines::phase(geometry, phase);
        let operands = Operands {
            inputs: [&source[start..], operands.inputs[1]],
            output: &mut *operands.output,
            scratch: &mut [],
            packed: own,
        };
        // SAFETY: passed on to the caller.
        unsafe { share_out::<V>(&lines, operands, bounds, workers) };
    }
}
