//! Steps of the inference form, one at a time, against the naive kernels, on every instruction set that the machine has.

use nn::Isa;
use nn_core::frozen::{Memory, Place, Program, Sources, Step, Work};
use nn_core::kernels::{Kernels, reference};
use nn_core::shape::{Axis, ConvGeometry, winograd};

use crate::check::random;

/// One step over plain operands, channels last where the step has them so.
fn step(work: Work, bounds: [f64; 2], operands: [&[f32]; 4], isa: Isa) -> Vec<f32> {
    let [input, beside, weight, bias] = operands;
    let places = if beside.is_empty() { Place::None } else { Place::Arena(work.scratch()) };
    let sources = Sources { weight: Some(0), ..Sources::NONE };
    let step = Step { sources, bounds, ..Step::new(work, [Place::Input, places], Place::Output) };
    let mut packed = vec![0.0; work.packed()];
    f32::frozen_pack(isa, &[step], &[weight, bias], None, &mut packed);
    let mut arena = vec![f32::NAN; work.scratch()];
    arena.extend(beside);
    let mut output = vec![f32::NAN; work.lens()[2]];
    let inputs = &[input][..];
    let memory = Memory { packed: &packed, squares: false, arena: &mut arena, inputs, outputs: &mut [&mut output] };
    f32::frozen_run(isa, Program::new(&[step], &[]), memory);
    output
}

/// `[rows, columns]` to `[columns, rows]`.
fn turned(values: &[f32], rows: usize) -> Vec<f32> {
    let columns = values.len() / rows;
    (0..values.len()).map(|at| values[at % rows * columns + at / rows]).collect()
}

const ONE: Axis = Axis { input: 1, output: 1, kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/// Windows of an axis: `kernel`, `stride`, `dilation`, padding on both sides.
fn axis(input: usize, [kernel, stride, dilation, padding]: [usize; 4]) -> Axis {
    Axis { input, output: 0, kernel, stride, dilation, before: padding, after: padding }.slide(false)
}

/// A convolution with a sum beside it and bounds, and how far its result may be from the naive kernel's, as part of the largest output.
fn hold(geometry: &ConvGeometry, works: &[Work], bound: f32) {
    let mut generator = nn::seed(11);
    let mut values = |len| -> Vec<f32> { (0..len).map(|_| random(&mut generator)).collect() };
    let outputs = geometry.out_channels;
    let (input, weight, bias) = (values(geometry.input_len()), values(geometry.weights()), values(outputs));
    let beside = values(geometry.output_len());
    let mut expected = vec![0.0; geometry.output_len()];
    reference::conv_forward(geometry, 1, &input, &weight, Some(&bias), &mut expected);
    let largest = expected.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    for (value, beside) in expected.iter_mut().zip(&beside) {
        *value = (*value + beside).clamp(-1.0, 2.0);
    }
    let (last, beside) = (turned(&input, geometry.in_channels), turned(&beside, outputs));
    for work in works {
        let input = if matches!(work, Work::Conv { planar: true, .. }) { &input } else { &last };
        // The portable set does none in squares.
        let squares = matches!(work, Work::Squares { .. });
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available() && !(squares && *isa == Isa::Portable)) {
            let found = step(*work, [-1.0, 2.0], [input, &beside, &weight, &bias], isa);
            let found = turned(&found, geometry.output_plane());
            for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let error = (found - expected).abs() / largest;
                assert!(error < bound, "{work:?}, {isa:?}, [{at}]: {found}, not {expected}");
            }
        }
    }
}

/// Every kind of window over lines of many lengths: tiles that fit, that overlap the one before, that are longer than the line.
#[test]
fn convolutions() {
    let windows = [
        [3, 1, 1, 1],
        [5, 1, 1, 2],
        [3, 2, 1, 1],
        [6, 2, 1, 0],
        [2, 1, 1, 0],
        [4, 1, 1, 1],
        [4, 2, 1, 1],
        [7, 2, 1, 3],
        [3, 1, 2, 1],
        [1, 1, 1, 0],
    ];
    let channels = [(1, 16), (3, 17), (16, 8), (16, 16), (5, 40), (20, 64)];
    for (kind, window) in windows.into_iter().enumerate() {
        for wide in [7, 8, 9, 13, 16, 21, 28, 33] {
            for (in_channels, out_channels) in channels {
                let (long, square) = (axis(wide, window), axis(window[0] + kind % 3, window));
                let axes = if kind % 2 == 0 { [ONE, square, long] } else { [ONE, ONE, long] };
                let geometry = ConvGeometry { in_channels, out_channels, groups: 1, axes };
                hold(&geometry, &[false, true].map(|planar| Work::Conv { geometry, planar }), 1e-5);
            }
        }
    }
}

