//! Pools.

use nn_core::kernels::Kernels;
use nn_core::layers::{
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d,
    AvgPool1d, AvgPool2d, AvgPool3d, MaxPool1d, MaxPool2d, MaxPool3d,
};
use nn_core::shape::{Arg, Divisor, Pool, Reduction, Shape};
use nn_core::{Layer, Zeroable, seed};

use crate::contract::{Case, distinct, noise, on_every_isa};
use crate::{AT, index, ints, look, places};

/// For each place of the output the places of the input that its window covers, and how many it covers with the padding.
fn windows(config: &Pool) -> Vec<(Vec<usize>, usize)> {
    let axes = &config.geometry.axes;
    let (from, to) = (axes.map(|axis| axis.input), axes.map(|axis| axis.output));
    let covered = |place: [usize; 3]| {
        if config.geometry.adaptive {
            let spans = [0, 1, 2].map(|i| {
                let share = |place: usize| place as f64 * from[i] as f64 / to[i] as f64;
                (share(place[i]).floor() as isize, share(place[i] + 1).ceil() as isize)
            });
            let looks = places([0, 1, 2].map(|i| (spans[i].1 - spans[i].0) as usize));
            let looks: Vec<_> = looks.map(|entry| [0, 1, 2].map(|i| spans[i].0 + entry[i] as isize)).collect();
            return looks;
        }
        places(axes.map(|axis| axis.kernel)).map(|entry| look(axes, place, entry)).collect()
    };
    let padded = |look: &&[isize; 3]| (0..3).all(|i| look[i] < (axes[i].input + axes[i].after) as isize);
    let of = |place| {
        let looks: Vec<_> = covered(place);
        (looks.iter().filter_map(|look| index(from, *look)).collect(), looks.iter().filter(padded).count())
    };
    places(to).map(of).collect()
}

fn definition(config: &Pool, input: &[f64]) -> Vec<f64> {
    let windows = windows(config);
    let mut output = Vec::new();
    for plane in input.chunks(config.geometry.input_plane()) {
        for (inside, padded) in &windows {
            let values = inside.iter().map(|place| plane[*place]);
            output.push(match config.reduction {
                Reduction::Max => values.fold(f64::NEG_INFINITY, f64::max),
                Reduction::Average(Divisor::Padded) => values.sum::<f64>() / *padded as f64,
                Reduction::Average(Divisor::Inside) => values.sum::<f64>() / inside.len() as f64,
                Reduction::Average(Divisor::Fixed(divisor)) => values.sum::<f64>() / divisor as f64,
            });
        }
    }
    output
}

fn check<L: Layer<Element = f64, Config = Pool> + Zeroable>(config: Pool, input: Shape) {
    assert!(config.check(&AT).is_none());
    let batch = 2;
    let input = match config.reduction {
        Reduction::Max => distinct(batch * input.len()),
        Reduction::Average(_) => noise(batch * input.len(), &mut seed(5)),
    };
    let expected = definition(&config, &input);
    let output_len = batch * config.output(0).len();
    let mut case = Case { config: &config, needs: config.needs(), layer: L::zeroed(), batch, input, output_len };
    case.gives(&expected, None);
    case.has_gradients();
}

fn max<L: Layer<Element = f64, Config = Pool>>(sizes: &[usize], windows: [&[usize]; 4], ceil: bool) {
    let [kernel, stride, padding, dilation] = windows.map(ints);
    let input = Shape::new(sizes);
    let args = [kernel, stride, padding, dilation, Arg::flag(false), Arg::flag(ceil)];
    check::<L>(Pool::max(sizes.len() - 1, &args, &[input]), input);
}

fn average<L: Layer<Element = f64, Config = Pool>>(sizes: &[usize], windows: [&[usize]; 3], ceil: bool) {
    let [kernel, stride, padding] = windows.map(ints);
    let input = Shape::new(sizes);
    for (include, divisor) in [(true, Arg::None), (false, Arg::None), (true, Arg::int(-3))] {
        let args = [kernel, stride, padding, Arg::flag(ceil), Arg::flag(include), divisor];
        check::<L>(Pool::average(sizes.len() - 1, &args, &[input]), input);
    }
}

