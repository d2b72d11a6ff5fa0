//! Frozen convolutions that move by two pixels from plain input to half a vector of channels: as many channels times a few vectors of neighbouring pixels. Even
//! and odd pixels of a line are laid out apart, so that what neighbouring windows see lies side by side, and a tile's channels are put side by side again in
//! registers. Few lines are laid out at a time: they stay in the first cache.

use core::mem::MaybeUninit;

use nn_shape::ConvGeometry;
use nn_shape::frozen::{HEADER, is_laid_out, padded_len};
use nn_shape::tile::MAX_LANES;

use super::planes::step;
use super::run::Operands;
use crate::Float;
use crate::simd::{Vector, apart};

/// Output channels.
const CHANNELS: usize = 8;

/// The most vectors of a tile.
const WIDEST: usize = 3;

/// Whether such convolutions are compiled for a vector: their channels fill half of one, and their sums fit in its registers.
pub(super) const fn exists<V: Vector>() -> bool {
    V::LANES == 2 * CHANNELS && V::ACCUMULATORS >= WIDEST * CHANNELS
}

/// Whether a convolution is done so.
pub(super) fn fits(geometry: &ConvGeometry, planar: bool) -> bool {
    let [depth, height, width] = &geometry.axes;
    let flat = depth.kernel == 1 && depth.padded() == 1;
    let halved = width.stride == 2 && width.dilation == 1 && height.dilation == 1;
    let plain = planar || geometry.in_channels == 1;
    let own = geometry.groups == 1 && geometry.out_channels == CHANNELS && width.output >= MAX_LANES / 2;
    flat && halved && plain && own && is_laid_out(geometry, planar) && lines_len(geometry) <= padded_len(geometry)
}

/// Numbers from the even pixels of a line to the odd ones: its padded half, what a tile sees behind it, and what is written in whole vectors.
fn pitch(geometry: &ConvGeometry) -> usize {
    geometry.axes[2].padded().div_ceil(2).next_multiple_of(MAX_LANES) + 2 * MAX_LANES
}

/// Numbers of the lines under a window.
fn lines_len(geometry: &ConvGeometry) -> usize {
    geometry.axes[1].kernel * geometry.in_channels * 2 * pitch(geometry)
}

/// Packs biases and weights, whose numbers for an output are `weight(output, step)`: line by line of the window, and in each channel by channel.
pub(super) fn pack<E: Float>(
    geometry: &ConvGeometry,
    weight: impl Fn(usize, usize) -> f64,
    bias: impl Fn(usize) -> f64,
    packed: &mut [E],
) {
    let (window, row) = (geometry.window(), geometry.axes[2].kernel);
    let (biases, weights) = packed[HEADER..].split_at_mut(MAX_LANES);
    for (step, weights) in (0..geometry.in_channels * window).zip(weights.chunks_exact_mut(CHANNELS)) {
        let (line, place) = (step / (geometry.in_channels * row), step % (geometry.in_channels * row));
        let from = place / row * window + line * row + place % row;
        for output in 0..CHANNELS {
            biases[output] = E::from_f64(bias(output));
            weights[output] = E::from_f64(weight(output, from));
        }
    }
}

apart! {
    /// # Safety
    /// The machine has the vector's instruction set, for which the weights were packed.
    pub(super) unsafe fn run<'a, V>(
        geometry: &'a ConvGeometry, operands: Operands<'a, V::Element>, bounds: [V::Element; 2],
    ) = run_body;
}

