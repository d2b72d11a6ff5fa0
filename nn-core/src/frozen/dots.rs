//! Frozen convolutions from many channels to a few, channels last: vectors of neighbouring inputs times as many weights of each output, whose lanes are
//! summed in the end. Vectors of outputs would be mostly empty.

use core::mem::MaybeUninit;

use nn_shape::ConvGeometry;
use nn_shape::frozen::{HEADER, has_dots};
use nn_shape::tile::MAX_LANES;

use super::pack::Parameters;
use super::part::{self, Part, Target};
use super::run::Operands;
use crate::simd::{Vector, apart};
use crate::{Float, Workers};

/// The most sums of a tile.
const SUMS: usize = 24;

/// Neighbouring pixels.
struct Tile<'a, E> {
    geometry: &'a ConvGeometry,
    input: *const E,
    weight: *const E,
    bias: &'a [E],
    /// What is added beside, if anything, from the first pixel on.
    beside: &'a [E],
    bounds: [E; 2],
}

/// Packs biases, then for each line of the window and each vector of its numbers the weights of all outputs.
#[inline(never)]
pub(super) fn pack<V: Vector>(
    geometry: &ConvGeometry,
    parameters: &Parameters<'_, V::Element>,
    packed: &mut [V::Element],
) {
    let (outputs, inputs, window) = (geometry.out_channels, geometry.in_channels, geometry.window());
    let kernel = geometry.axes[2].kernel;
    let (bias, weight) = packed[HEADER..].split_at_mut(MAX_LANES);
    let mut vectors = weight.chunks_exact_mut(V::LANES);
    for line in 0..window / kernel {
        for first in (0..kernel * inputs).step_by(V::LANES) {
            for (output, vector) in (0..outputs).zip(&mut vectors) {
                let (factor, addend) = parameters.output(output);
                bias[output] = V::Element::from_f64(addend);
                for (at, to) in (first..kernel * inputs).zip(vector) {
                    let (column, input) = (at / inputs, at % inputs);
                    let from = parameters.weight[(output * inputs + input) * window + line * kernel + column];
                    *to = V::Element::from_f64(from.to_f64() * factor);
                }
            }
        }
    }
}

/// All lines, by whoever there is.
///
/// # Safety
/// The machine has the vector's instruction set, for which the weights were packed. The input, if it was laid out, is channels last.
#[inline(always)]
pub(super) unsafe fn run<V: Vector>(
    geometry: &ConvGeometry,
    operands: &mut Operands<'_, V::Element>,
    bounds: [V::Element; 2],
    workers: &mut Option<&mut dyn Workers>,
) {
    let source = operands.source();
    let (beside, packed, output) = (operands.inputs[1], operands.packed, Target::new(operands.output));
    let parts = part::parts(workers, geometry.macs());
    // SAFETY: passed on to the caller; no two parts have an output in common.
    part::each_part(workers, parts, |part| unsafe {
        some::<V>(geometry, part, source, beside, packed, bounds, output)
    });
}

apart! {
    /// The lines of a part.
    ///
    /// # Safety
    /// As for [`run`]; nobody else touches the part's outputs.
    unsafe fn some<'a, V>(
        geometry: &'a ConvGeometry, part: Part, source: &'a [V::Element], beside: &'a [V::Element], packed: &'a [V::Element],
        bounds: [V::Element; 2], output: Target<'a, V::Element>,
    ) = some_body;
}

/// # Safety
/// As for [`some`].
#[inline(always)]
unsafe fn some_body<V: Vector>(
    geometry: &ConvGeometry,
    part: Part,
    source: &[V::Element],
    beside: &[V::Element],
    packed: &[V::Element],
    bounds: [V::Element; 2],
    output: Target<'_, V::Element>,
) {
    let [depth, height, width] = &geometry.axes;
    let row = width.padded() * geometry.in_channels;
    let plane = height.padded() * row;
    let vectors = (width.kernel * geometry.in_channels).div_ceil(V::LANES);
    let weights = depth.kernel * height.kernel * vectors * V::LANES * geometry.out_channels;
    let fits = |axis: &nn_shape::Axis| (axis.output - 1) * axis.stride + axis.extent() <= axis.padded();
    assert!(has_dots(geometry, false) && fits(depth) && fits(height) && fits(width), "windows lie in the input");
    assert!(source.len() >= depth.padded() * plane, "the input has its padding");
    assert!(output.len() == geometry.output_len(), "the outputs are as many as there is room for");
    assert!(beside.is_empty() || beside.len() == output.len(), "what is added is as long as the output");
    assert!(packed.len() >= HEADER + MAX_LANES + weights, "the weights are there");
    let (bias, weight) = packed[HEADER..].split_at(MAX_LANES);
    let line_len = width.output * geometry.out_channels;
    for line in part.lines(depth.output * height.output) {
        // SAFETY: the line is the part's own.
        let output = unsafe { output.some(line * line_len..(line + 1) * line_len) };
        let from = line / height.output * depth.stride * plane + line % height.output * height.stride * row;
        let beside = if beside.is_empty() { beside } else { &beside[line * line_len..][..line_len] };
        let line = Tile { geometry, input: &source[from], weight: weight.as_ptr(), bias, beside, bounds };
        // SAFETY: the windows of the line lie in the input, and the weights are there, as asserted; the rest is passed on to the caller.
        unsafe {
            match (geometry.out_channels, V::ACCUMULATORS >= 24) {
                (1, true) => pixels::<V, 1, 16>(&line, output),
                (2, true) => pixels::<V, 2, 12>(&line, output),
                (3, true) => pixels::<V, 3, 8>(&line, output),
                (4, true) => pixels::<V, 4, 6>(&line, output),
                (1, false) => pixels::<V, 1, 8>(&line, output),
                (2, false) => pixels::<V, 2, 6>(&line, output),
                (3, false) => pixels::<V, 3, 4>(&line, output),
                _ => pixels::<V, 4, 3>(&line, output),
            }
        }
    }
}

