//! The gradient of the weights of a convolution with few output channels, as dot products: of the lines of an output channel's gradient with the
//! lines of the input that an entry of the window lays over them. A vector holds neighbouring outputs, so that nothing is transposed and
//! no lane idles for want of channels.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::tile::{self, FEW_WEIGHTS, MAX_LANES, OUTPUTS};

use super::gemm::even;
use super::windows::Strip;
use crate::simd::{Lanes, Vector, accumulators, with_current_vectors};

/// The most weights and output channels of a tile of sums.
const MAX_WEIGHTS: usize = 6;
const MAX_CHANNELS: usize = 4;
/// Weights of a block, and numbers of its lines: they stay in the first cache beside those of a tile's output channels.
const BLOCK: usize = 3 * MAX_WEIGHTS;
const NEAR: usize = 7168;
/// Room for the sums of a tile, in whole vectors.
const SUMS: usize = 2 * MAX_LANES;

/// Whether dot products are faster than products of matrices, whose vectors hold output channels: one vector of those makes too few sums at
/// once, and whatever leaves fewer lanes idle is better. For a few weights, what those take to be packed would be too much.
pub(super) fn suits(geometry: &ConvGeometry, lanes: usize) -> bool {
    let (channels, plane) = (geometry.group_out(), geometry.axes[1].output * geometry.axes[2].output);
    let filled = channels.next_multiple_of(lanes);
    let is_few = channels <= lanes || geometry.group_in() * geometry.window() <= FEW_WEIGHTS;
    is_few && plane.next_multiple_of(lanes) * channels <= plane * filled
}

/// Adds the gradient of the weights.
pub(super) fn weight<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    scratch: &mut [E],
) {
    let sweeps = tile::dot_sweeps(geometry);
    let [depth, height, width] = &sweeps;
    let (longest, most) = tile::dot_lines(&sweeps);
    for depth in 0..depth.count {
        for columns in even(width.count, longest) {
            for lines in even(height.count, most) {
                let strip = Strip::new(&sweeps, depth, lines, columns.clone());
                let places = (scratch.len() / strip.channel).min(batch * geometry.group_in()).max(1);
                // Zeros stay where they are, whatever channel of whatever sample is laid over them.
                scratch[..places * strip.channel].fill(E::ZERO);
                let mut entries = 0;
                strip.entries([geometry.axes[1].kernel, geometry.axes[2].kernel], |_| entries += 1);
                let together = (OUTPUTS / (strip.lines * strip.columns)).clamp(1, places);
                for samples in even(batch, together) {
                    let patch = Patch { geometry, strip, entries, samples: samples.clone(), input, output_gradient };
                    for group in 0..geometry.groups {
                        // As many channels as make a block: they stay in the first cache until they are done with.
                        let near = (BLOCK / entries.max(1)).min(NEAR / (strip.channel * samples.len()).max(1));
                        let near = near.clamp(1, places / samples.len());
                        for channels in even(geometry.group_in(), near) {
                            patch.add(group, channels, scratch, weight_gradient);
                        }
                    }
                }
            }
        }
    }
}

/// Some lines of some samples.
struct Patch<'a, E> {
    geometry: &'a ConvGeometry,
    strip: Strip<'a>,
    /// Of the window, over one channel.
    entries: usize,
    samples: Range<usize>,
    input: &'a [E],
    output_gradient: &'a [E],
}