/// # Safety
/// As for [`run`].
#[inline(always)]
unsafe fn run_body<V: Vector>(geometry: &ConvGeometry, operands: Operands<'_, V::Element>, bounds: [V::Element; 2]) {
    let Operands { inputs: [input, beside], output, scratch, packed } = operands;
    let [_, height, width] = &geometry.axes;
    let (channels, kernel) = (geometry.in_channels, height.kernel);
    let steps = channels * geometry.window();
    let (pitch, vectors) = (pitch(geometry), width.output.div_ceil(V::LANES));
    assert!(const { exists::<V>() } && geometry.out_channels == CHANNELS, "half a vector of channels");
    assert!(vectors * V::LANES + width.kernel / 2 <= pitch, "the windows of whole vectors lie in a line");
    assert!((height.output - 1) * height.stride + kernel <= height.padded(), "the windows lie in the input");
    assert!(input.len() == geometry.input_len(), "the input is there");
    assert!(scratch.len() >= lines_len(geometry), "there is room for lines");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + MAX_LANES + steps * CHANNELS, "the weights are there");
    let line_len = channels * 2 * pitch;
    let lines = &mut scratch[..kernel * line_len];
    lines.fill(V::Element::ZERO);
    let mut laid_out = 0;
    for h in 0..height.output {
        let first = h * height.stride;
        for place in laid_out.max(first)..first + kernel {
            let to = &mut lines[place % kernel * line_len..][..line_len];
            let line = place.wrapping_sub(height.before);
            if line >= height.input {
                to.fill(V::Element::ZERO);
                continue;
            }
            for (channel, to) in to.chunks_exact_mut(2 * pitch).enumerate() {
                let from = &input[(channel * height.input + line) * width.input..][..width.input];
                // SAFETY: passed on to the caller.
                unsafe { comb::<V>(from, width.before, to) }
            }
        }
        laid_out = first + kernel;
        let mut vector = 0;
        while vector < vectors {
            let rest = vectors - vector;
            // Tiles of a line are of nearly one width.
            let wide = if rest <= WIDEST { rest } else { rest.div_ceil(rest.div_ceil(WIDEST)) };
            let to = (h * width.output + vector * V::LANES) * CHANNELS;
            let tile = Tile {
                geometry,
                lines: lines.as_ptr().wrapping_add(vector * V::LANES),
                first: first % kernel,
                pitch,
                packed: packed[HEADER..].as_ptr(),
                beside: if beside.is_empty() { core::ptr::null() } else { beside.as_ptr().wrapping_add(to) },
                output: output.as_mut_ptr().wrapping_add(to),
                len: (width.output - vector * V::LANES) * CHANNELS,
                bounds,
            };
            // SAFETY: the lines that the windows see are laid out, and whole vectors behind their last one's; the tile's pixels lie in the output. The
            // rest is passed on to the caller.
            unsafe {
                match wide {
                    1 => tile.run::<V, 1>(),
                    2 => tile.run::<V, 2>(),
                    _ => tile.run::<V, WIDEST>(),
                }
            }
            vector += wide;
        }
    }
}

/// Lays out a line with `before` zeros in front: those at even places, then those at odd ones.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn comb<V: Vector>(from: &[V::Element], before: usize, to: &mut [V::Element]) {
    let pitch = to.len() / 2;
    // Where the line's own even numbers go, and its odd ones.
    let [evens, odds] = [before, before + 1].map(|place| place % 2 * pitch + place / 2);
    let last = (from.len().div_ceil(2 * V::LANES) * V::LANES).saturating_sub(1);
    assert!(before.div_ceil(2) + last < pitch, "the line is long enough");
    let (whole, rest) = from.split_at(from.len() / (2 * V::LANES) * (2 * V::LANES));
    // SAFETY: vectors and parts of them end where the line does, and where it is laid out there is room for whole ones, as asserted. The instruction
    // set is the caller's to vouch for.
    unsafe {
        let (mut evens, mut odds) = (to.as_mut_ptr().add(evens), to.as_mut_ptr().add(odds));
        for at in (0..whole.len()).step_by(2 * V::LANES) {
            let (low, high) = (V::load(whole.as_ptr().add(at)), V::load(whole.as_ptr().add(at + V::LANES)));
            low.evens(high).store(evens);
            low.odds(high).store(odds);
            (evens, odds) = (evens.add(V::LANES), odds.add(V::LANES));
        }
        if !rest.is_empty() {
            let count = rest.len().min(V::LANES);
            let low = V::load_part(rest.as_ptr(), count);
            let high = V::load_part(rest.as_ptr().add(count), rest.len() - count);
            low.evens(high).store(evens);
            low.odds(high).store(odds);
        }
    }
}

/// Neighbouring pixels of a line of the output.
struct Tile<'a, E> {
    geometry: &'a ConvGeometry,
    /// Where the lines are laid out, from the first pixel's window on; in a ring.
    lines: *const E,
    /// The place of the window's first line in it.
    first: usize,
    pitch: usize,
    /// Biases and weights.
    packed: *const E,
    /// What is added beside; null for nothing.
    beside: *const E,
    output: *mut E,
    /// Numbers of the output's line from here on.
    len: usize,
    bounds: [E; 2],
}