/// The tiles of a line.
///
/// # Safety
/// The machine has the vector's instruction set; the line's windows lie in the input, the weights are there.
#[inline(always)]
unsafe fn pixels<V: Vector, const OUTPUT: usize, const PIXEL: usize>(
    line: &Tile<'_, V::Element>,
    output: &mut [V::Element],
) {
    let count = output.len() / OUTPUT;
    let distance = line.geometry.axes[2].stride * line.geometry.in_channels;
    let mut first = 0;
    while first < count {
        // The last tile may overlap the one before: it computes the same again.
        let start = first.min(count.saturating_sub(PIXEL));
        let beside = line.beside.get(start * OUTPUT..).unwrap_or_default();
        // SAFETY: passed on to the caller.
        unsafe {
            let tile = Tile { input: line.input.add(start * distance), beside, ..*line };
            let to = &mut output[start * OUTPUT..];
            if count >= PIXEL {
                tile.sums::<V, OUTPUT, PIXEL>(to);
                first += PIXEL;
            } else {
                let tile = Tile { input: line.input.add(first * distance), ..tile };
                let beside = line.beside.get(first * OUTPUT..).unwrap_or_default();
                Tile { beside, ..tile }.sums::<V, OUTPUT, 1>(&mut output[first * OUTPUT..]);
                first += 1;
            }
        }
    }
}

impl<E: Float> Tile<'_, E> {
    /// # Safety
    /// As for [`pixels`], of `PIXEL` pixels.
    #[inline(always)]
    unsafe fn sums<V: Vector<Element = E>, const OUTPUT: usize, const PIXEL: usize>(&self, output: &mut [E]) {
        let [depth, height, width] = &self.geometry.axes;
        let channels = self.geometry.in_channels;
        let row = width.padded() * channels;
        let plane = height.padded() * row;
        let (run, distance) = (width.kernel * channels, width.stride * channels);
        // SAFETY: passed on to the caller; no more numbers of a line of the window are read than it has.
        unsafe {
            let zero = V::splat(E::ZERO);
            let mut sums = [[zero; OUTPUT]; PIXEL];
            let mut weight = self.weight;
            for d in 0..depth.kernel {
                for h in 0..height.kernel {
                    let from = self.input.add(d * depth.dilation * plane + h * height.dilation * row);
                    for at in (0..run / V::LANES * V::LANES).step_by(V::LANES) {
                        let mut factors = [zero; OUTPUT];
                        for o in 0..OUTPUT {
                            factors[o] = V::load(weight.add(o * V::LANES));
                        }
                        for pixel in 0..PIXEL {
                            let x = V::load(from.add(at + pixel * distance));
                            for o in 0..OUTPUT {
                                sums[pixel][o] = sums[pixel][o].add_product(x, factors[o]);
                            }
                        }
                        weight = weight.add(OUTPUT * V::LANES);
                    }
                    let rest = run % V::LANES;
                    if rest > 0 {
                        for pixel in 0..PIXEL {
                            let x = V::load_part(from.add(run - rest + pixel * distance), rest);
                            for o in 0..OUTPUT {
                                sums[pixel][o] = sums[pixel][o].add_product(x, V::load(weight.add(o * V::LANES)));
                            }
                        }
                        weight = weight.add(OUTPUT * V::LANES);
                    }
                }
            }
            // A loop that is not unrolled would keep all sums in memory, from the first step on: they go there now.
            let mut lanes = [const { MaybeUninit::<E>::uninit() }; SUMS * MAX_LANES];
            let lanes = lanes.as_mut_ptr().cast::<E>();
            for pixel in 0..PIXEL {
                for o in 0..OUTPUT {
                    sums[pixel][o].store(lanes.add((pixel * OUTPUT + o) * V::LANES));
                }
            }
            let mut kept = [E::ZERO; SUMS + MAX_LANES];
            for first in (0..OUTPUT * PIXEL).step_by(V::LANES) {
                let mut some = [zero; MAX_LANES];
                for lane in 0..V::LANES.min(OUTPUT * PIXEL - first) {
                    some[lane] = V::load(lanes.add((first + lane) * V::LANES));
                }
                V::sums(some).store(kept.as_mut_ptr().add(first));
            }
            for (at, (to, sum)) in output[..OUTPUT * PIXEL].iter_mut().zip(kept).enumerate() {
                let sum = sum + self.bias[at % OUTPUT] + self.beside.get(at).copied().unwrap_or(E::ZERO);
                *to = sum.maximum(self.bounds[0]).minimum(self.bounds[1]);
            }
        }
    }
}
