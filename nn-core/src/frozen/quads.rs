//! A linear layer over one row whose outputs fill two vectors at most: four inputs at a time.
//!
//! One input at a time, a product takes two loads: of the weights, and of the input for all lanes. Here each four lanes hold four inputs, which are loaded once for
//! four vectors of weights, those of the four outputs that these lanes become: sum `j` of four lanes is output `j` of their four, once the lanes are added.

use nn_shape::frozen::joins;

use super::linear::Row;
use super::tile::Tile;
use crate::Float;
use crate::simd::Vector;

/// Inputs that four lanes hold, and sums of them.
const FOUR: usize = 4;

/// Inputs from which on fewer loads are worth that lanes are added.
const LEAST: usize = 8;

/// Whether a row is multiplied so.
pub(super) const fn fits<V: Vector>(row: Row) -> bool {
    let Row { pieces: [first, second], outputs } = row;
    let whole = first % FOUR == 0 && second % FOUR == 0;
    V::QUADS && whole && row.inputs() >= LEAST && outputs <= 2 * V::LANES && joins(row.inputs(), outputs)
}

/// Lanes of the vectors that a row's outputs lie in.
const fn lanes<V: Vector>(outputs: usize) -> usize {
    if outputs <= V::Narrow::LANES { V::Narrow::LANES } else { V::LANES }
}

/// Packs biases and weights, whose numbers for an output are `weight(output, input)`.
pub(super) fn pack<V: Vector>(
    row: Row,
    weight: impl Fn(usize, usize) -> V::Element,
    bias: impl Fn(usize) -> V::Element,
    [biases, weights]: [&mut [V::Element]; 2],
) {
    let lanes = lanes::<V>(row.outputs);
    let vectors = row.outputs.div_ceil(lanes);
    for output in 0..row.outputs {
        biases[output] = bias(output);
        let (vector, lane) = (output / lanes, output % lanes);
        for input in 0..row.inputs() {
            let four = (input / FOUR * vectors + vector) * FOUR + lane % FOUR;
            weights[four * lanes + lane / FOUR * FOUR + input % FOUR] = weight(output, input);
        }
    }
}

/// # Safety
/// The machine has the vector's instruction set; the row [`fits`] and was packed by [`pack`], its first piece is the tile's input, its second one `behind`, and all
/// that it reads and writes is valid for it.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(row: Row, behind: *const V::Element, tile: &Tile<V::Element>) {
    let Row { pieces, outputs } = row;
    // SAFETY: passed on to the caller.
    unsafe {
        if outputs <= V::Narrow::LANES {
            sum::<V::Narrow, 1, 2>(pieces, behind, tile);
        } else if outputs <= V::LANES {
            sum::<V, 1, 2>(pieces, behind, tile);
        } else {
            sum::<V, 2, 1>(pieces, behind, tile);
        }
    }
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn sum<V: Vector, const WIDTH: usize, const PARTS: usize>(
    pieces: [usize; 2],
    behind: *const V::Element,
    tile: &Tile<V::Element>,
) {
    // SAFETY: the caller vouches for the memory and for the instruction set.
    unsafe {
        let mut sums = [[[V::splat(V::Element::default()); FOUR]; WIDTH]; PARTS];
        add::<V, WIDTH, PARTS>(pieces[0], tile.input, tile.weight, &mut sums);
        if pieces[1] > 0 {
            let weight = tile.weight.add(pieces[0] * WIDTH * V::LANES);
            add::<V, WIDTH, PARTS>(pieces[1], behind, weight, &mut sums);
        }
        let mut outputs = [V::splat(V::Element::default()); WIDTH];
        for v in 0..WIDTH {
            let mut total = sums[0][v];
            for part in 1..PARTS {
                for four in 0..FOUR {
                    total[four] = total[four].add(sums[part][v][four]);
                }
            }
            outputs[v] = V::fold(total).add(V::load(tile.bias.add(v * V::LANES)));
        }
        finish::<V, WIDTH>(&outputs, tile);
    }
}

/// Adds the products of a piece of the row.
///
/// # Safety
/// The machine has the vector's instruction set; `from` is valid for reading `len` numbers, a multiple of four, `weight` for as many times `WIDTH` vectors.
#[inline(always)]
unsafe fn add<V: Vector, const WIDTH: usize, const PARTS: usize>(
    len: usize,
    mut from: *const V::Element,
    mut weight: *const V::Element,
    sums: &mut [[[V; FOUR]; WIDTH]; PARTS],
) {
    // SAFETY: passed on to the caller.
    unsafe {
        for _ in 0..len / (PARTS * FOUR) {
            for part in 0..PARTS {
                step::<V, WIDTH>(from.add(part * FOUR), weight.add(part * WIDTH * FOUR * V::LANES), &mut sums[part]);
            }
            weight = weight.add(PARTS * WIDTH * FOUR * V::LANES);
            from = from.add(PARTS * FOUR);
        }
        for part in 0..PARTS {
            if part < len / FOUR % PARTS {
                step::<V, WIDTH>(from.add(part * FOUR), weight.add(part * WIDTH * FOUR * V::LANES), &mut sums[part]);
            }
        }
    }
}

/// Adds the products of four inputs.
///
/// # Safety
/// The machine has the vector's instruction set; `from` is valid for reading four numbers, `weight` for four times `WIDTH` vectors.
#[inline(always)]
unsafe fn step<V: Vector, const WIDTH: usize>(
    from: *const V::Element,
    weight: *const V::Element,
    sums: &mut [[V; FOUR]; WIDTH],
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let inputs = V::quad(from);
        for v in 0..WIDTH {
            for four in 0..FOUR {
                let factors = V::load(weight.add((v * FOUR + four) * V::LANES));
                sums[v][four] = sums[v][four].add_product(inputs, factors);
            }
        }
    }
}

/// Adds what is beside, bounds and stores the outputs, which are soon read again.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn finish<V: Vector, const WIDTH: usize>(sums: &[V; WIDTH], tile: &Tile<V::Element>) {
    // SAFETY: the caller vouches for the memory and for the instruction set; no more than `count` numbers are read and written.
    unsafe {
        let [low, high] = tile.bounds;
        // Where both are infinite, code that is compiled for a network does nothing at all.
        let is_bounded = low > V::Element::NEG_INFINITY || high < V::Element::ZERO - V::Element::NEG_INFINITY;
        let (low, high) = (V::splat(low), V::splat(high));
        for v in 0..WIDTH {
            let (at, mut sum) = (v * V::LANES, sums[v]);
            let count = if tile.count - at < V::LANES { tile.count - at } else { V::LANES };
            if !tile.beside.is_null() {
                sum = sum.add(V::load_part(tile.beside.add(at), count));
            }
            if is_bounded {
                sum = sum.at_least(low).at_most(high);
            }
            sum.store_pieces(tile.output.add(at), count);
        }
    }
}