/// First convolutions of 3x3 over plain input, that end before the edge or behind it, in lines of many lengths.
#[test]
fn first_convolutions() {
    for (stride, padding) in [(1, 0), (1, 1), (2, 0), (2, 1)] {
        for (high, wide) in (8..26).map(|wide| (3 + wide % 4, wide)).chain([(3 - 2 * padding, 31)]) {
            for (in_channels, out_channels) in [(1, 8), (2, 24), (3, 16), (12, 40), (16, 40), (17, 8)] {
                let axes = [ONE, axis(high, [3, stride, 1, padding]), axis(wide, [3, stride, 1, padding])];
                let geometry = ConvGeometry { in_channels, out_channels, groups: 1, axes };
                hold(&geometry, &[Work::Conv { geometry, planar: true }], 1e-5);
            }
        }
    }
}

/// Depthwise windows of 3x3, that end before the edge or behind it, in lines of many lengths and with channels that fill vectors or do not.
#[test]
fn depthwise_convolutions() {
    for (stride, padding) in [(1, 0), (1, 1), (2, 0), (2, 1)] {
        for (high, wide) in (3 - 2 * padding..26).map(|wide| (3 + wide % 4, wide)).chain([(3 - 2 * padding, 31)]) {
            for channels in [8, 9, 16, 27, 40] {
                let axes = [ONE, axis(high, [3, stride, 1, padding]), axis(wide, [3, stride, 1, padding])];
                let geometry = ConvGeometry { in_channels: channels, out_channels: channels, groups: channels, axes };
                hold(&geometry, &[Work::Conv { geometry, planar: false }], 1e-5);
            }
        }
    }
}

/// In groups, through depth, and with more weights than stay in the caches.
#[test]
fn convolutions_of_other_kinds() {
    let window = [3, 1, 1, 1];
    let cases = [
        (12, 36, 3, [ONE, axis(5, window), axis(17, window)]),
        (4, 33, 1, [axis(4, window), axis(5, window), axis(9, window)]),
        (283, 64, 1, [ONE, axis(9, window), axis(16, window)]),
        (283, 64, 1, [ONE, axis(9, window), axis(11, window)]),
        (283, 64, 1, [ONE, axis(17, [3, 2, 1, 1]), axis(16, [3, 2, 1, 1])]),
        (96, 32, 1, [ONE, axis(8, [5, 1, 1, 2]), axis(16, [5, 1, 1, 2])]),
    ];
    for (in_channels, out_channels, groups, axes) in cases {
        let geometry = ConvGeometry { in_channels, out_channels, groups, axes };
        hold(&geometry, &[Work::Conv { geometry, planar: false }], 1e-5);
    }
}

#[test]
fn convolutions_in_squares() {
    let cases = [
        (16, 16, 4, 6, 1),
        (16, 48, 13, 7, 0),
        (19, 37, 9, 17, 1),
        (40, 16, 8, 8, 2),
        (33, 35, 6, 11, 0),
        (130, 70, 29, 30, 1),
    ];
    for (in_channels, out_channels, high, wide, padding) in cases {
        let axes = [ONE, axis(high, [3, 1, 1, padding]), axis(wide, [3, 1, 1, padding])];
        let geometry = ConvGeometry { in_channels, out_channels, groups: 1, axes };
        hold(&geometry, &winograd::SIDES.map(|side| Work::Squares { geometry, side }), 3e-5);
    }
}

/// A row of a linear layer, whole and in two pieces: outputs for parts of a vector, for one and for several, inputs that fill fours and others.
#[test]
fn rows() {
    let mut generator = nn::seed(13);
    let mut values = |len| -> Vec<f32> { (0..len).map(|_| random(&mut generator)).collect() };
    for outputs in [1, 3, 4, 5, 8, 9, 13, 16, 17, 24, 31, 32, 33, 65] {
        for (lines, sizes) in
            [(1, [4, 0]), (4, [2, 1]), (3, [4, 4]), (8, [6, 1]), (5, [3, 2]), (1, [84, 0]), (16, [14, 1]), (1, [1, 7])]
        {
            let [first, second] = sizes.map(|size| lines * size);
            let inputs = first + second;
            let (input, weight, bias, beside) =
                (values(inputs), values(inputs * outputs), values(outputs), values(outputs));
            let mut expected = bias.clone();
            for (output, expected) in expected.iter_mut().enumerate() {
                // In the order of the weights: line by line.
                let joined = (0..lines).flat_map(|line| {
                    let [one, other] =
                        [&input[line * sizes[0]..][..sizes[0]], &input[first + line * sizes[1]..][..sizes[1]]];
                    one.iter().chain(other)
                });
                let products = joined.zip(&weight[output * inputs..]).map(|(x, w)| f64::from(*x) * f64::from(*w));
                *expected += products.sum::<f64>() as f32;
            }
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                let joined = second > 0;
                let work = match joined {
                    true => Work::Joined { lines, sizes, outputs },
                    false => Work::Linear { rows: 1, inputs, outputs },
                };
                let other = if joined { &input[first..] } else { &beside };
                let found = step(work, [-3.0, 4.0], [&input[..first], other, &weight, &bias], isa);
                for (at, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    let expected = (if joined { *expected } else { expected + beside[at] }).clamp(-3.0, 4.0);
                    assert!((found - expected).abs() < 1e-4, "{work:?}, {isa:?}, [{at}]: {found}, not {expected}");
                }
            }
        }
    }
}
