//! A frozen linear layer over one row: a matrix times a vector, without the loops over pixels.

use nn_shape::frozen::{HEADER, Work};
use nn_shape::tile::MAX_LANES;

use super::cut::{Cut, width};
use super::lines::blocks;
use super::part::{self, Part, Target, Way};
use super::quads;
use super::single::single;
use super::tile::Tile;
use crate::Workers;
use crate::simd::{Vector, apart};

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

    /// Whether one thread does all of it: its inputs lie in two pieces, or side by side in vectors, and are few.
    pub(super) const fn is_whole<V: Vector>(&self) -> bool {
        self.pieces[1] > 0 || quads::fits::<V>(*self)
    }

    /// How its outputs are cut into blocks.
    pub(super) const fn cut<V: Vector>(&self) -> Cut {
        Cut::best::<V>(1, self.outputs.div_ceil(V::LANES), [self.inputs(); 2], None)
    }
}

/// A layer over one row, and what it runs on.
#[derive(Clone, Copy)]
pub(super) struct Layer<'a, E> {
    pub(super) row: Row,
    /// The row, and its second piece or what is added to the result.
    pub(super) inputs: [&'a [E]; 2],
    pub(super) packed: &'a [E],
    pub(super) bounds: [E; 2],
    pub(super) output: Target<'a, E>,
}

/// All of a layer, by whoever there is: each does some of the blocks.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed.
#[inline(always)]
pub(super) unsafe fn share_out<V: Vector>(layer: &Layer<'_, V::Element>, workers: &mut Option<&mut dyn Workers>) {
    let row = layer.row;
    let count = if row.is_whole::<V>() { 1 } else { part::parts_of_row(workers, row.inputs() * row.outputs) };
    // SAFETY: passed on to the caller; no two parts have a block in common.
    unsafe {
        if count == 1 {
            return some::<V>(layer, Part::ALL);
        }
        part::each(workers, count, |index| some::<V>(layer, Part { way: Way::Blocks, index, count }));
    }
}

apart! {
    /// A part of a layer's blocks.
    ///
    /// # Safety
    /// The machine has the vector's instruction set, for which the weights were packed. Nobody else touches the part's outputs.
    unsafe fn some<'a, V>(layer: &'a Layer<'a, V::Element>, part: Part) = some_body;
}

/// # Safety
/// As for [`some`].
#[inline(always)]
unsafe fn some_body<V: Vector>(layer: &Layer<'_, V::Element>, part: Part) {
    // SAFETY: passed on to the caller.
    unsafe { run::<V, false>(layer, Cut::widest_of(layer.packed), part) }
}

/// A part of a layer. The code of one that is `KNOWN` has no loop over blocks of several widths, in which none would be a constant, and does all of it.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed, in blocks of at most `widest` vectors. Nobody else touches the part's
/// outputs.
#[inline(always)]
pub(super) unsafe fn run<V: Vector, const KNOWN: bool>(layer: &Layer<'_, V::Element>, widest: usize, part: Part) {
    let Layer { row, inputs: [input, second], packed, bounds, output } = *layer;
    let Row { pieces, outputs } = row;
    let (behind, beside) = if pieces[1] > 0 { (second, &[][..]) } else { (&[][..], second) };
    let whole = outputs.next_multiple_of(MAX_LANES);
    assert!(input.len() == pieces[0] && behind.len() == pieces[1], "the row of a linear layer");
    assert!(output.len() == outputs, "the output of a linear layer");
    assert!(beside.is_empty() || beside.len() == outputs, "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (row.inputs() + 1), "the weights are there");
    let bias = packed[HEADER..].as_ptr();
    let all = Tile {
        input: input.as_ptr(),
        weight: bias.wrapping_add(whole),
        bias,
        beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr() },
        output: output.pointer(),
        step: outputs,
        count: outputs,
        bounds,
        ahead: core::ptr::null(),
        share: 0,
    };
    let behind = behind.as_ptr();
    if quads::fits::<V>(row) {
        // SAFETY: the operands are as long as the row says, as asserted; the instruction set is the caller's to vouch for.
        return unsafe { quads::run::<V>(row, behind, &all) };
    }
    let (vectors, widest) = (outputs.div_ceil(V::LANES), width(widest));
    assert!(widest > 0, "the weights were packed for this");
    // SAFETY: biases and weights of all vectors lie in the packed ones, and the outputs in theirs, as asserted; no block goes beyond the last vector. The
    // instruction set is the caller's to vouch for.
    unsafe {
        let mut vector = 0;
        if KNOWN {
            // Behind whole blocks at most two are left: 7 vectors are 4 and 3.
            let rest = vectors % widest;
            let last = [width(rest), rest - width(rest)];
            for _ in 0..vectors / widest {
                block::<V>(row, vector, widest, behind, &all);
                vector += widest;
            }
            if last[0] > 0 {
                block::<V>(row, vectors - rest, last[0], behind, &all);
            }
            if last[1] > 0 {
                block::<V>(row, vectors - last[1], last[1], behind, &all);
            }
            return;
        }
        let share = if part.count > 1 { part.of(Way::Blocks, blocks(vectors, widest)) } else { 0..vectors };
        let mut number = 0;
        while vector < vectors {
            let wide = width((vectors - vector).min(widest));
            if share.contains(&number) {
                block::<V>(row, vector, wide, behind, &all);
            }
            number += 1;
            vector += wide;
        }
    }
}

/// So many vectors of outputs of a row; `all` would be the tile of all of them.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed, with such a block at that place; what `all` and `behind` point to is as long
/// as the row says.
#[inline(always)]
unsafe fn block<V: Vector>(row: Row, vector: usize, wide: usize, behind: *const V::Element, all: &Tile<V::Element>) {
    let first = vector * V::LANES;
    // SAFETY: the caller vouches for the instruction set and for the block; what is beside is as long as the outputs, or null.
    unsafe {
        let tile = Tile {
            weight: all.weight.add(first * row.inputs()),
            bias: all.bias.add(first),
            beside: all.beside.wrapping_add(if all.beside.is_null() { 0 } else { first }),
            output: all.output.add(first),
            count: (row.outputs - first).min(wide * V::LANES),
            ..*all
        };
        single::<V>(wide, row.pieces, behind, &tile);
    }
}
