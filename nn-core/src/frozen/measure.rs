//! The error of a convolution in squares, measured with the network's own weights.

use alloc::vec;

use nn_shape::frozen::{Kind, Place, Step, Work};
use nn_shape::{Axis, ConvGeometry};

use super::Program;
use super::kind::{ByKind, Packing};
use super::pack::Parameters;
use super::run::{Memory, frozen_run_by};
use crate::simd::Isa;
use crate::{Element, Rng};

/// The largest error of an output, as part of the largest output, of random inputs: of a small picture with all the channels, next to a sum
/// in `f64`.
pub(super) fn error<E: Element>(isa: Isa, geometry: &ConvGeometry, side: usize, parameters: &Parameters<'_, E>) -> f64 {
    // Few channels have few outputs: more pixels make up for it.
    let size = if geometry.out_channels * geometry.in_channels > 128 * 128 { 4 } else { 8 };
    let axis = Axis { input: size, output: size, kernel: 3, stride: 1, dilation: 1, before: 1, after: 1 };
    let small = ConvGeometry { axes: [geometry.axes[0], axis, axis], ..*geometry };
    let work = Work::Squares { geometry: small, side };
    let mut packed = vec![E::ZERO; work.packed()];
    let mut random = crate::seed(1);
    let mut number = || E::from_f64(f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0);
    let input: vec::Vec<E> = (0..small.input_len()).map(|_| number()).collect();
    let (mut output, mut arena) = (vec![E::ZERO; small.output_len()], vec![E::ZERO; work.scratch()]);
    let step = [Step::new(work, [Place::Input, Place::None], Place::Output)];
    let packing = Packing { isa, step: &step[0], parameters: *parameters, bound: 0.0, packed: &mut packed };
    E::PACK[Kind::Squares as usize](packing);
    let inputs = &[input.as_slice()][..];
    let mut memory = Memory { packed: &packed, squares: false, arena: &mut arena, inputs, outputs: &mut [&mut output] };
    frozen_run_by(const { &ByKind::only(Kind::Squares, &E::RUN) }, isa, Program::new(&step, &[]), &mut memory, None);
    let (mut largest, mut error) = (f64::MIN_POSITIVE, 0.0f64);
    for (at, found) in output.iter().enumerate() {
        let exact = exact(&small, &input, parameters, at);
        largest = largest.max(libm::fabs(exact));
        error = error.max(libm::fabs(exact - found.to_f64()));
    }
    error / largest
}

/// One output of a convolution with padding of 1, channels last.
fn exact<E: Element>(geometry: &ConvGeometry, input: &[E], parameters: &Parameters<'_, E>, at: usize) -> f64 {
    let [_, height, width] = &geometry.axes;
    let channels = geometry.in_channels;
    let (place, channel) = (at / geometry.out_channels, at % geometry.out_channels);
    let (top, left) = (place / width.output, place % width.output);
    let (factor, addend) = parameters.output(channel);
    let mut sum = 0.0;
    for (entry, weights) in (0..9).map(|entry| (entry, &parameters.weight[channel * channels * 9 + entry..])) {
        let (y, x) = (top + entry / 3, left + entry % 3);
        if (1..=height.input).contains(&y) && (1..=width.input).contains(&x) {
            let pixel = &input[((y - 1) * width.input + x - 1) * channels..][..channels];
            for (input, weight) in pixel.iter().zip(weights.iter().step_by(9)) {
                sum += input.to_f64() * weight.to_f64();
            }
        }
    }
    sum * factor + addend
}
