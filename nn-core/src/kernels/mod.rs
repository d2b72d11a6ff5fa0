//! What computes: functions on slices and geometries that know nothing of layers.
//!
//! They are generic over the element and the instruction set, and [`Kernels`] compiles each once for `f32` and once for `f64` here,
//! so that a user's crate, however many layers it has and however it is built, only calls them.

mod adaptive;
mod all_pairs;
mod arithmetic;
mod attention;
mod average_pool;
mod axis;
mod bias;
mod bilinear;
mod broadcast;
mod choose;
mod class_loss;
mod columns;
mod conv;
mod conv_backward;
mod conv_dots;
mod conv_doubled;
mod conv_halved;
mod conv_lines;
mod conv_sliding;
mod conv_wide;
mod ctc;
mod depthwise_forward;
mod depthwise_weight;
mod distance;
mod dot;
mod dropout;
mod embedding;
mod fold;
mod fractional;
mod gemm;
mod glu;
mod grid;
mod group_norm;
mod gumbel;
mod join;
mod linear;
mod loss;
mod lp_pool;
mod mask;
pub(crate) mod math;
mod max_pool;
mod norm;
mod normalize;
mod one_hot;
mod optim;
mod pack;
mod pad;
mod pointwise;
pub(crate) mod pool;
mod put;
mod rearrange;
mod recurrent;
mod recurrent_batch;
pub(crate) mod recurrent_gates;
mod recurrent_step;
mod reduce;
pub mod reference;
pub(crate) mod resample;
mod rows;
mod sample_loss;
mod slope;
mod softmax;
mod steps;
mod strided;
mod take;
mod tile;
pub(crate) mod transpose;
mod unpool;
mod vector_norm;
mod weight_norm;
mod windows;

use nn_shape::frozen::Step;
use nn_shape::{
    AdaptiveLogSoftmax, AffineGrid, AllPairs, Bags, Broadcast, Choose, Comparison, Connective, ConvGeometry, Divisor,
    Dropout, Function, Glu, GridSample, Groups, GumbelSoftmax, Heads, LocalResponseNorm, Masking, Measure, Normalize,
    Operator, PadGeometry, Pairs, Planes, PoolGeometry, Reduce, ResampleGeometry, Sequence, Softmax, Table, Take, Walk,
};

pub use adaptive::{AdaptiveGradients, AdaptiveWeights};
pub use attention::{Attended, AttendedGradients};
pub use class_loss::{ClassLoss, Labels, Targets};
pub use ctc::{CtcPath, CtcStates};
pub use embedding::Bagged;
pub use loss::{Elementwise, Operand, Weighting};
pub use sample_loss::{Norm, SampleLoss};

use crate::frozen::{ByKind, Memory, PackStep, Program, RunLayer, RunStep, run};
use crate::init::{self, Init};
use crate::simd::Isa;
use crate::{Random, Rng, Workers};

pub use optim::{AdagradRule, AdamRule, RmspropRule, SgdRule};
pub use recurrent::{Record, RecurrentGradients, RecurrentWeights, StepRoom};
pub use recurrent_gates::Passage;