impl<E: Float> Tile<'_, E> {
    /// So many vectors of pixels.
    ///
    /// # Safety
    /// The machine has the vector's instruction set; the lines, weights and outputs of the tile lie in memory that is valid for it, which goes on behind its
    /// first `WIDTH - 1` vectors.
    #[inline(always)]
    unsafe fn run<V: Vector<Element = E>, const WIDTH: usize>(&self) {
        let ConvGeometry { in_channels, axes: [_, height, width], .. } = self.geometry;
        let pitch = self.pitch;
        // SAFETY: passed on to the caller.
        unsafe {
            let mut sums = [[V::splat(E::ZERO); WIDTH]; CHANNELS];
            for channel in 0..CHANNELS {
                sums[channel] = [V::splat(*self.packed.add(channel)); WIDTH];
            }
            let mut weight = self.packed.add(MAX_LANES);
            let mut place = self.first;
            for _ in 0..height.kernel {
                for channel in 0..*in_channels {
                    let from = self.lines.add((place * in_channels + channel) * 2 * pitch);
                    for w in 0..width.kernel {
                        let from = from.add(w % 2 * pitch + w / 2);
                        let mut x = [V::splat(E::ZERO); WIDTH];
                        for v in 0..WIDTH {
                            x[v] = V::load(from.add(v * V::LANES));
                        }
                        step(weight, x, &mut sums);
                        weight = weight.add(CHANNELS);
                    }
                }
                place = if place + 1 == height.kernel { 0 } else { place + 1 };
            }
            let own = |v: usize| {
                let mut own = [sums[0][v]; CHANNELS];
                for channel in 0..CHANNELS {
                    own[channel] = sums[channel][v];
                }
                own
            };
            if self.beside.is_null() && self.len >= WIDTH * CHANNELS * V::LANES {
                // One by one: a loop would keep all sums in memory.
                self.put(0, own(0));
                if WIDTH > 1 {
                    self.put(1, own(1));
                }
                if WIDTH > 2 {
                    self.put(2, own(2));
                }
                return;
            }
            let mut kept = [const { MaybeUninit::<E>::uninit() }; WIDEST * CHANNELS * MAX_LANES];
            let kept = kept.as_mut_ptr().cast::<E>();
            for v in 0..WIDTH {
                for (channel, sum) in turned(own(v)).into_iter().enumerate() {
                    sum.store(kept.add((v * CHANNELS + channel) * V::LANES));
                }
            }
            self.put_part::<V>(WIDTH, kept);
        }
    }

    /// Finishes a whole vector of pixels, to which nothing is added.
    ///
    /// # Safety
    /// As for [`Tile::run`]; the line goes on behind the vector.
    #[inline(always)]
    unsafe fn put<V: Vector<Element = E>>(&self, vector: usize, sums: [V; CHANNELS]) {
        // SAFETY: passed on to the caller.
        unsafe {
            let (low, high) = (V::splat(self.bounds[0]), V::splat(self.bounds[1]));
            let (to, sums) = (self.output.add(vector * CHANNELS * V::LANES), turned(sums));
            for v in 0..CHANNELS {
                sums[v].at_least(low).at_most(high).store(to.add(v * V::LANES));
            }
        }
    }

    /// Finishes so many vectors of pixels, as far as the line goes.
    ///
    /// # Safety
    /// As for [`Tile::run`]; `sums` is valid for reading them.
    #[inline(always)]
    unsafe fn put_part<V: Vector<Element = E>>(&self, vectors: usize, sums: *const E) {
        // SAFETY: passed on to the caller; no more than `len` numbers are read and written.
        unsafe {
            let (low, high) = (V::splat(self.bounds[0]), V::splat(self.bounds[1]));
            for at in (0..self.len.min(vectors * CHANNELS * V::LANES)).step_by(V::LANES) {
                let count = (self.len - at).min(V::LANES);
                let mut sum = V::load(sums.add(at));
                if !self.beside.is_null() {
                    sum = sum.add(V::load_part(self.beside.add(at), count));
                }
                sum.at_least(low).at_most(high).store_part(self.output.add(at), count);
            }
        }
    }
}

/// Pixels of channels instead of channels of pixels.
///
/// # Safety
/// The machine has the vector's instruction set.
#[inline(always)]
unsafe fn turned<V: Vector>(mut sums: [V; CHANNELS]) -> [V; CHANNELS] {
    // A place has bits for the channel, then for the pixel: each turn makes the first of them the last.
    for _ in 0..CHANNELS.trailing_zeros() {
        let from = sums;
        for pair in 0..CHANNELS / 2 {
            // SAFETY: passed on to the caller.
            [sums[2 * pair], sums[2 * pair + 1]] = unsafe { from[pair].zip(from[CHANNELS / 2 + pair]) };
        }
    }
    sums
}
