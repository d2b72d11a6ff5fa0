//! The gradient of the weights of convolutions each of whose outputs sees one channel: dot products of an output channel's gradient with what an entry of the
//! window sees of the channel.
//!
//! Both lie in strips with the same distance from one line to the next, the gradient with zeros between its lines, so that all lines are one. The sums of a
//! channel's weights, a vector of each, go through all samples before their lanes are added.

use core::ops::Range;

use nn_shape::ConvGeometry;
use nn_shape::depthwise::{ENTRIES, Piece};
use nn_shape::tile::{self, MAX_LANES, Sweep};

use super::gemm::even;
use super::windows::{Lines, Strip};
use crate::simd::{Lanes, Vector, with_current_vectors};

/// The most weights whose sums stay in registers beside the operands of a product.
const WEIGHTS: usize = 9;

/// Adds the gradient of the weights.
pub(super) fn weight<E: Lanes>(
    geometry: &ConvGeometry,
    batch: usize,
    input: &[E],
    output_gradient: &[E],
    weight_gradient: &mut [E],
    scratch: &mut [E],
) {
    let sweeps = tile::forward_sweeps(geometry);
    let [depth, height, width] = &sweeps;
    let piece = Piece::of(geometry);
    for depth in 0..depth.count {
        for columns in even(width.count, piece.columns) {
            for lines in even(height.count, piece.lines) {
                let strip = Strip::new(&sweeps, depth, lines, columns.clone());
                let outputs = Outputs { geometry, sweeps: &sweeps, strip, batch, input, output_gradient };
                for channels in even(geometry.in_channels, piece.channels) {
                    outputs.add(&piece, channels, weight_gradient, scratch);
                }
            }
        }
    }
}

/// Some lines and columns of all samples.
struct Outputs<'a, E> {
    geometry: &'a ConvGeometry,
    sweeps: &'a [Sweep; 3],
    strip: Strip<'a>,
    batch: usize,
    input: &'a [E],
    output_gradient: &'a [E],
}

impl<E: Lanes> Outputs<'_, E> {
    /// Adds what they have of the gradients of the weights of some channels.
    fn add(&self, piece: &Piece, channels: Range<usize>, weight_gradient: &mut [E], scratch: &mut [E]) {
        let Outputs { geometry, strip, .. } = self;
        let [_, height, width] = self.sweeps;
        let (input_plane, plane, window) = (geometry.input_plane(), geometry.output_plane(), geometry.window());
        let outputs = channels.start * geometry.group_out()..channels.end * geometry.group_out();
        let (strips, rest) = scratch.split_at_mut(piece.strips);
        let (gradient, sums) = rest.split_at_mut(piece.gradient);
        let (strips, sums) = (&mut strips[..channels.len() * strip.channel + MAX_LANES], &mut sums[..piece.sums]);
        // Zeros stay where they are, whatever sample is laid over them.
        strips.fill(E::ZERO);
        gradient.fill(E::ZERO);
        sums.fill(E::ZERO);
        let (mut offsets, mut places, mut entries) = ([0; ENTRIES], [0; ENTRIES], 0);
        strip.entries([geometry.axes[1].kernel, geometry.axes[2].kernel], |entry| {
            (offsets[entries], places[entries]) = (entry.offset, entry.kernel);
            entries += 1;
        });
        let first = (strip.depth * height.count + strip.line) * width.count + strip.column;
        for sample in 0..self.batch {
            let source = &self.input[sample * geometry.input_len() + channels.start * input_plane..];
            strip.refill(&source[..channels.len() * input_plane], &mut strips[..channels.len() * strip.channel]);
            let from = (sample * geometry.out_channels + outputs.start) * plane;
            Planes {
                strips,
                strip: strip.channel,
                len: strip.width(),
                offsets: &offsets[..entries],
                lines: Lines { count: strip.lines, len: strip.columns, step: strip.pitch, source_step: width.count },
                from: &self.output_gradient[from..][..outputs.len() * plane],
                first,
                plane,
                gradient,
                group: geometry.group_out(),
                sums,
            }
            .add();
        }
        for (output, sums) in outputs.zip(sums.chunks_exact(entries.max(1) * MAX_LANES)) {
            for (place, lanes) in places[..entries].iter().zip(sums.chunks_exact(MAX_LANES)) {
                let sum = lanes.iter().fold(E::ZERO, |sum, lane| sum + *lane);
                weight_gradient[output * window + place] += sum;
            }
        }
    }
}