fn adaptive<A, M>(sizes: &[usize], size: &[Option<usize>])
where
    A: Layer<Element = f64, Config = Pool>,
    M: Layer<Element = f64, Config = Pool>,
{
    let input = Shape::new(sizes);
    let args = [Arg::optional_sizes(size), Arg::flag(false)];
    check::<A>(Pool::adaptive_average(sizes.len() - 1, &args[..1], &[input]), input);
    check::<M>(Pool::adaptive_max(sizes.len() - 1, &args, &[input]), input);
}

#[test]
fn maximum() {
    max::<MaxPool1d<f64>>(&[2, 9], [&[3], &[2], &[1], &[1]], false);
    max::<MaxPool1d<f64>>(&[2, 8], [&[3], &[1], &[1], &[2]], true);
    max::<MaxPool1d<f64>>(&[3, 5], [&[8], &[4], &[0], &[1]], true);
    max::<MaxPool2d<f64>>(&[3, 6, 9], [&[2, 2], &[2, 2], &[0, 0], &[1, 1]], false);
    max::<MaxPool2d<f64>>(&[3, 7, 9], [&[2, 2], &[2, 2], &[0, 1], &[1, 1]], true);
    max::<MaxPool2d<f64>>(&[2, 7, 8], [&[3, 3], &[2, 2], &[1, 1], &[1, 1]], false);
    max::<MaxPool2d<f64>>(&[2, 8, 11], [&[3, 2], &[2, 3], &[1, 0], &[2, 3]], true);
    max::<MaxPool2d<f64>>(&[2, 5, 19], [&[1, 4], &[3, 1], &[0, 2], &[1, 1]], false);
    max::<MaxPool3d<f64>>(&[2, 4, 3, 5], [&[2, 3, 2], &[1, 2, 2], &[1, 1, 0], &[2, 1, 2]], true);
}

#[test]
fn mean() {
    average::<AvgPool1d<f64>>(&[2, 9], [&[3], &[2], &[1]], false);
    average::<AvgPool1d<f64>>(&[2, 6], [&[4], &[3], &[1]], true);
    average::<AvgPool2d<f64>>(&[3, 6, 9], [&[2, 2], &[2, 2], &[0, 0]], false);
    average::<AvgPool2d<f64>>(&[3, 7, 9], [&[2, 2], &[2, 2], &[0, 1]], true);
    average::<AvgPool2d<f64>>(&[2, 6, 9], [&[4, 3], &[3, 1], &[2, 1]], true);
    average::<AvgPool2d<f64>>(&[2, 6, 7], [&[3, 3], &[3, 3], &[1, 1]], true);
    average::<AvgPool2d<f64>>(&[2, 4, 8], [&[4, 8], &[1, 1], &[0, 0]], false);
    average::<AvgPool3d<f64>>(&[2, 3, 5, 4], [&[2, 3, 2], &[2, 3, 1], &[1, 1, 0]], true);
}

#[test]
fn windows_that_share_the_input() {
    adaptive::<AdaptiveAvgPool1d<f64>, AdaptiveMaxPool1d<f64>>(&[2, 7], &[Some(3)]);
    adaptive::<AdaptiveAvgPool1d<f64>, AdaptiveMaxPool1d<f64>>(&[2, 3], &[Some(7)]);
    adaptive::<AdaptiveAvgPool2d<f64>, AdaptiveMaxPool2d<f64>>(&[3, 7, 5], &[Some(1), Some(1)]);
    adaptive::<AdaptiveAvgPool2d<f64>, AdaptiveMaxPool2d<f64>>(&[3, 8, 9], &[None, Some(7)]);
    adaptive::<AdaptiveAvgPool2d<f64>, AdaptiveMaxPool2d<f64>>(&[1, 4, 5], &[None, None]);
    adaptive::<AdaptiveAvgPool3d<f64>, AdaptiveMaxPool3d<f64>>(&[2, 3, 4, 5], &[Some(2), Some(5), Some(3)]);
}

