//! Padding, shuffles, windows as columns, images of other sizes, parts of tensors: through the contract of a layer, and on every
//! instruction set. Their values are held against PyTorch's in the package's own tests.

use nn_core::kernels::Kernels;
use nn_core::layers::{
    Amax, Amin, ChannelShuffle, ConstantPad3d, Expand, Flip, Fold as FoldLayer, LPPool3d, Narrow, PixelShuffle,
    PixelUnshuffle, Repeat, Roll, Select, Unfold, Upsample,
};
use nn_core::shape::{Arg, Extreme, Fold, LpPool, Pad, Resample, Shape, Shuffle, Take};
use nn_core::{Zeroable, seed};

use crate::contract::{Case, noise, on_every_isa};
use crate::{AT, ints};

/// Every slice as long as `needs()` say, NaN before; gradients overwritten, added, unwanted, and held against finite differences.
macro_rules! holds {
    ($layer:ty, $config:expr, $input:expr, $values:expr) => {{
        let config = $config;
        assert!(config.check(&AT).is_none(), "{}", config.check(&AT).unwrap().message.as_str());
        let (batch, shape) = (2, Shape::new(&$input));
        let mut case = Case {
            config: &config,
            needs: config.needs(),
            layer: <$layer>::zeroed(),
            batch,
            input: $values(batch * shape.len()),
            output_len: batch * config.output(0).len(),
        };
        assert!(case.evaluate().iter().all(|value| value.is_finite()));
        case.has_gradients();
    }};
}

fn uniform(len: usize) -> Vec<f64> {
    noise(len, &mut seed(7))
}

fn positive(len: usize) -> Vec<f64> {
    uniform(len).iter().map(|value| value.abs() + 0.25).collect()
}

fn signed(values: &[isize]) -> Arg {
    Arg::ints(values)
}

#[test]
fn padding_of_three_axes() {
    let input = [2, 3, 4, 5];
    let shape = [Shape::new(&input)];
    holds!(
        ConstantPad3d<f64>,
        Pad::constant(3, &[signed(&[1, -2, 0, 3, -1, 1]), Arg::Real(0.5)], &shape),
        input,
        uniform
    );
    holds!(ConstantPad3d<f64>, Pad::reflect(3, &[signed(&[4, -1, -2, 3, 1, 2])], &shape), input, uniform);
    holds!(ConstantPad3d<f64>, Pad::replicate(3, &[signed(&[9, -1, -2, 3, 4, 0])], &shape), input, uniform);
    holds!(ConstantPad3d<f64>, Pad::circular(3, &[signed(&[5, 0, -2, 2, 1, 3])], &shape), input, uniform);
}

#[test]
fn shuffles() {
    let up = [3, 8, 2, 3];
    holds!(PixelShuffle<f64>, Shuffle::up(0, &[Arg::size(2)], &[Shape::new(&up)]), up, uniform);
    let down = [2, 6, 3];
    holds!(PixelUnshuffle<f64>, Shuffle::down(0, &[Arg::size(3)], &[Shape::new(&down)]), down, uniform);
    let channels = [6, 2, 1, 3];
    holds!(ChannelShuffle<f64>, Shuffle::channels(0, &[Arg::size(3)], &[Shape::new(&channels)]), channels, uniform);
}

#[test]
fn columns() {
    let (image, columns) = ([2, 5, 6], [12, 8]);
    let windows = [ints(&[3, 2]), ints(&[1, 2]), ints(&[0, 1]), ints(&[1, 3])];
    let unfold = Fold::unfold(2, &windows, &[Shape::new(&image)]);
    assert!(unfold.output(0).same(&Shape::new(&[12, 6])));
    holds!(Unfold<f64>, unfold, image, uniform);
    let [kernel, dilation, padding, stride] = windows;
    let fold = [ints(&[6, 6]), kernel, dilation, padding, stride];
    holds!(FoldLayer<f64>, Fold::fold(2, &fold, &[Shape::new(&columns)]), columns, uniform);
}

