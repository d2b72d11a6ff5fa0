//! Linear layers: the matrix products `X Wᵀ`, `dY W` and `dYᵀ X`.

use nn_shape::tile::{MAX_LANES, MAX_WIDTH, STEPS};

use super::columns::Columns;
use super::dot::dots;
use super::gemm::{Size, even, product};
use super::steps::Steps;
use super::tile::{Left, Right, Target, TileKernel};
use super::transpose::{Beside, place, transpose};
use crate::simd::{Isa, Lanes};

#[allow(clippy::too_many_arguments)]
pub(super) fn forward<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
    _scratch: &mut [E],
) {
    assert_eq!(input.len(), rows * in_features, "input of a linear layer");
    assert_eq!(weight.len(), out_features * in_features, "weight of a linear layer");
    assert_eq!(output.len(), rows * out_features, "output of a linear layer");
    assert!(bias.is_none_or(|bias| bias.len() == out_features), "bias of a linear layer");
    // Where lanes would idle, dot products are faster. What has no vectors may have no room for a panel on the stack.
    let lanes = rows.next_multiple_of(VECTORS * TileKernel::<E>::current().lanes);
    let suits = in_features > 0 && out_features >= OUTPUTS && 8 * rows >= 7 * lanes;
    if rows == 0 || !suits || Isa::of::<E>() == Isa::Portable {
        return dots(input, weight, in_features, bias, output);
    }
    many_rows(rows, in_features, out_features, input, weight, bias, output);
}

/// Vectors of rows.
const VECTORS: usize = 2;

/// Outputs whose sums are turned around together.
const OUTPUTS: usize = 16;

/// Vectors that cross a cache line are read twice.
#[repr(align(64))]
struct Aligned<T>(T);

/// `W Xᵀ`, whose right operand is packed by turning the few rows around; what comes out is turned around again.
#[inline(never)]
fn many_rows<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    weight: &[E],
    bias: Option<&[E]>,
    output: &mut [E],
) {
    let kernel = TileKernel::<E>::current();
    let mut steps = Steps::new();
    let mut panel = Aligned([E::ZERO; STEPS * VECTORS * MAX_LANES]);
    let mut sums = Aligned([E::ZERO; OUTPUTS * VECTORS * MAX_LANES]);
    for rows in even(rows, VECTORS * kernel.lanes) {
        let vectors = rows.len().div_ceil(kernel.lanes);
        let width = vectors * kernel.lanes;
        let columns = Columns::whole(width);
        for range in even(in_features, STEPS) {
            let input = &input[rows.start * in_features + range.start..];
            transpose(input, in_features, rows.len(), range.len(), &mut panel.0, width);
            steps.set_even(range.len(), 1, width);
            let right = Right { values: &panel.0, at: 0 };
            for outputs in even(out_features, OUTPUTS) {
                let left = Left::matrix(&weight[range.start..], outputs.start, in_features);
                let mut target = Target {
                    values: &mut sums.0,
                    first: 0,
                    row_step: width,
                    columns: &columns,
                    add: false,
                    bias: None,
                };
                kernel.run(outputs.len(), vectors, &left, &right, &steps, &mut target);
                let beside = match bias {
                    _ if range.start > 0 => Beside::There,
                    Some(bias) => Beside::Numbers(&bias[outputs.clone()]),
                    None => Beside::Nothing,
                };
                let to = &mut output[rows.start * out_features + outputs.start..];
                place(&sums.0, width, [outputs.len(), rows.len()], beside, to, out_features);
            }
        }
    }
}

#[allow(clippy::too_many_arguments)]
pub(super) fn backward_input<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    output_gradient: &[E],
    weight: &[E],
    input_gradient: &mut [E],
    accumulate: bool,
    scratch: &mut [E],
) {
    assert_eq!(output_gradient.len(), rows * out_features, "output gradient of a linear layer");
    assert_eq!(weight.len(), out_features * in_features, "weight of a linear layer");
    assert_eq!(input_gradient.len(), rows * in_features, "input gradient of a linear layer");
    product(
        Size { rows, columns: in_features, steps: out_features },
        scratch,
        1,
        |steps| Left::matrix(&output_gradient[steps.start..], 0, out_features),
        weight,
        input_gradient,
        accumulate,
    );
}

#[allow(clippy::too_many_arguments)]
pub(super) fn backward_weight<E: Lanes>(
    rows: usize,
    in_features: usize,
    out_features: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    accumulate: bool,
    scratch: &mut [E],
) {
    assert_eq!(input.len(), rows * in_features, "input of a linear layer");
    assert_eq!(output_gradient.len(), rows * out_features, "output gradient of a linear layer");
    assert_eq!(weight_gradient.len(), out_features * in_features, "weight gradient of a linear layer");
    let (apart, scratch) = spread(rows, out_features, output_gradient, scratch);
    let (left, stride) = if apart.is_empty() { (output_gradient, out_features) } else { (apart, apart.len() / rows) };
    product(
        Size { rows: out_features, columns: in_features, steps: rows },
        scratch,
        stride,
        |steps| Left::matrix(&left[steps.start * stride..], 0, 1),
        input,
        weight_gradient,
        accumulate,
    );
}

/// Bytes, of which rows that lie a multiple apart share a few places of the first cache.
const CROWDED: usize = 512;

/// Lays rows that a tile reads together, a few numbers of each, further apart, where they would drive each other out of the first cache and there is
/// room: these rows, and the rest of the room.
fn spread<'a, E: Lanes>(rows: usize, len: usize, from: &[E], room: &'a mut [E]) -> (&'a [E], &'a mut [E]) {
    let stride = len + MAX_LANES;
    let is_crowded = rows > 1 && len > 0 && (len * size_of::<E>()).is_multiple_of(CROWDED);
    if !is_crowded || rows * stride + rows.min(STEPS) * MAX_WIDTH > room.len() {
        return (&[], room);
    }
    let (apart, room) = room.split_at_mut(rows * stride);
    for (to, from) in apart.chunks_exact_mut(stride).zip(from.chunks_exact(len)) {
        to[..len].copy_from_slice(from);
    }
    (apart, room)
}