/// Declares the trait whose methods are the kernels compiled for one element, and implements it for `f32` and `f64`.
macro_rules! kernels {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? = $path:path;)*) => {
        /// The kernels, compiled for one element type.
        pub trait Kernels: Sized {
            $($(#[$doc])* #[allow(clippy::too_many_arguments)] fn $name($($arg: $type),*) $(-> $result)?;)*
        }
        kernels!(@implement f32; $(fn $name($($arg: $type),*) $(-> $result)? = $path;)*);
        kernels!(@implement f64; $(fn $name($($arg: $type),*) $(-> $result)? = $path;)*);
    };
    (@implement $element:ident; $(fn $name:ident($($arg:ident: $type:ty),*) $(-> $result:ty)? = $path:path;)*) => {
        impl Kernels for $element {
            $(fn $name($($arg: $type),*) $(-> $result)? { $path($($arg),*) })*
        }
    };
}

kernels! {
    /// Convolution: `output = bias + Σ weight · input`, NCHW, weights `[out, in / groups, kernel...]`.
    fn conv_forward(
        geometry: &ConvGeometry, batch: usize, input: &[Self], weight: &[Self], bias: Option<&[Self]>, output: &mut [Self],
        scratch: &mut [Self],
    ) = conv::forward;
    /// The gradient of a convolution's input, overwritten or added to; also the forward pass of a transposed convolution.
    fn conv_backward_input(
        geometry: &ConvGeometry, batch: usize, output_gradient: &[Self], weight: &[Self], input_gradient: &mut [Self],
        accumulate: bool, scratch: &mut [Self],
    ) = conv_backward::input;
    /// Adds the gradient of a convolution's weights.
    fn conv_backward_weight(
        geometry: &ConvGeometry, batch: usize, input: &[Self], output_gradient: &[Self], weight_gradient: &mut [Self],
        scratch: &mut [Self],
    ) = conv_backward::weight;
    /// Adds the gradient of a bias: the sums over each channel of `[batch, channels, plane]`.
    fn bias_backward(
        channels: usize, plane: usize, batch: usize, output_gradient: &[Self], bias_gradient: &mut [Self],
    ) = bias::backward;

    /// Sets each channel of `[batch, channels, plane]` to its bias.
    fn bias_forward(channels: usize, plane: usize, batch: usize, bias: &[Self], output: &mut [Self]) = broadcast::bias_forward;
    /// `to += from`.
    fn accumulate(from: &[Self], to: &mut [Self]) = broadcast::accumulate;

    /// `output[row] = weight · input[row] + bias`, weights `[out, in]`.
    fn linear_forward(
        rows: usize, in_features: usize, out_features: usize, input: &[Self], weight: &[Self], bias: Option<&[Self]>,
        output: &mut [Self], scratch: &mut [Self],
    ) = linear::forward;
    /// The gradient of a linear layer's input, overwritten or added to.
    fn linear_backward_input(
        rows: usize, in_features: usize, out_features: usize, output_gradient: &[Self], weight: &[Self],
        input_gradient: &mut [Self], accumulate: bool, scratch: &mut [Self],
    ) = linear::backward_input;
    /// The gradient of a linear layer's weights, overwritten or added to.
    fn linear_backward_weight(
        rows: usize, in_features: usize, out_features: usize, input: &[Self], output_gradient: &[Self],
        weight_gradient: &mut [Self], accumulate: bool, scratch: &mut [Self],
    ) = linear::backward_weight;

    /// One direction of a recurrent layer.
    fn recurrent_forward(
        sequence: &Sequence, batch: usize, input: &[Self], weights: &RecurrentWeights<'_, Self>, record: &mut Record<'_, Self>,
        room: &mut StepRoom<'_, Self>, output: &mut [Self], scratch: &mut [Self],
    ) = recurrent::forward;
    /// One direction of a recurrent layer over one sample, for evaluation: keeps nothing. The room is for a step's gates and their hidden part, and
    /// for what is projected.
    fn recurrent_evaluate(
        sequence: &Sequence, weights: &RecurrentWeights<'_, Self>, passage: Passage<'_, Self>, room: [&mut [Self]; 3],
    ) = recurrent_step::evaluate;
    /// One direction of a recurrent layer, backwards through time; leaves the gradients of the gates in the record.
    fn recurrent_backward(
        sequence: &Sequence, batch: usize, input: &[Self], weights: &RecurrentWeights<'_, Self>, record: &mut Record<'_, Self>,
        room: &mut StepRoom<'_, Self>, outputs: (&[Self], &[Self]), gradients: Option<RecurrentGradients<'_, Self>>,
        scratch: &mut [Self],
    ) = recurrent::backward;

    /// The maximum of each window, and, if wanted, its place in the plane.
    fn max_pool_forward(
        geometry: &PoolGeometry, batch: usize, input: &[Self], output: &mut [Self], places: Option<&mut [u32]>,
    ) = max_pool::forward;
    /// Adds each gradient to the place of its maximum.
    fn max_pool_backward(
        geometry: &PoolGeometry, batch: usize, output_gradient: &[Self], places: &[u32], input_gradient: &mut [Self],
    ) = max_pool::backward;
    /// Puts each value at its place in the plane, zeros elsewhere.
    fn max_unpool_forward(
        geometry: &PoolGeometry, batch: usize, input: &[Self], places: &[u32], output: &mut [Self],
    ) = unpool::forward;
    /// The gradient of what was put in its place, overwritten or added to.
    fn max_unpool_backward(
        geometry: &PoolGeometry, batch: usize, output_gradient: &[Self], places: &[u32], input_gradient: &mut [Self],
        accumulate: bool,
    ) = unpool::backward;
    /// The maximum of each window, where windows lie at random distances: a number for each of three axes of each plane is drawn.
    fn fractional_max_pool_forward(
        geometry: &PoolGeometry, batch: usize, draw: &mut dyn FnMut() -> f64, input: &[Self], output: &mut [Self],
        places: Option<&mut [u32]>,
    ) = fractional::forward;
    /// The p-norm of each window.
    fn lp_pool_forward(
        geometry: &PoolGeometry, norm: f64, batch: usize, input: &[Self], output: &mut [Self],
    ) = lp_pool::forward;
    /// Adds the gradient of each p-norm to its window.
    fn lp_pool_backward(
        geometry: &PoolGeometry, norm: f64, batch: usize, input: &[Self], output_gradient: &[Self],
        input_gradient: &mut [Self],
    ) = lp_pool::backward;
    /// The mean of each window.
    fn average_pool_forward(
        geometry: &PoolGeometry, divisor: Divisor, batch: usize, input: &[Self], output: &mut [Self],
    ) = average_pool::forward;
    /// Adds each gradient, divided, to its window.
    fn average_pool_backward(
        geometry: &PoolGeometry, divisor: Divisor, batch: usize, output_gradient: &[Self], input_gradient: &mut [Self],
    ) = average_pool::backward;

    /// Normalises each channel of a batch by its mean and variance; factors are weight and bias. Leaves mean and 1/√(variance + eps), and moves
    /// running mean and variance towards mean and variance by a weight. With a ReLU, if it rectifies.
    fn batch_norm_forward(
        planes: Planes, batch: usize, eps: f64, rectifies: bool, input: &[Self], statistics: (&mut [Self], &mut [Self]),
        running: Option<(&mut [Self], &mut [Self], f64)>, factors: (Option<&[Self]>, Option<&[Self]>), output: &mut [Self],
    ) = norm::forward;
    /// Normalises by running mean and variance.
    fn batch_norm_evaluate(
        planes: Planes, batch: usize, eps: f64, rectifies: bool, input: &[Self], running: (&[Self], &[Self]),
        factors: (Option<&[Self]>, Option<&[Self]>), output: &mut [Self],
    ) = norm::evaluate;
    /// The gradient of the input, overwritten or added to, and adds those of weight and bias. Without a gradient of the output, it is what lies in the
    /// input's place.
    fn batch_norm_backward(
        planes: Planes, batch: usize, rectifies: bool, input: &[Self], statistics: (&[Self], &[Self]),
        factors: (Option<&[Self]>, Option<&[Self]>), output_gradient: &[Self],
        gradients: (Option<&mut [Self]>, Option<&mut [Self]>), input_gradient: Option<(&mut [Self], bool)>,
    ) = norm::backward;

    /// Normalises each group of neighbouring values by its own mean and variance; statistics are mean and 1/√(variance + eps) of each
    /// group, factors weight and bias. Moves running mean and variance, one for each group of a sample, by a weight.
    fn group_norm_forward(
        groups: &Groups, batch: usize, eps: f64, input: &[Self], factors: (Option<&[Self]>, Option<&[Self]>),
        output: &mut [Self], statistics: Option<&mut [Self]>, running: Option<(&mut [Self], &mut [Self], f64)>,
    ) = group_norm::forward;
    /// The gradient of the input, overwritten or added to, and adds those of weight and bias.
    fn group_norm_backward(
        groups: &Groups, batch: usize, input: &[Self], statistics: &[Self], weight: Option<&[Self]>,
        output_gradient: &[Self], gradients: (Option<&mut [Self]>, Option<&mut [Self]>),
        input_gradient: Option<(&mut [Self], bool)>,
    ) = group_norm::backward;

    /// Vectors brought to length 1.
    fn normalize_forward(config: &Normalize, input: &[Self], output: &mut [Self]) = normalize::forward;
    /// The gradient of vectors that are brought to length 1, overwritten or added to.
    fn normalize_backward(
        config: &Normalize, input: &[Self], output_gradient: &[Self], input_gradient: &mut [Self], accumulate: bool,
    ) = normalize::backward;
    /// Divides each value by a power of a mean square over neighbouring channels, which is left in `sums`.
    fn response_norm_forward(
        config: &LocalResponseNorm, input: &[Self], output: &mut [Self], sums: Option<&mut [Self]>,
    ) = normalize::response_forward;
    /// The gradient of the input, overwritten or added to.
    fn response_norm_backward(
        config: &LocalResponseNorm, input: &[Self], sums: &[Self], output_gradient: &[Self], input_gradient: &mut [Self],
        accumulate: bool, scratch: &mut [Self],
    ) = normalize::response_backward;

    /// A number for each pair of vectors.
    fn distance_forward(
        measure: Measure, pairs: &Pairs, batch: usize, left: &[Self], right: &[Self], output: &mut [Self],
    ) = distance::forward;
    /// The distance of each pair of rows.
    fn all_pairs_forward(config: &AllPairs, batch: usize, input: &[Self], output: &mut [Self]) = all_pairs::forward;
    /// Adds the gradient of the rows.
    fn all_pairs_backward(
        config: &AllPairs, batch: usize, input: &[Self], distances: &[Self], output_gradient: &[Self],
        input_gradient: &mut [Self],
    ) = all_pairs::backward;
    /// Where the pixels of an image lie under an affine map.
    fn affine_grid_forward(config: &AffineGrid, batch: usize, theta: &[Self], output: &mut [Self]) = grid::affine_forward;
    /// Adds the gradient of the maps.
    fn affine_grid_backward(
        config: &AffineGrid, batch: usize, output_gradient: &[Self], gradient: &mut [Self],
    ) = grid::affine_backward;
    /// The values of an image or volume at the places of a grid.
    fn grid_sample_forward(
        config: &GridSample, batch: usize, input: &[Self], grid: &[Self], output: &mut [Self],
    ) = grid::sample_forward;
    /// Adds the gradients of the input and of the grid.
    fn grid_sample_backward(
        config: &GridSample, batch: usize, input: &[Self], grid: &[Self], output_gradient: &[Self],
        input_gradient: Option<&mut [Self]>, grid_gradient: Option<&mut [Self]>,
    ) = grid::sample_backward;
    /// Softmax of what Gumbel noise was added to, if any is to be drawn.
    fn gumbel_forward(
        config: &GumbelSoftmax, batch: usize, input: &[Self], shares: &mut [Self], random: Option<&mut Random>,
    ) = gumbel::forward;
    /// 1 at the largest along the axis, 0 elsewhere.
    fn gumbel_harden(config: &GumbelSoftmax, batch: usize, values: &mut [Self]) = gumbel::harden;
    /// The gradient of gumbel_softmax's input, overwritten or added to.
    fn gumbel_backward(
        config: &GumbelSoftmax, batch: usize, shares: &[Self], output_gradient: &[Self], input_gradient: &mut [Self],
        accumulate: bool,
    ) = gumbel::backward;
    /// Adds the gradients of both inputs.
    fn distance_backward(
        measure: Measure, pairs: &Pairs, batch: usize, left: &[Self], right: &[Self], output_gradient: &[Self],
        left_gradient: Option<&mut [Self]>, right_gradient: Option<&mut [Self]>,
    ) = distance::backward;

    /// Lays out the input with its padding, `value` where the padding is constant.
    fn pad_forward(geometry: &PadGeometry, batch: usize, value: Self, input: &[Self], output: &mut [Self]) = pad::forward;
    /// Adds the gradient of the padded input to that of the input.
    fn pad_backward(geometry: &PadGeometry, batch: usize, output_gradient: &[Self], input_gradient: &mut [Self]) = pad::backward;

    /// Lays out what a window sees at each of its places as columns, overwritten or added to.
    fn unfold(
        geometry: &PoolGeometry, batch: usize, image: &[Self], columns: &mut [Self], accumulate: bool,
    ) = fold::gather;
    /// Adds columns to the image where their windows saw it.
    fn fold(geometry: &PoolGeometry, batch: usize, columns: &[Self], image: &mut [Self]) = fold::scatter;

    /// An image of another size.
    fn resample_forward(
        geometry: &ResampleGeometry, batch: usize, input: &[Self], output: &mut [Self], scratch: &mut [Self],
    ) = resample::forward;
    /// Adds the gradient of an image of another size to that of the image.
    fn resample_backward(
        geometry: &ResampleGeometry, batch: usize, output_gradient: &[Self], input_gradient: &mut [Self],
        scratch: &mut [Self],
    ) = resample::backward;

    /// `output[i] = function(input[i])`.
    fn pointwise_forward(function: &Function, input: &[Self], output: &mut [Self]) = pointwise::forward;
    /// The gradient of a function of one number, overwritten or added to; `known` are its inputs, its outputs or nothing. Without a gradient of the output,
    /// it is what lies in the input's place.
    fn pointwise_backward(
        function: &Function, known: &[Self], output_gradient: &[Self], input_gradient: &mut [Self], accumulate: bool,
    ) = pointwise::backward;

    /// `output = input > 0 ? input : input * weight`, one weight for each channel.
    fn prelu_forward(planes: Planes, input: &[Self], weight: &[Self], output: &mut [Self]) = slope::prelu_forward;
    /// Adds the gradient of PReLU's weights.
    fn prelu_backward_weight(
        planes: Planes, input: &[Self], output_gradient: &[Self], weight_gradient: &mut [Self],
    ) = slope::prelu_backward_weight;
    /// The gradient of PReLU's input, overwritten or added to.
    fn prelu_backward_input(
        planes: Planes, input: &[Self], weight: &[Self], output_gradient: &[Self], input_gradient: &mut [Self],
        accumulate: bool,
    ) = slope::prelu_backward_input;
    /// Draws a slope between two bounds for each value that is not above 0: `output = input * slope`.
    fn rrelu_forward(
        bounds: (f64, f64), input: &[Self], output: &mut [Self], slopes: &mut [Self], random: &mut Random,
    ) = slope::rrelu_forward;
    /// The gradient of RReLU's input, overwritten or added to.
    fn rrelu_backward(
        slopes: &[Self], output_gradient: &[Self], input_gradient: &mut [Self], accumulate: bool,
    ) = slope::rrelu_backward;
    /// The first half of each block times the sigmoid of the second.
    fn glu_forward(config: &Glu, input: &[Self], output: &mut [Self]) = glu::forward;
    /// The gradient of GLU's input, overwritten or added to.
    fn glu_backward(
        config: &Glu, input: &[Self], output_gradient: &[Self], input_gradient: &mut [Self], accumulate: bool,
    ) = glu::backward;

    /// `output = left (operator) right`, either being repeated along some axes.
    fn arithmetic_forward(
        operator: Operator, rectifies: bool, broadcast: &Broadcast, batch: usize, left: &[Self], right: &[Self],
        output: &mut [Self],
    ) = arithmetic::forward;
    /// The gradients of both inputs of a sum of one shape, each overwritten or added to; with its result where a ReLU is done with it.
    fn sum_backward(
        result: Option<&[Self]>, output_gradient: &[Self], gradients: [Option<(&mut [Self], bool)>; 2],
    ) = arithmetic::backward_sum;
    /// The same where one of them takes the place of the sum's own gradient.
    fn sum_backward_in_place(
        result: Option<&[Self]>, gradient: &mut [Self], other: Option<(&mut [Self], bool)>,
    ) = arithmetic::backward_sum_in_place;
    /// The gradient of the left input, overwritten or added to; a sum and a difference need no inputs.
    fn arithmetic_backward_left(
        operator: Operator, broadcast: &Broadcast, batch: usize, left: &[Self], right: &[Self], output_gradient: &[Self],
        gradient: &mut [Self], accumulate: bool,
    ) = arithmetic::backward_left;
    /// The gradient of the right input, overwritten or added to; a sum and a difference need no inputs.
    fn arithmetic_backward_right(
        operator: Operator, broadcast: &Broadcast, batch: usize, left: &[Self], right: &[Self], output_gradient: &[Self],
        gradient: &mut [Self], accumulate: bool,
    ) = arithmetic::backward_right;

    /// What a mask of truth values chooses.
    fn mask_forward(
        masking: Masking, broadcast: &Broadcast, batch: usize, mask: &[u32], values: [&[Self]; 2], output: &mut [Self],
    ) = mask::forward;
    /// 1 where a connective of two truth values holds, else 0.
    fn connect(
        connective: Connective, broadcast: &Broadcast, batch: usize, left: &[u32], right: &[u32], output: &mut [u32],
    ) = mask::connect;
    /// 1 where a comparison with other numbers or with a constant holds, else 0.
    fn compare(
        comparison: Comparison, broadcast: &Broadcast, batch: usize, left: &[Self], right: Result<&[Self], f64>,
        output: &mut [u32],
    ) = mask::compare;
    /// The same of indices.
    fn compare_indices(
        comparison: Comparison, broadcast: &Broadcast, batch: usize, left: &[u32], right: Result<&[u32], f64>,
        output: &mut [u32],
    ) = mask::compare_indices;
    /// The gradient of what stands where a mask says so, overwritten or added to.
    fn mask_backward(
        broadcast: &Broadcast, batch: usize, mask: &[u32], wanted: bool, output_gradient: &[Self], gradient: &mut [Self],
        accumulate: bool,
    ) = mask::backward;

    /// Softmax and its relatives along an axis.
    fn softmax_forward(config: &Softmax, batch: usize, input: &[Self], output: &mut [Self]) = softmax::forward;
    /// The gradient of the input of softmax and its relatives, overwritten or added to.
    fn softmax_backward(
        config: &Softmax, batch: usize, output: &[Self], output_gradient: &[Self], input_gradient: &mut [Self],
        accumulate: bool,
    ) = softmax::backward;

    /// Shortens the rows of a table that are looked up, where it says so.
    fn embedding_renormalise(table: &Table, indices: &[u32], weight: &mut [Self]) = embedding::renormalise;
    /// The rows of a table, chosen by indices.
    fn embedding_forward(table: &Table, weight: &[Self], indices: &[u32], output: &mut [Self]) = embedding::forward;
    /// Adds each gradient to the row that was looked up; `counts` is empty unless frequencies count.
    fn embedding_backward(
        table: &Table, indices: &[u32], output_gradient: &[Self], weight_gradient: &mut [Self], counts: &mut [Self],
    ) = embedding::backward;
    /// The sum, mean or maximum of each bag of rows, and the indices of the maxima, if they are wanted.
    fn bag_forward(
        table: &Table, bags: &Bags, batch: usize, weight: &[Self], bagged: Bagged<'_, Self>, output: &mut [Self],
        winners: Option<&mut [u32]>,
    ) = embedding::bag_forward;
    /// Adds each gradient to the rows of its bag; `counts` is empty unless frequencies count.
    fn bag_backward(
        table: &Table, bags: &Bags, batch: usize, bagged: Bagged<'_, Self>, output_gradient: &[Self], winners: &[u32],
        weight_gradient: &mut [Self], counts: &mut [Self],
    ) = embedding::bag_backward;
    /// Adds the gradient of what the rows of bags are multiplied by.
    fn bag_backward_factors(
        table: &Table, bags: &Bags, batch: usize, weight: &[Self], bagged: Bagged<'_, Self>, output_gradient: &[Self],
        factor_gradient: &mut [Self],
    ) = embedding::bag_backward_factors;

    /// The logarithm of each row's class; without targets those of all classes.
    fn adaptive_forward(
        config: &AdaptiveLogSoftmax, rows: usize, input: &[Self], targets: Option<&[u32]>, weights: &AdaptiveWeights<'_, Self>,
        output: &mut [Self], scratch: &mut [Self],
    ) = adaptive::forward;
    /// Adds the gradients of an adaptive softmax's weights and input.
    fn adaptive_backward(
        config: &AdaptiveLogSoftmax, rows: usize, input: &[Self], targets: Option<&[u32]>, weights: &AdaptiveWeights<'_, Self>,
        output_gradient: &[Self], gradients: Option<AdaptiveGradients<'_, Self>>, input_gradient: Option<&mut [Self]>,
        scratch: &mut [Self],
    ) = adaptive::backward;
    /// For each index a row of zeros with a 1 at its place.
    fn one_hot_forward(classes: usize, indices: &[u32], output: &mut [Self]) = one_hot::forward;

    /// Draws which values or channels stay: a bit for each.
    fn dropout_draw(config: &Dropout, batch: usize, words: &mut [u32], random: &mut Random) = dropout::draw;
    /// Drops what does not stay and scales what does.
    fn dropout_forward(config: &Dropout, batch: usize, words: &[u32], input: &[Self], output: &mut [Self]) = dropout::forward;
    /// The gradient of dropout's input, overwritten or added to.
    fn dropout_backward(
        config: &Dropout, batch: usize, words: &[u32], output_gradient: &[Self], input_gradient: &mut [Self],
        accumulate: bool,
    ) = dropout::backward;

    /// The attention of one sample's heads; leaves their weights, or works in them, and shows them or their mean.
    fn attention_forward(
        heads: &Heads, given: &Attended<'_, Self>, weights: &mut [Self], output: &mut [Self], shown: Option<&mut [Self]>,
        scratch: &mut [Self],
    ) = attention::forward;
    /// The gradients of one sample's attention.
    fn attention_backward(
        heads: &Heads, given: &Attended<'_, Self>, weights: &[Self], output_gradient: &[Self],
        shown_gradient: Option<&[Self]>, gradients: AttendedGradients<'_, Self>, scratch: &mut [Self],
    ) = attention::backward;

    /// Weights from lengths and directions, one length for each row.
    fn weight_norm_forward(lengths: &[Self], directions: &[Self], weight: &mut [Self]) = weight_norm::forward;
    /// The length of each row.
    fn weight_norm_lengths(weight: &[Self], lengths: &mut [Self]) = weight_norm::lengths;
    /// Adds the gradients of lengths and directions.
    fn weight_norm_backward(
        lengths: &[Self], directions: &[Self], weight_gradient: &[Self], length_gradient: &mut [Self],
        direction_gradient: &mut [Self],
    ) = weight_norm::backward;

    /// Copies or adds rows between a value and the value that it is a part of.
    fn copy_rows(
        rows: usize, len: usize, from: &[Self], from_step: usize, to: &mut [Self], to_step: usize, accumulate: bool,
    ) = join::copy_rows;

    /// The axes of each sample in another order.
    fn permute_forward(walk: &Walk, batch: usize, input: &[Self], output: &mut [Self]) = rearrange::forward;
    /// The gradient of the input of a permutation, overwritten or added to.
    fn permute_backward(
        walk: &Walk, batch: usize, output_gradient: &[Self], input_gradient: &mut [Self], accumulate: bool,
    ) = rearrange::backward;

    /// Sums or means along axes.
    fn reduce_forward(config: &Reduce, batch: usize, input: &[Self], output: &mut [Self]) = reduce::forward;
    /// The gradient of the input of a sum or a mean, overwritten or added to.
    fn reduce_backward(
        config: &Reduce, batch: usize, output_gradient: &[Self], input_gradient: &mut [Self], accumulate: bool,
    ) = reduce::backward;

    /// The largest or the smallest value along axes.
    fn extreme_forward(
        config: &Reduce, least: bool, batch: usize, input: &[Self], output: &mut [Self],
    ) = reduce::extreme_forward;
    /// Adds the gradient of the largest or the smallest values; `counts` is room for a sample of the output.
    fn extreme_backward(
        config: &Reduce, batch: usize, input: &[Self], output: &[Self], output_gradient: &[Self],
        input_gradient: &mut [Self], counts: &mut [Self],
    ) = reduce::extreme_backward;
    /// The values of an axis that are chosen by their size, if they are wanted, and where they stand.
    fn choose_forward(
        config: &Choose, batch: usize, input: &[Self], output: Option<&mut [Self]>, places: &mut [u32],
    ) = choose::forward;
    /// Adds the gradient of chosen values.
    fn choose_backward(
        config: &Choose, batch: usize, output_gradient: &[Self], places: &[u32], input_gradient: &mut [Self],
    ) = choose::backward;
    /// Parts, reverses and repetitions of a value.
    fn take_forward(take: &Take, batch: usize, input: &[Self], output: &mut [Self]) = take::forward;
    /// Adds the gradient of parts, reverses and repetitions.
    fn take_backward(take: &Take, batch: usize, output_gradient: &[Self], input_gradient: &mut [Self]) = take::backward;

    /// A bilinear layer: a matrix between two vectors for each output, weights `[out, in1, in2]`.
    fn bilinear_forward(
        in_features: [usize; 2], left: &[Self], right: &[Self], weight: &[Self], bias: Option<&[Self]>, output: &mut [Self],
        products: &mut [Self],
    ) = bilinear::forward;
    /// Adds the gradient of a bilinear layer's first input.
    fn bilinear_backward_left(
        in_features: [usize; 2], right: &[Self], output_gradient: &[Self], weight: &[Self], left_gradient: &mut [Self],
        products: &mut [Self],
    ) = bilinear::backward_left;
    /// Adds the gradient of a bilinear layer's second input.
    fn bilinear_backward_right(
        in_features: [usize; 2], left: &[Self], output_gradient: &[Self], weight: &[Self], right_gradient: &mut [Self],
    ) = bilinear::backward_right;
    /// Adds the gradient of a bilinear layer's weights.
    fn bilinear_backward_weight(
        in_features: [usize; 2], left: &[Self], right: &[Self], output_gradient: &[Self], weight_gradient: &mut [Self],
    ) = bilinear::backward_weight;

    /// What the mean of a loss over classes divides by.
    fn class_loss_count(loss: &ClassLoss<'_, Self>, batch: usize, targets: &Targets<'_, Self>) -> Self = class_loss::count;
    /// The sum of the losses over classes, and each of them.
    fn class_loss_forward(
        loss: &ClassLoss<'_, Self>, batch: usize, output: &[Self], targets: &Targets<'_, Self>, losses: Option<&mut [Self]>,
    ) -> Self = class_loss::forward;
    /// The sum of the losses over classes, and the gradient of the outputs.
    fn class_loss_backward(
        loss: &ClassLoss<'_, Self>, batch: usize, output: &[Self], targets: &Targets<'_, Self>, scale: Self,
        cotangent: Option<&[Self]>, gradient: &mut [Self],
    ) -> Self = class_loss::backward;

    /// The sum of the losses between pairs of numbers.
    fn loss_sum(loss: &Elementwise<'_, Self>, len: usize, output: &[Self], target: &[Self]) -> Self = loss::sum;
    /// Each of the losses between pairs of numbers.
    fn loss_each(loss: &Elementwise<'_, Self>, len: usize, output: &[Self], target: &[Self], losses: &mut [Self]) = loss::each;
    /// The gradient of the losses between pairs of numbers with respect to one of their operands.
    fn loss_gradient(
        loss: &Elementwise<'_, Self>, operand: Operand, len: usize, output: &[Self], target: &[Self], scale: Self,
        cotangent: Option<&[Self]>, gradient: &mut [Self],
    ) = loss::gradient;

    /// Packs the parameters of a frozen network's steps for an instruction set; with a bound of errors, some convolutions in squares.
    fn frozen_pack(
        isa: Isa, program: &[Step], sources: &[&[Self]], bound: Option<f64>, packed: &mut [Self],
    ) = run::frozen_pack;
    /// The same by the functions for the kinds of steps that there are.
    fn frozen_pack_by(
        table: &ByKind<PackStep<Self>>, isa: Isa, program: &[Step], sources: &[&[Self]], bound: Option<f64>, packed: &mut [Self],
    ) = run::frozen_pack_by;
    /// Runs a frozen network's steps on the instruction set that they were packed for.
    fn frozen_run(isa: Isa, program: Program<'_>, memory: Memory<'_, Self>) = run::frozen_run;
    /// The same by several threads, if there are any.
    fn frozen_run_with(
        isa: Isa, program: Program<'_>, memory: Memory<'_, Self>, workers: Option<&mut dyn Workers>,
    ) = run::frozen_run_with;
    /// The same with the layers that stand between the steps, by the functions for the kinds of steps that there are.
    fn frozen_run_all(
        table: &ByKind<RunStep<Self>>, isa: Isa, program: Program<'_>, memory: Memory<'_, Self>, workers: Option<&mut dyn Workers>,
        run_layer: &mut RunLayer<'_, Self>,
    ) = run::frozen_run_all;

    /// The sum of losses that have one value for each sample, and each of them, if there is room.
    fn sample_loss_forward(
        loss: &SampleLoss<'_, Self>, batch: usize, len: usize, inputs: [&[Self]; 3], losses: Option<&mut [Self]>,
    ) -> Self = sample_loss::forward;
    /// The gradients of those inputs whose slice is not empty.
    fn sample_loss_backward(
        loss: &SampleLoss<'_, Self>, batch: usize, len: usize, inputs: [&[Self]; 3], scale: Self,
        cotangent: Option<&[Self]>, gradients: [&mut [Self]; 3],
    ) = sample_loss::backward;
    /// The distance between two vectors in a norm.
    fn pairwise_distance(norm: &Norm, left: &[Self], right: &[Self]) -> Self = sample_loss::distance;
    /// Adds the derivatives of a distance, times the cotangent.
    fn pairwise_distance_backward(
        norm: &Norm, left: &[Self], right: &[Self], cotangent: Self, gradients: (&mut [Self], &mut [Self]),
    ) = sample_loss::distance_backward;

    /// How unlikely a sequence of labels is, from the logarithms of the probabilities of `[time, class]`; keeps what the gradient needs.
    fn ctc_forward(path: &CtcPath<'_>, log_probs: &[Self], alpha: &mut CtcStates<'_, Self>) -> Self = ctc::forward;
    /// The gradient of the logarithms, times `scale`.
    fn ctc_backward(
        path: &CtcPath<'_>, log_probs: &[Self], alpha: &CtcStates<'_, Self>, beta: &mut CtcStates<'_, Self>, loss: Self,
        scale: Self, gradient: &mut [Self],
    ) = ctc::backward;

    /// Fills a parameter of this shape.
    fn fill_init(init: &Init, values: &mut [Self], shape: &[usize], random: &mut dyn Rng) = init::fill;

    /// One step of stochastic gradient descent; `buffer` is empty without momentum.
    fn sgd_step(rule: &SgdRule, gradient: &[Self], values: &mut [Self], buffer: &mut [Self]) = optim::sgd;
    /// One step of Adam or AdamW; `largest` is empty without AMSGrad.
    fn adam_step(
        rule: &AdamRule, gradient: &[Self], values: &mut [Self], m: &mut [Self], v: &mut [Self], largest: &mut [Self],
    ) = optim::adam;
    /// One step of RMSprop; `means` is empty unless centered, `buffer` without momentum.
    fn rmsprop_step(
        rule: &RmspropRule, gradient: &[Self], values: &mut [Self], squares: &mut [Self], means: &mut [Self],
        buffer: &mut [Self],
    ) = optim::rmsprop;
    /// One step of Adagrad.
    fn adagrad_step(rule: &AdagradRule, gradient: &[Self], values: &mut [Self], sums: &mut [Self]) = optim::adagrad;
    /// Multiplies every value.
    fn scale(factor: Self, values: &mut [Self]) = optim::scale;
    /// Brings every value into `[-bound, bound]`.
    fn clip(bound: Self, values: &mut [Self]) = optim::clip;
    /// Σ |value|^exponent; for an infinite exponent the largest |value|.
    fn power_sum(exponent: f64, values: &[Self]) -> f64 = optim::power_sum;
}
