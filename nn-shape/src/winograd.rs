//! Winograd's way to convolve 3x3 windows ([Lavin and Gray 2016](https://arxiv.org/abs/1509.09308)): squares of outputs from products of
//! transformed squares of the input with transformed weights; fewer products, with larger rounding errors.

use crate::ConvGeometry;
use crate::tile::MAX_LANES;

/// A side of the squares of outputs: F(2x2, 3x3) or F(4x4, 3x3).
pub const SIDES: [usize; 2] = [4, 2];

/// Numbers that the transformed squares of one round may take, input and output: more would not stay in the second cache.
const ROOM: usize = 600_000;

/// The same where the weights stay there, too, which the next round reads again.
const SMALL_ROOM: usize = 130_000;

/// Weights, from so many on, do not stay in the second cache.
pub const fn is_far(weights: usize) -> bool {
    weights > 300_000
}

/// Whether a convolution of channels-last input can be done in squares at all.
pub const fn is_possible(geometry: &ConvGeometry) -> bool {
    let [depth, height, width] = &geometry.axes;
    let flat = depth.kernel == 1 && depth.input == 1 && depth.output == 1;
    let three = height.kernel == 3 && width.kernel == 3 && height.dilation == 1 && width.dilation == 1;
    let dense = height.stride == 1 && width.stride == 1 && geometry.groups == 1;
    let channels = geometry.in_channels >= MAX_LANES && geometry.out_channels >= MAX_LANES;
    flat && three && dense && channels && height.output >= 4 && width.output >= 4
}

/// Whether squares of that side are faster on machines whose vectors have so many numbers, by so much that it is worth their memory.
pub const fn is_worth(geometry: &ConvGeometry, side: usize, lanes: usize) -> bool {
    is_possible(geometry) && cost(geometry, side, lanes) < direct_cost(geometry, lanes) / 10 * 9
}

/// The same on some machine: memory is planned for all of them. Where vectors are short, products take longer, next to fetching the weights.
pub const fn may_be_worth(geometry: &ConvGeometry, side: usize) -> bool {
    is_worth(geometry, side, MAX_LANES) || is_worth(geometry, side, MAX_LANES / 2)
}

/// Squares of outputs, whose last ones may hang over.
pub const fn squares(geometry: &ConvGeometry, side: usize) -> usize {
    let [_, height, width] = &geometry.axes;
    height.output.div_ceil(side).saturating_mul(width.output.div_ceil(side))
}

/// Products for each square, channel and channel: numbers of a transformed square.
pub const fn products(side: usize) -> usize {
    (side + 2) * (side + 2)
}

/// Squares of one round.
pub const fn round(geometry: &ConvGeometry, side: usize) -> usize {
    let all = squares(geometry, side);
    let each = products(side).saturating_mul(geometry.in_channels.saturating_add(geometry.out_channels));
    let room = if is_far(weights(geometry, side)) { ROOM } else { SMALL_ROOM };
    let most = room.div_ceil(each.saturating_add(1));
    // Few rows would leave the products waiting for their weights.
    let most = if most < 14 { 14 } else { most };
    all.div_ceil(all.div_ceil(most))
}

/// Squares that the working space has room for: two threads' rounds, where each has squares of its own.
pub const fn slots(geometry: &ConvGeometry, side: usize) -> usize {
    let (all, round) = (squares(geometry, side), round(geometry, side));
    if is_far(weights(geometry, side)) || all < 2 * round { round } else { 2 * round }
}

/// Transformed weights, with whole vectors of output channels.
pub const fn weights(geometry: &ConvGeometry, side: usize) -> usize {
    let outputs = geometry.out_channels.div_ceil(MAX_LANES).saturating_mul(MAX_LANES);
    products(side).saturating_mul(geometry.in_channels).saturating_mul(outputs)
}

/// From the numbers of one place of all slots for squares, in whole vectors, to those of the next: an odd number of cache lines, because places whose
/// distance is a power of two would drive each other out of the cache.
pub const fn apart(slots: usize, channels: usize) -> usize {
    (slots.saturating_mul(channels.div_ceil(MAX_LANES)) | 1).saturating_mul(MAX_LANES)
}

/// Working space: slots for transformed squares, and a row of a square that lies beside the input.
pub const fn scratch(geometry: &ConvGeometry, side: usize) -> usize {
    let slots = slots(geometry, side);
    let both = apart(slots, geometry.in_channels).saturating_add(apart(slots, geometry.out_channels));
    let row = apart(side + 2, geometry.in_channels);
    both.saturating_mul(products(side)).saturating_add(row)
}

/// About how many cycles it takes with vectors of so many numbers: products, of which there are two vectors in each, or fetching the weights, whichever
/// is more, and the transformations.
pub const fn cost(geometry: &ConvGeometry, side: usize, lanes: usize) -> usize {
    let squares = squares(geometry, side);
    let weights = weights(geometry, side);
    let channels = geometry.in_channels.div_ceil(lanes) + geometry.out_channels.div_ceil(lanes);
    let transformed = squares.saturating_mul(channels).saturating_mul(9 * products(side) / 2);
    let multiplied = weights.saturating_mul(squares) / (2 * lanes);
    let multiplied = multiplied.saturating_add(multiplied / 5);
    // Four bytes in each cycle, or eight times as many where the second cache holds them.
    let fetched = if is_far(weights) { weights } else { weights / 8 };
    (if multiplied > fetched { multiplied } else { fetched }).saturating_add(transformed)
}

/// The same without squares.
pub const fn direct_cost(geometry: &ConvGeometry, lanes: usize) -> usize {
    let outputs = geometry.out_channels.div_ceil(MAX_LANES).saturating_mul(MAX_LANES);
    let weights = geometry.group_in().saturating_mul(geometry.window()).saturating_mul(outputs);
    let multiplied = weights.saturating_mul(geometry.output_plane()) / (2 * lanes);
    let multiplied = multiplied.saturating_add(multiplied / 8);
    let fetched = if is_far(weights) { weights } else { 0 };
    if multiplied > fetched { multiplied } else { fetched }
}
