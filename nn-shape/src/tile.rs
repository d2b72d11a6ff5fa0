//! Block sizes of the kernels, and the working space that they imply: the largest over all instruction sets, so that one
//! memory plan serves whichever is found at run time.

use crate::ConvGeometry;

/// The most rows of a register tile.
pub const MAX_ROWS: usize = 8;
/// The most vectors of a register tile.
pub const MAX_VECTORS: usize = 4;
/// The most numbers in a vector.
pub const MAX_LANES: usize = 16;
/// The most columns of a register tile.
pub const MAX_WIDTH: usize = MAX_VECTORS * MAX_LANES;
/// Steps of a sum that are taken before the sums go to memory: a panel of this height stays in the first or second cache.
pub const STEPS: usize = 256;

/// Working space of a panel `columns` wide for a sum of `steps`.
pub const fn panel(steps: usize, columns: usize) -> usize {
    let width = columns.saturating_add(MAX_LANES - 1) / MAX_LANES;
    let width = if width < MAX_VECTORS { width * MAX_LANES } else { MAX_WIDTH };
    let steps = if steps < STEPS { steps } else { STEPS };
    steps * width
}

/// Working space of the matrix products of a linear layer: `rows` depends on the batch, so the panel is as wide as panels get.
pub const fn linear_scratch(in_features: usize, out_features: usize) -> usize {
    let steps = if in_features > out_features { in_features } else { out_features };
    panel(steps, MAX_WIDTH)
}

/// Working space of a convolution's forward pass, in elements: one panel of unrolled windows.
pub const fn conv_forward_scratch(geometry: &ConvGeometry) -> usize {
    panel(geometry.group_in().saturating_mul(geometry.window()), geometry.output_plane())
}

/// Whether the gradient of the input is computed as the convolution of the output's gradient with the mirrored weights.
pub const fn mirrors(geometry: &ConvGeometry) -> bool {
    let mut axis = 0;
    while axis < 3 {
        let a = &geometry.axes[axis];
        let extent = a.extent();
        if a.stride != 1 || a.before >= extent || a.after >= extent {
            return false;
        }
        axis += 1;
    }
    true
}

/// Values of one group of a sample with its padding laid out.
pub const fn padded_len(geometry: &ConvGeometry) -> usize {
    let [depth, height, width] = &geometry.axes;
    geometry.group_in().saturating_mul(depth.padded()).saturating_mul(height.padded()).saturating_mul(width.padded())
}

/// Working space of a convolution's backward pass, in elements: for the weights one padded group, the sums and a panel; for the input the mirrored
/// weights and a panel, or a panel alone.
pub const fn conv_backward_scratch(geometry: &ConvGeometry) -> usize {
    let sums = geometry.group_in().saturating_mul(geometry.window()).saturating_mul(geometry.group_out());
    let weight = padded_len(geometry).saturating_add(sums).saturating_add(panel(STEPS, geometry.group_out()));
    let steps = if mirrors(geometry) { geometry.group_out().saturating_mul(geometry.window()) } else { geometry.group_out() };
    let columns = if mirrors(geometry) { geometry.input_plane() } else { geometry.output_plane() };
    let mirrored = if mirrors(geometry) { geometry.weights() } else { 0 };
    let input = mirrored.saturating_add(panel(steps, columns));
    if weight > input { weight } else { input }
}
