//! What a program that uses networks needs: `use nn::prelude::*;`

pub use crate::{
    Freeze, FreezeOptions, Input, Network, Output, Parameters, Tape, Tensor, Tensor0, Tensor1, Tensor2, Tensor3,
    Tensor4, Tensor5, Tensor6, Workspace, block, network,
    optim::{Optimizer, Schedule},
};

pub use crate::blocks::{
    Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer,
};

#[cfg(feature = "safetensors")]
pub use crate::weights::StateDict;