impl<E: Lanes> Patch<'_, E> {
    /// Adds what the patch has of the gradients of the weights of some channels of a group.
    fn add(&self, group: usize, channels: Range<usize>, strips: &mut [E], weight_gradient: &mut [E]) {
        let Patch { geometry, strip, samples, .. } = self;
        let (group_in, group_out, window) = (geometry.group_in(), geometry.group_out(), geometry.window());
        let (input_plane, plane) = (geometry.input_plane(), geometry.output_plane());
        let sample_len = channels.len() * strip.channel;
        for (sample, strips) in samples.clone().zip(strips.chunks_exact_mut(sample_len)) {
            let first = sample * geometry.in_channels + group * group_in + channels.start;
            strip.refill(&self.input[first * input_plane..][..channels.len() * input_plane], strips);
        }
        let [_, height, width] = strip.sweeps;
        let first = samples.start * geometry.out_channels + group * group_out;
        let line = (strip.depth * height.count + strip.line) * width.count + strip.column;
        // Lines without anything between them are one.
        let lines = if strip.pitch == width.count { 1 } else { strip.lines };
        let mut tile = Tile {
            weights: [0; MAX_WEIGHTS],
            strips,
            strip_step: sample_len,
            channels: [0; MAX_CHANNELS],
            gradient: &self.output_gradient[first * plane + line..],
            gradient_step: geometry.out_channels * plane,
            samples: samples.len(),
            lines,
            strip_line: strip.pitch,
            gradient_line: width.count,
            len: strip.lines * strip.columns / lines,
        };
        let [most_weights, most_channels] = most(accumulators::<E>());
        let mut multiply = |block: &[[usize; 2]]| {
            for channels in even(group_out, most_channels) {
                for (at, channel) in tile.channels.iter_mut().zip(channels.clone()) {
                    *at = channel * plane;
                }
                for weights in even(block.len(), most_weights) {
                    let weights = &block[weights];
                    for (at, weight) in tile.weights.iter_mut().zip(weights) {
                        *at = weight[0];
                    }
                    let sums = tile.sums(weights.len(), channels.len());
                    for (channel, sums) in channels.clone().zip(sums.chunks_exact(weights.len())) {
                        let gradients = &mut weight_gradient[(group * group_out + channel) * group_in * window..];
                        // Neighbours, but where entries are left out that see nothing but zeros.
                        let (first, last) = (weights[0][1], weights[weights.len() - 1][1]);
                        if last - first + 1 == weights.len() {
                            gradients[first..=last].iter_mut().zip(sums).for_each(|(to, sum)| *to += *sum);
                        } else {
                            weights.iter().zip(sums).for_each(|(weight, sum)| gradients[weight[1]] += *sum);
                        }
                    }
                }
            }
        };
        let kernels = [geometry.axes[1].kernel, geometry.axes[2].kernel];
        let mut blocks = even(self.entries * channels.len(), BLOCK).map(|block| block.len());
        let (mut block, mut count, mut len) = ([[0; 2]; BLOCK], 0, blocks.next());
        for (index, channel) in channels.enumerate() {
            strip.entries(kernels, |entry| {
                block[count] = [index * strip.channel + entry.offset, channel * window + entry.kernel];
                count += 1;
                if Some(count) == len {
                    multiply(&block[..count]);
                    (count, len) = (0, blocks.next());
                }
            });
        }
    }
}

/// The most weights and channels of a tile: as many sums as there are accumulators, and operands beside them.
const fn most(accumulators: usize) -> [usize; 2] {
    match accumulators {
        24.. => [MAX_WEIGHTS, MAX_CHANNELS],
        12.. => [4, 3],
        _ => [4, 2],
    }
}

/// Whether tiles of that size are asked for.
const fn exists<V: Vector>(channels: usize, weights: usize) -> bool {
    let [most_weights, most_channels] = most(V::ACCUMULATORS);
    channels <= most_channels && weights <= most_weights
}

/// Dot products of some lines, of `len` numbers, of some samples: of each of some weights with each of some output channels.
struct Tile<'a, E> {
    /// Where the first line of each begins, and how far it is to the next sample and to the next line.
    strips: &'a [E],
    weights: [usize; MAX_WEIGHTS],
    strip_step: usize,
    strip_line: usize,
    gradient: &'a [E],
    channels: [usize; MAX_CHANNELS],
    gradient_step: usize,
    gradient_line: usize,
    samples: usize,
    lines: usize,
    len: usize,
}