fn resample(mode: &'static str, corners: Arg, size: &[usize], input: &[usize]) -> Resample {
    Resample::upsample(0, &[ints(size), Arg::None, Arg::Word(mode), corners, Arg::None], &[Shape::new(input)])
}

#[test]
fn images_of_other_sizes() {
    let (line, image, volume) = ([2, 5], [2, 3, 4], [1, 2, 3, 4]);
    for corners in [Arg::Flag(false), Arg::Flag(true)] {
        for size in [1, 3, 5, 11] {
            holds!(Upsample<f64>, resample("linear", corners, &[size], &line), line, uniform);
            holds!(Upsample<f64>, resample("bicubic", corners, &[size, 7], &image), image, uniform);
            holds!(Upsample<f64>, resample("bilinear", corners, &[5, size], &image), image, uniform);
            holds!(Upsample<f64>, resample("trilinear", corners, &[3, size, 2], &volume), volume, uniform);
        }
    }
    for mode in ["nearest", "nearest-exact", "area"] {
        for size in [1, 2, 3, 6, 7] {
            holds!(Upsample<f64>, resample(mode, Arg::None, &[3, size, 2 * size], &volume), volume, uniform);
        }
    }
}

#[test]
fn norms_of_windows() {
    let input = [2, 3, 4, 5];
    for norm in [1.0, 2.0, 3.0, 1.5, -1.0, f64::INFINITY, f64::NEG_INFINITY] {
        let args = [Arg::Real(norm), ints(&[2, 3, 2]), ints(&[2, 1, 3]), Arg::Flag(true)];
        holds!(LPPool3d<f64>, LpPool::new(3, &args, &[Shape::new(&input)]), input, positive);
    }
}

#[test]
fn parts_of_tensors() {
    let input = [3, 4, 2, 5];
    let shape = [Shape::new(&input)];
    holds!(Narrow<f64>, Take::narrow(0, &[Arg::Int(2), Arg::Int(-3), Arg::Int(2)], &shape), input, uniform);
    holds!(Select<f64>, Take::select(0, &[Arg::Int(-1), Arg::Int(3)], &shape), input, uniform);
    holds!(Select<f64>, Take::select(0, &[Arg::Int(1), Arg::Int(-1)], &shape), input, uniform);
    holds!(Flip<f64>, Take::flip(0, &[signed(&[1, 4])], &shape), input, uniform);
    holds!(Roll<f64>, Take::roll(0, &[signed(&[7, -1, 1]), signed(&[1, 4, 4])], &shape), input, uniform);
    holds!(Roll<f64>, Take::roll(0, &[Arg::Int(3), Arg::Int(2)], &shape), input, uniform);
    holds!(Repeat<f64>, Take::repeat(0, &[ints(&[1, 2, 1, 3, 1])], &shape), input, uniform);
    let thin = [1, 4, 1];
    holds!(Expand<f64>, Take::expand(0, &[signed(&[-1, 3, -1, 5])], &[Shape::new(&thin)]), thin, uniform);
    holds!(Amax<f64>, Extreme::amax(0, &[signed(&[1, 3]), Arg::Flag(false)], &shape), input, uniform);
    holds!(Amin<f64>, Extreme::amin(0, &[signed(&[4]), Arg::Flag(true)], &shape), input, uniform);
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let input = [3, 9, 37];
    let len = Shape::new(&input).len();
    let values: Vec<f32> = uniform(len).iter().map(|value| *value as f32).collect();
    for (mode, corners) in [("nearest", Arg::None), ("bilinear", Arg::Flag(false)), ("bicubic", Arg::Flag(true))] {
        let config = resample(mode, corners, &[13, 74], &input);
        let run = || {
            let mut output = vec![f32::NAN; config.output(0).len()];
            let mut scratch = vec![f32::NAN; config.needs().forward_scratch];
            f32::resample_forward(&config.geometry, 1, &values, &mut output, &mut scratch);
            let mut gradient = vec![0.0; len];
            f32::resample_backward(&config.geometry, 1, &output, &mut gradient, &mut scratch);
            (output, gradient)
        };
        let expected = run();
        on_every_isa(|isa| assert!(run() == expected, "{mode} on {isa:?}"));
    }
}
