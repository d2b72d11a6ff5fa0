//! The layers of torch.nn: a file for each family, always in this order: struct, parameters, forward, backward.

mod adaptive;
mod arithmetic;
mod attention;
mod bilinear;
mod choose;
mod compare;
mod conv;
mod conv_transpose;
mod distance;
mod dropout;
mod embedding;
mod fold;
mod glu;
mod grid;
mod group_norm;
mod gumbel;
mod held;
mod join;
mod linear;
mod mask;
mod matmul;
mod multihead;
mod norm;
mod normalize;
mod one_hot;
mod pad;
mod pointwise;
mod pool;
mod rearrange;
mod recurrent;
mod recurrent_passes;
mod reduce;
mod resample;
mod reshape;
mod samples;
mod shuffle;
mod slope;
mod softmax;
mod special_pool;
mod take;
mod unit;
mod unpool;
mod weight_norm;

pub use adaptive::AdaptiveLogSoftmaxWithLoss;
pub use arithmetic::{Add, Div, Maximum, Minimum, Mul, Sub};
pub use attention::ScaledDotProductAttention;
pub use bilinear::Bilinear;
pub use choose::{Argmax, Argmin, Max, Min, Topk};
pub use compare::Compare;
pub use conv::{Conv1d, Conv2d, Conv3d};
pub use conv_transpose::{ConvTranspose1d, ConvTranspose2d, ConvTranspose3d};
pub use distance::{CosineSimilarity, PairwiseDistance, Pdist};
pub use dropout::{AlphaDropout, Dropout, Dropout1d, Dropout2d, Dropout3d, FeatureAlphaDropout};
pub use embedding::{Embedding, EmbeddingBag};
pub use fold::{Fold, Unfold};
pub use glu::GLU;
pub use grid::{AffineGrid, GridSample};
pub use group_norm::{GroupNorm, LayerNorm, RMSNorm};
pub use gumbel::GumbelSoftmax;
pub use held::{Buffer, Parameter};
pub use join::{Cat, Chunk, Split, Stack};
pub use linear::Linear;
pub use mask::{AdditiveMask, LogicalAnd, LogicalNot, LogicalOr, LogicalXor, MaskedFill, ToFloat, Where};
pub use matmul::{Bmm, Matmul};
pub use multihead::MultiheadAttention;
pub use norm::{BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d};
pub use normalize::{LocalResponseNorm, Normalize};
pub use one_hot::OneHot;
pub use pad::{
    CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, Pad, ReflectionPad1d,
    ReflectionPad2d, ReflectionPad3d, ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad1d, ZeroPad2d,
    ZeroPad3d,
};
pub use pointwise::{
    Abs, AddScalar, CELU, Clamp, Cos, DivScalar, ELU, Erf, Exp, Expm1, GELU, Hardshrink, Hardsigmoid, Hardswish,
    Hardtanh, LeakyReLU, Log, Log1p, LogSigmoid, Mish, MulScalar, Neg, Pow, RdivScalar, ReLU, ReLU6, Reciprocal, Rsqrt,
    RsubScalar, SELU, SiLU, Sigmoid, Sin, Softplus, Softshrink, Softsign, Sqrt, Square, SubScalar, Tanh, Tanhshrink,
    Threshold,
};
pub use pool::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
    AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d,
};
pub use rearrange::{Permute, Transpose};
pub use recurrent::{Direction, GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell};
pub use reduce::{Amax, Amin, Mean, Sum};
pub use resample::{Upsample, UpsamplingBilinear2d, UpsamplingNearest2d};
pub use reshape::{Flatten, Identity, Reshape, Squeeze, Unflatten, Unsqueeze, View};
pub use shuffle::{ChannelShuffle, PixelShuffle, PixelUnshuffle};
pub use slope::{PReLU, PReluWith, RReLU};
pub use softmax::{LogSoftmax, Softmax, Softmax2d, Softmin};
pub use special_pool::{FractionalMaxPool2d, FractionalMaxPool3d, LPPool1d, LPPool2d, LPPool3d};
pub use take::{Expand, Flip, Narrow, Repeat, Roll, Select};
pub use unpool::{MaxUnpool1d, MaxUnpool2d, MaxUnpool3d};
pub use weight_norm::{EachRow, NormOver, WeightNorm, Weighted, Whole};
