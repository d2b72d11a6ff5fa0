//! A frozen linear layer over one row: a matrix times a vector, without the loops over pixels.

use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;

use super::cut::width;
use super::run::Operands;
use super::tile::{Tile, single};
use crate::simd::Vector;

/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed, in blocks of at most `widest` vectors.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    [inputs, outputs]: [usize; 2],
    widest: usize,
    operands: &mut Operands<'_, V::Element>,
    bounds: [V::Element; 2],
) {
    let ([input, beside], packed) = (operands.inputs, operands.packed);
    let whole = outputs.next_multiple_of(MAX_LANES);
    assert!(input.len() == inputs && operands.output.len() == outputs, "input and output of a linear layer");
    assert!(beside.is_empty() || beside.len() == outputs, "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (inputs + 1), "the weights are there");
    let vectors = outputs.div_ceil(V::LANES);
    let mut vector = 0;
    while vector < vectors {
        let wide = width((vectors - vector).min(widest));
        assert!(wide > 0, "the weights were packed for this");
        let first = vector * V::LANES;
        // SAFETY: biases and weights of `wide` vectors from `first` on lie in the packed ones, and `count` outputs in theirs, as asserted; the
        // instruction set is the caller's to vouch for.
        unsafe {
            let bias = packed.as_ptr().add(HEADER);
            let tile = Tile {
                input: input.as_ptr(),
                weight: bias.add(whole + first * inputs),
                bias: bias.add(first),
                beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().add(first) },
                output: operands.output.as_mut_ptr().add(first),
                step: outputs,
                count: (outputs - first).min(wide * V::LANES),
                bounds,
                ahead: core::ptr::null(),
                share: 0,
            };
            single::<V>(wide, inputs, &tile);
        }
        vector += wide;
    }
}