/// Pools do not round differently on another instruction set.
#[test]
fn every_instruction_set_gives_the_same_bits() {
    let shape = Shape::new(&[3, 21, 45]);
    let input: Vec<f32> = distinct(shape.len()).into_iter().map(|x| x as f32).collect();
    for (kernel, stride, padding) in [(2, 2, 0), (3, 2, 1), (3, 1, 1), (5, 3, 2)] {
        let [kernel, stride, padding] = [kernel, stride, padding].map(Arg::size);
        let args = [kernel, stride, padding, Arg::flag(false), Arg::flag(true), Arg::None];
        let mean = Pool::average(2, &args, &[shape]);
        let args = [kernel, stride, padding, Arg::size(1), Arg::flag(false), Arg::flag(false)];
        let max = Pool::max(2, &args, &[shape]);
        let len = max.output(0).len();
        let run = || {
            let (mut maxima, mut at, mut means, mut back) =
                (vec![0.0; len], vec![0; len], vec![0.0; len], vec![0.0; input.len()]);
            f32::max_pool_forward(&max.geometry, 1, &input, &mut maxima, Some(&mut at));
            f32::max_pool_forward(&max.geometry, 1, &input, &mut means, None);
            assert_eq!(maxima, means, "maxima with and without their places");
            f32::average_pool_forward(&mean.geometry, Divisor::Inside, 1, &input, &mut means);
            f32::average_pool_backward(&mean.geometry, Divisor::Inside, 1, &means, &mut back);
            (maxima, at, means, back)
        };
        let expected = run();
        on_every_isa(|isa| assert!(run() == expected, "{isa:?}"));
    }
}

/// The first of equal maxima takes the whole gradient; NaN is above everything, and the last NaN takes it.
#[test]
fn ties_and_nan() {
    let input_shape = Shape::new(&[1, 1, 6]);
    let args = [ints(&[1, 3]), Arg::None, ints(&[0, 0]), ints(&[1, 1]), Arg::flag(false), Arg::flag(false)];
    let config = Pool::max(2, &args, &[input_shape]);
    let input = vec![1.0, 2.0, 2.0, f64::NAN, f64::NAN, 9.0];
    let layer = MaxPool2d::<f64>::zeroed();
    let mut case = Case { config: &config, needs: config.needs(), layer, batch: 1, input, output_len: 2 };
    case.gives(&[2.0, f64::NAN], None);
    let mut places = [0; 2];
    Kernels::max_pool_forward(&config.geometry, 1, &case.input, &mut [0.0; 2], Some(&mut places));
    assert_eq!(places, [1, 4]);
    // A window at the border.
    let args = [ints(&[1, 3]), ints(&[1, 1]), ints(&[0, 1]), ints(&[1, 1]), Arg::flag(false), Arg::flag(false)];
    let config = Pool::max(2, &args, &[Shape::new(&[1, 1, 2])]);
    let (mut output, mut places) = ([0.0; 2], [0; 2]);
    Kernels::max_pool_forward(&config.geometry, 1, &[3.0, f64::NAN], &mut output, Some(&mut places));
    assert!(output.iter().all(|value| value.is_nan()));
    assert_eq!(places, [1, 1]);
    Kernels::max_pool_forward(&config.geometry, 1, &[3.0, 3.0], &mut output, Some(&mut places));
    assert_eq!((output, places), ([3.0; 2], [0, 0]));
    // All windows in all of -∞: the first place of each, not one in the padding.
    let args = [ints(&[2, 2]), ints(&[1, 1]), ints(&[1, 1]), ints(&[1, 1]), Arg::flag(false), Arg::flag(false)];
    let config = Pool::max(2, &args, &[Shape::new(&[1, 2, 2])]);
    let mut places = [u32::MAX; 9];
    let input = [f64::NEG_INFINITY; 4];
    Kernels::max_pool_forward(&config.geometry, 1, &input, &mut [0.0; 9], Some(&mut places));
    assert_eq!(places, [0, 0, 1, 0, 0, 1, 2, 2, 3]);
}
