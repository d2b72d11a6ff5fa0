//! Every shape rule of `nn`, once.
//!
//! `network!` calls these `const fn`s twice: while it expands, for the numbers that it can read, and in the constants that
//! it emits, which rustc evaluates under `cargo check`. So named constants work as dimensions, and a mistake is
//! reported by the compiler itself, at the user's own argument.
//!
//! Each layer of torch.nn belongs to an *operation*: a plain struct that holds its arguments and the shapes that it meets.
//! Every operation has the same methods, by convention rather than by trait because trait methods cannot be `const`:
//!
//! | method | gives |
//! |---|---|
//! | `new(axes, &[Arg], &[Shape])` | the operation: arguments in the order of its [`catalogue`] signature, then its inputs; total |
//! | `check(&At)` | the first rule that is broken, with the argument at fault, or `None` |
//! | `output(index)` | the shape of one result; [`Shape::INVALID`] after a mistake that leaves none |
//! | `generics()` | the const parameters of the layer's struct in `nn-core` |
//! | `parts()` | which of its optional parameters exist (bias, ...) |
//! | `inferred()` | the value of the argument that was written `_` |
//! | `parameters()`, `macs()` | learnable numbers, multiply-adds for one sample |
//! | `needs()` | what its backward pass and its kernels need: [`Needs`] |
//! | `outputs()`, `check_outputs(&At, names)` | only where the [outputs](catalogue::Outputs::Pattern) are as many as the pattern that takes them: how many there are, and whether so many names take them |
#![no_std]

mod adaptive;
mod all_pairs;
mod argument;
mod arithmetic;
mod attention;
pub mod catalogue;
mod choose;
mod compare;
mod conv;
mod conv_transpose;
pub mod depthwise;
mod dims;
mod distance;
pub mod doubled;
mod dropout;
mod embedding;
mod excess;
mod flat;
mod fold;
mod fractional;
pub mod frozen;
mod function;
mod glu;
mod grid;
mod group_norm;
mod gumbel;
pub mod half;
mod held;
mod join;
mod kind;
mod layer_norm;
pub mod lines;
mod logic;
mod lp_pool;
mod mask;
mod matmul;
mod message;
mod multihead;
mod needs;
mod norm;
mod normalize;
mod one_hot;
pub mod packed;
mod pad;
pub mod phases;
pub mod plan;
mod pointwise;
mod pool;
mod rearrange;
mod recurrent;
mod reduce;
pub mod repr;
mod resample;
mod reshape;
mod sequence;
mod shape;
mod shuffle;
pub mod sliding;
mod slope;
mod softmax;
mod split;
mod take;
pub mod tile;
mod unit;
mod unpool;
mod violation;
pub mod wide;
mod window;
pub mod winograd;

pub use adaptive::AdaptiveLogSoftmax;
pub use all_pairs::AllPairs;
pub use argument::{Arg, MAX_ENTRIES, Whole};
pub use arithmetic::{Arithmetic, Broadcast, Operator};
pub use attention::{Heads, Places, ScaledDotProductAttention};
pub use choose::{Choice, Choose};
pub use compare::{Compare, Comparison};
pub use conv::Conv;
pub use conv_transpose::ConvTranspose;
pub use distance::{Distance, Measure, Pairs};
pub use dropout::Dropout;
pub use embedding::{BagMode, Bags, Embedding, EmbeddingBag, Table};
pub use excess::Excess;
pub use flat::{Bilinear, Linear};
pub use fold::Fold;
pub use fractional::FractionalPool;
pub use function::{Function, Reads};
pub use glu::Glu;
pub use grid::{AffineGrid, GridSample, Outside, Sampling};
pub use group_norm::{GroupNorm, Groups};
pub use gumbel::GumbelSoftmax;
pub use held::Held;
pub use join::{Join, MAX_PIECES};
pub use layer_norm::LayerNorm;
pub use logic::{Connective, Logic};
pub use lp_pool::LpPool;
pub use mask::{Mask, Masking};
pub use matmul::Matmul;
pub use message::Message;
pub use multihead::MultiheadAttention;
pub use needs::Needs;
pub use norm::{BatchNorm, Planes};
pub use normalize::{LocalResponseNorm, Normalize};
pub use one_hot::OneHot;
pub use pad::{Pad, PadAxis, PadGeometry, Padding};
pub use pointwise::Pointwise;
pub use pool::{Divisor, Pool, PoolGeometry, Reduction};
pub use rearrange::{Permute, Walk};
pub use recurrent::Recurrent;
pub use reduce::{Extreme, Reduce};
pub use resample::{Filter, Resample, ResampleAxis, ResampleGeometry};
pub use reshape::{EXPECT, Reshape};
pub use sequence::{Cell, Recurrence, Sequence};
pub use shape::{Element, MAX_RANK, MAX_TENSORS, Shape, rank_of};
pub use shuffle::Shuffle;
pub use slope::{PRelu, PReluWith, RRelu};
pub use softmax::{Exponential, Softmax};
pub use split::Split;
pub use take::{Take, TakeAxis};
pub use unpool::MaxUnpool;
pub use violation::{
    At, LAYER, Maker, Violation, check_header, check_output, report, report_formula, report_rest, spoils,
    unless_repeated,
};
pub use window::{Axis, ConvGeometry};
