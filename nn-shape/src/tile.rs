//! Block sizes of the kernels, and the working space that they imply: the largest over all instruction sets, so that one
//! memory plan serves whichever is found at run time.

use crate::ConvGeometry;

/// Working space of one matrix product, in elements.
pub const GEMM_SCRATCH: usize = 0;

/// Working space of a convolution's forward pass, in elements.
pub const fn conv_forward_scratch(_geometry: &ConvGeometry) -> usize {
    GEMM_SCRATCH
}

/// Working space of a convolution's backward pass, in elements.
pub const fn conv_backward_scratch(_geometry: &ConvGeometry) -> usize {
    GEMM_SCRATCH
}
