//! Frozen depthwise convolutions: a vector of channels, for a few neighbouring pixels at a time.

use nn_shape::ConvGeometry;
use nn_shape::frozen::HEADER;
use nn_shape::tile::MAX_LANES;

use super::part::{Part, Target};
use crate::simd::{Vector, apart};

/// Where a tile's operands lie and where it goes; channels last, so that neighbouring pixels are `channels` apart.
struct Tile<E> {
    input: *const E,
    weight: *const E,
    bias: *const E,
    beside: *const E,
    output: *mut E,
    channels: usize,
    /// From the weights of one entry of the window to those of the next.
    whole: usize,
    kernel: [usize; 3],
    /// From one entry of the window to the next, along each axis.
    strides: [usize; 3],
    /// From one pixel's window to the next one's.
    pixel: usize,
    /// Channels of the vector.
    count: usize,
    bounds: [E; 2],
}

apart! {
    /// The lines of a part.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; nobody else touches the part's outputs. `source` is the input with its padding.
    pub(super) unsafe fn run<'a, V>(
        geometry: &'a ConvGeometry, source: &'a [V::Element], beside: &'a [V::Element], packed: &'a [V::Element],
        bounds: [V::Element; 2], part: Part, output: Target<'a, V::Element>,
    ) = run_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn run_body<V: Vector>(
    geometry: &ConvGeometry,
    source: &[V::Element],
    beside: &[V::Element],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    part: Part,
    output: Target<'_, V::Element>,
) {
    let [depth, height, width] = &geometry.axes;
    let channels = geometry.in_channels;
    let whole = channels.next_multiple_of(MAX_LANES);
    let row = width.padded() * channels;
    let plane = height.padded() * row;
    assert!(geometry.groups == channels && geometry.out_channels == channels, "each channel is convolved for itself");
    assert!(source.len() >= depth.padded() * plane, "the input has its padding");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + whole * (geometry.window() + 1), "the weights are there");
    let (bias, weight) = packed[HEADER..].split_at(whole);
    let kernel = [depth.kernel, height.kernel, width.kernel];
    let strides = [depth.dilation * plane, height.dilation * row, width.dilation * channels];
    let pixel = width.stride * channels;
    for channel in (0..channels).step_by(V::LANES) {
        let count = V::LANES.min(channels - channel);
        for line in part.lines(depth.output * height.output) {
            let (d, h) = (line / height.output, line % height.output);
            let from = d * depth.stride * plane + h * height.stride * row + channel;
            let to = line * width.output * channels + channel;
            let mut at = 0;
            while at < width.output {
                let rest = width.output - at;
                let pixels = match rest {
                    8.. if V::MANY_SIZES => 8,
                    4.. if V::MANY_SIZES || count == V::LANES => 4,
                    2.. if V::MANY_SIZES => 2,
                    _ => 1,
                };
                // SAFETY: the windows of `pixels` neighbours lie in the padded input, and their outputs in the output, as asserted; so
                // do the weights of `count` channels. The instruction set is the caller's to vouch for.
                unsafe {
                    let to = to + at * channels;
                    let tile = Tile {
                        input: source.as_ptr().add(from + at * pixel),
                        weight: weight.as_ptr().add(channel),
                        bias: bias.as_ptr().add(channel),
                        beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().add(to) },
                        output: output.pointer().add(to),
                        channels,
                        whole,
                        kernel,
                        strides,
                        pixel,
                        count,
                        bounds,
                    };
                    match (pixels, count == V::LANES) {
                        (8, true) if V::MANY_SIZES => any::<V, 8, true>(&tile),
                        (4, true) => any::<V, 4, true>(&tile),
                        (2, true) if V::MANY_SIZES => any::<V, 2, true>(&tile),
                        (_, true) => any::<V, 1, true>(&tile),
                        (8, false) if V::MANY_SIZES => any::<V, 8, false>(&tile),
                        (4, false) if V::MANY_SIZES => any::<V, 4, false>(&tile),
                        (2, false) if V::MANY_SIZES => any::<V, 2, false>(&tile),
                        (_, false) => any::<V, 1, false>(&tile),
                    }
                }
                at += pixels;
            }
        }
    }
}

/// # Safety
/// `from` is valid for reading the tile's `count` numbers, or `LANES` where the tile is `FULL`.
#[inline(always)]
unsafe fn load<V: Vector, const FULL: bool>(from: *const V::Element, count: usize) -> V {
    // SAFETY: passed on to the caller.
    unsafe { if FULL { V::load(from) } else { V::load_part(from, count) } }
}

/// Any window.
///
/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn any<V: Vector, const PIXELS: usize, const FULL: bool>(tile: &Tile<V::Element>) {
    // SAFETY: passed on to the caller; weights and biases are padded to whole vectors.
    unsafe {
        let mut sums = [V::load(tile.bias); PIXELS];
        let mut weight = tile.weight;
        for d in 0..tile.kernel[0] {
            for h in 0..tile.kernel[1] {
                for w in 0..tile.kernel[2] {
                    let at = d * tile.strides[0] + h * tile.strides[1] + w * tile.strides[2];
                    let factor = V::load(weight);
                    for pixel in 0..PIXELS {
                        let x = load::<V, FULL>(tile.input.add(at + pixel * tile.pixel), tile.count);
                        sums[pixel] = sums[pixel].add_product(factor, x);
                    }
                    weight = weight.add(tile.whole);
                }
            }
        }
        finish::<V, PIXELS, FULL>(sums, tile);
    }
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn finish<V: Vector, const PIXELS: usize, const FULL: bool>(sums: [V; PIXELS], tile: &Tile<V::Element>) {
    // SAFETY: passed on to the caller.
    unsafe {
        let (low, high) = (V::splat(tile.bounds[0]), V::splat(tile.bounds[1]));
        for pixel in 0..PIXELS {
            let at = pixel * tile.channels;
            let mut sum = sums[pixel];
            if !tile.beside.is_null() {
                sum = sum.add(load::<V, FULL>(tile.beside.add(at), tile.count));
            }
            let sum = sum.at_least(low).at_most(high);
            if FULL { sum.store(tile.output.add(at)) } else { sum.store_part(tile.output.add(at), tile.count) }
        }
    }
}
