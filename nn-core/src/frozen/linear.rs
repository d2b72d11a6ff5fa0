//! A frozen linear layer over one row: a matrix times a vector, without the loops over pixels.

use nn_shape::frozen::{HEADER, Work};
use nn_shape::tile::MAX_LANES;

use super::cut::{Cut, width};
use super::quads;
use super::run::Operands;
use super::tile::{Tile, single};
use crate::simd::Vector;

/// The row of a linear layer.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// Its numbers, which may lie in two pieces; there are none in the second of other rows.
    pub(super) pieces: [usize; 2],
    pub(super) outputs: usize,
}

impl Row {
    /// That of a step that is a linear layer over one row.
    #[inline(always)]
    pub(super) const fn of(work: &Work) -> Option<Row> {
        match *work {
            Work::Linear { rows: 1, inputs, outputs } => Some(Row { pieces: [inputs, 0], outputs }),
            Work::Joined { lines, sizes: [first, second], outputs } => {
                Some(Row { pieces: [lines * first, lines * second], outputs })
            }
            _ => None,
        }
    }

    #[inline(always)]
    pub(super) const fn inputs(&self) -> usize {
        self.pieces[0] + self.pieces[1]
    }

    /// How its outputs are cut into blocks.
    pub(super) const fn cut<V: Vector>(&self) -> Cut {
        Cut::best::<V>(1, self.outputs.div_ceil(V::LANES), self.inputs(), None)
    }
}

/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed, in blocks of at most `widest` vectors.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    row: Row,
    widest: usize,
    operands: &mut Operands<'_, V::Element>,
    bounds: [V::Element; 2],
) {
    let Row { pieces, outputs } = row;
    let ([input, second], packed) = (operands.inputs, operands.packed);
    let (behind, beside) = if pieces[1] > 0 { (second, &[][..]) } else { (&[][..], second) };
    let whole = outputs.next_multiple_of(MAX_LANES);
    assert!(input.len() == pieces[0] && behind.len() == pieces[1], "the row of a linear layer");
    assert!(operands.output.len() == outputs, "the output of a linear layer");
    assert!(beside.is_empty() || beside.len() == outputs, "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (row.inputs() + 1), "the weights are there");
    // SAFETY: biases and weights lie in the packed numbers, the outputs and what is added in theirs, as asserted.
    let bias = unsafe { packed.as_ptr().add(HEADER) };
    let tile = Tile {
        input: input.as_ptr(),
        weight: bias.wrapping_add(whole),
        bias,
        beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr() },
        output: operands.output.as_mut_ptr(),
        step: outputs,
        count: outputs,
        bounds,
        ahead: core::ptr::null(),
        share: 0,
    };
    if quads::fits::<V>(row) {
        // SAFETY: the operands are as long as the row says, as asserted; the instruction set is the caller's to vouch for.
        return unsafe { quads::run::<V>(row, behind.as_ptr(), &tile) };
    }
    let vectors = outputs.div_ceil(V::LANES);
    let mut vector = 0;
    while vector < vectors {
        let wide = width((vectors - vector).min(widest));
        assert!(wide > 0, "the weights were packed for this");
        let first = vector * V::LANES;
        let block = Tile {
            weight: tile.weight.wrapping_add(first * row.inputs()),
            bias: tile.bias.wrapping_add(first),
            beside: if beside.is_empty() { tile.beside } else { tile.beside.wrapping_add(first) },
            output: tile.output.wrapping_add(first),
            count: (outputs - first).min(wide * V::LANES),
            ..tile
        };
        // SAFETY: biases and weights of `wide` vectors from `first` on lie in the packed ones, and `count` outputs in theirs, as asserted; the
        // instruction set is the caller's to vouch for.
        unsafe { single::<V>(wide, pieces, behind.as_ptr(), &block) };
        vector += wide;
    }
}