/// Output channels of a sample, one after the other.
struct Planes<'a, E> {
    /// What is laid out of the channels that they see, and how far apart.
    strips: &'a [E],
    strip: usize,
    /// From the first output to the last as they lie in a strip.
    len: usize,
    /// What the entries of the window see.
    offsets: &'a [usize],
    /// How the gradient is laid out: it lies in planes, from the first number of each on.
    lines: Lines,
    from: &'a [E],
    first: usize,
    plane: usize,
    gradient: &'a mut [E],
    /// Output channels that see the same channel.
    group: usize,
    /// For each output channel and entry as many numbers as the longest vector has.
    sums: &'a mut [E],
}

impl<E: Lanes> Planes<'_, E> {
    fn add(mut self) {
        let outputs = self.from.len() / self.plane;
        let furthest = self.offsets.iter().max().copied().unwrap_or(0);
        let last = (outputs - 1) / self.group * self.strip + furthest + self.len + MAX_LANES;
        assert!(last <= self.strips.len(), "the windows lie in the strips, with room for a vector that hangs over");
        assert!(self.len + MAX_LANES <= self.gradient.len(), "there is room for the gradient, and for such a vector");
        assert!(outputs * self.offsets.len() * MAX_LANES <= self.sums.len(), "there is room for the sums");
        // SAFETY: as just asserted.
        unsafe { add(&mut self) }
    }
}

with_current_vectors! {
    /// # Safety
    /// Strips, gradient and sums are as large as [`Planes::add`] asserts.
    unsafe fn add<E: Lanes>(planes: &mut Planes<'_, E>) = add_body;
}

/// # Safety
/// As for [`add`]; the machine has the vector's instruction set.
#[inline(always)]
unsafe fn add_body<V: Vector>(planes: &mut Planes<'_, V::Element>) {
    let entries = planes.offsets.len();
    for (output, plane) in planes.from.chunks_exact(planes.plane).enumerate() {
        // SAFETY: the strip of the channel that the output sees and the sums of the output lie in theirs, as asserted. The rest is passed on to the caller.
        unsafe {
            planes.lines.lay::<V>(&plane[planes.first..], 1, planes.gradient);
            let strip = planes.strips.as_ptr().add(output / planes.group * planes.strip);
            let gradient = planes.gradient.as_ptr();
            for weights in even(entries, WEIGHTS) {
                let sums = planes.sums.as_mut_ptr().add((output * entries + weights.start) * MAX_LANES);
                macro_rules! sizes {
                    ($($weights:literal)*) => {
                        match weights.len() {
                            $($weights => {
                                let mut at = [strip; $weights];
                                for entry in 0..$weights {
                                    at[entry] = strip.add(*planes.offsets.get_unchecked(weights.start + entry));
                                }
                                dots::<V, $weights>(at, gradient, planes.len, sums);
                            })*
                            _ => unreachable!("no more weights than fit"),
                        }
                    };
                }
                sizes!(1 2 3 4 5 6 7 8 9);
            }
        }
    }
}

/// Adds the products of the gradient with what some entries of the window see to their sums.
///
/// # Safety
/// The machine has the vector's instruction set; `len` numbers of the gradient and from each place of `at` on, up to a whole vector, and the sums
/// lie in memory valid for them.
#[inline(always)]
unsafe fn dots<V: Vector, const WEIGHTS: usize>(
    at: [*const V::Element; WEIGHTS],
    gradient: *const V::Element,
    len: usize,
    to: *mut V::Element,
) {
    // SAFETY: passed on to the caller.
    unsafe {
        let mut sums = [V::splat(V::Element::default()); WEIGHTS];
        for weight in 0..WEIGHTS {
            sums[weight] = V::load(to.add(weight * MAX_LANES));
        }
        for place in (0..len).step_by(V::LANES) {
            let factor = V::load(gradient.add(place));
            for weight in 0..WEIGHTS {
                sums[weight] = sums[weight].add_product(factor, V::load(at[weight].add(place)));
            }
        }
        for weight in 0..WEIGHTS {
            sums[weight].store(to.add(weight * MAX_LANES));
        }
    }
}