impl<E: Lanes> Tile<'_, E> {
    /// `sums[channel * weights + weight]`
    fn sums(&self, weights: usize, channels: usize) -> [E; SUMS] {
        let mut sums = [E::ZERO; SUMS];
        assert!(self.samples > 0 && self.lines > 0, "a line to sum over");
        let end = |at: &[usize], step: usize, line: usize| {
            let first = at.iter().max().expect("a row and a column of the tile");
            first + (self.samples - 1) * step + (self.lines - 1) * line + self.len
        };
        let strips = end(&self.weights[..weights], self.strip_step, self.strip_line);
        let gradient = end(&self.channels[..channels], self.gradient_step, self.gradient_line);
        assert!(strips <= self.strips.len() && gradient <= self.gradient.len(), "the lines lie inside");
        // SAFETY: every line lies in its slice, as just asserted.
        unsafe { sums_of(self, weights, channels, &mut sums) }
        sums
    }
}

with_current_vectors! {
    /// # Safety
    /// The lines lie in their slices.
    unsafe fn sums_of<E: Lanes>(tile: &Tile<'_, E>, weights: usize, channels: usize, sums: &mut [E; SUMS]) = sums_body;
}

/// Turns the size of the tile into constants.
///
/// # Safety
/// The machine has the vector's instruction set; the lines lie in their slices.
#[inline(always)]
unsafe fn sums_body<V: Vector>(
    tile: &Tile<'_, V::Element>,
    weights: usize,
    channels: usize,
    sums: &mut [V::Element; SUMS],
) {
    macro_rules! sizes {
        ($($channels:literal: $($weights:literal)*;)*) => {
            match (channels, weights) {
                $($(($channels, $weights) if const { exists::<V>($channels, $weights) } => {
                    // SAFETY: passed on to the caller.
                    unsafe { fixed::<V, $weights, $channels>(tile, sums) }
                })*)*
                _ => unreachable!("a tile of that size does not exist"),
            }
        };
    }
    sizes! {
        1: 1 2 3 4 5 6;
        2: 1 2 3 4 5 6;
        3: 1 2 3 4 5 6;
        4: 1 2 3 4 5 6;
    }
}

/// # Safety
/// As for [`sums_body`].
#[inline(always)]
unsafe fn fixed<V: Vector, const WEIGHTS: usize, const CHANNELS: usize>(
    tile: &Tile<'_, V::Element>,
    to: &mut [V::Element; SUMS],
) {
    // SAFETY: numbers are read from places inside of the lines, which lie in their slices; `to` has room for whole vectors of the sums. The
    // instruction set is the caller's to vouch for.
    unsafe {
        let zero = V::splat(V::Element::default());
        let mut sums = [[zero; WEIGHTS]; CHANNELS];
        for sample in 0..tile.samples {
            let mut strip = tile.strips.as_ptr().wrapping_add(sample * tile.strip_step);
            let mut gradient = tile.gradient.as_ptr().wrapping_add(sample * tile.gradient_step);
            for _ in 0..tile.lines {
                macro_rules! step {
                    ($at:expr, $load:ident $(, $rest:expr)?) => {
                        let mut gradients = [zero; CHANNELS];
                        for channel in 0..CHANNELS {
                            gradients[channel] = V::$load(gradient.add(tile.channels[channel] + $at) $(, $rest)?);
                        }
                        for weight in 0..WEIGHTS {
                            let input = V::$load(strip.add(tile.weights[weight] + $at) $(, $rest)?);
                            for channel in 0..CHANNELS {
                                sums[channel][weight] = sums[channel][weight].add_product(input, gradients[channel]);
                            }
                        }
                    };
                }
                let mut at = 0;
                while at + V::LANES <= tile.len {
                    step!(at, load);
                    at += V::LANES;
                }
                if at < tile.len {
                    step!(at, load_part, tile.len - at);
                }
                // Behind the last line they may point anywhere.
                strip = strip.wrapping_add(tile.strip_line);
                gradient = gradient.wrapping_add(tile.gradient_line);
            }
        }
        for first in (0..WEIGHTS * CHANNELS).step_by(V::LANES) {
            let mut vectors = [zero; MAX_LANES];
            for lane in 0..V::LANES.min(WEIGHTS * CHANNELS - first) {
                vectors[lane] = sums[(first + lane) / WEIGHTS][(first + lane) % WEIGHTS];
            }
            V::sums(vectors).store(to.as_mut_ptr().add(first));
        }
    }
}
