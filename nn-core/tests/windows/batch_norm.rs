//! BatchNorm.

use nn_core::layers::{BatchNorm1d, BatchNorm2d, BatchNorm3d};
use nn_core::shape::{Arg, BatchNorm, Shape};
use nn_core::{Absent, Field, Float, Parameters, Present, Zeroable, seed};

use crate::AT;
use crate::contract::{Case, assert_close, noise, randomize};

fn config(axes: usize, sizes: &[usize], momentum: Arg, affine: bool, running: bool, bias: bool) -> BatchNorm {
    let args = [Arg::Inferred, Arg::real(1e-3), momentum, Arg::flag(affine), Arg::flag(running), Arg::flag(bias)];
    let config = BatchNorm::new(axes, &args, &[Shape::new(sizes)]);
    assert!(config.check(&AT).is_none());
    config
}

/// The values of one channel over the batch.
fn channel(config: &BatchNorm, input: &[f64], channel: usize) -> Vec<f64> {
    let plane = config.planes.plane;
    input.chunks(plane).skip(channel).step_by(config.planes.channels).flatten().copied().collect()
}

/// Mean and biased variance.
fn statistics(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64)
}

/// `statistics` gives mean and variance of a channel.
fn definition(
    config: &BatchNorm,
    input: &[f64],
    (weight, bias): (&[f64], &[f64]),
    statistics: impl Fn(usize) -> (f64, f64),
) -> Vec<f64> {
    let channels = config.planes.channels;
    let normal = |(i, x): (usize, &f64)| {
        let channel = i / config.planes.plane % channels;
        let (mean, variance) = statistics(channel);
        let weight = weight.get(channel).unwrap_or(&1.0);
        (x - mean) / (variance + config.eps).sqrt() * weight + bias.get(channel).unwrap_or(&0.0)
    };
    input.iter().enumerate().map(normal).collect()
}

macro_rules! check {
    ($layer:ty, $axes:expr, $sizes:expr, $batch:expr, $affine:expr, $running:expr, $bias:expr) => {{
        let config = config($axes, &$sizes, Arg::real(0.3), $affine, $running, $bias);
        let mut random = seed(3);
        let mut layer = <$layer>::zeroed();
        layer.reset(&mut random);
        randomize(&mut layer, &mut random);
        let channels = config.planes.channels;
        for (i, value) in layer.running_mean.values_mut().iter_mut().enumerate() {
            *value = i as f64 / 3.0;
        }
        for (i, value) in layer.running_var.values_mut().iter_mut().enumerate() {
            *value = 0.5 + i as f64;
        }
        let input = noise($batch * config.output(0).len(), &mut random);
        let factors = (layer.weight.values().to_vec(), layer.bias.values().to_vec());
        let factors = (&factors.0[..], &factors.1[..]);
        let batch_statistics = |c| statistics(&channel(&config, &input, c));
        let training = definition(&config, &input, factors, batch_statistics);
        let running = definition(&config, &input, factors, |c| (c as f64 / 3.0, 0.5 + c as f64));
        let evaluation = if $running { &running } else { &training };
        let needs = config.needs();
        let mut case =
            Case { config: &config, needs, layer, batch: $batch, output_len: input.len(), input: input.clone() };
        case.gives(&training, Some(evaluation));
        if $running {
            let count = ($batch * config.planes.plane) as f64;
            let means: Vec<_> = (0..channels).map(|c| 0.7 * (c as f64 / 3.0) + 0.3 * batch_statistics(c).0).collect();
            let variance = |c| 0.7 * (0.5 + c as f64) + 0.3 * batch_statistics(c).1 * count / (count - 1.0);
            let variances: Vec<_> = (0..channels).map(variance).collect();
            assert_close("running mean", case.layer.running_mean.values(), &means, 1e-12);
            assert_close("running variance", case.layer.running_var.values(), &variances, 1e-12);
            assert_eq!(case.layer.num_batches_tracked.values(), [1]);
        }
        case.has_gradients();
    }};
}

#[test]
fn features() {
    check!(BatchNorm1d<3, f64>, 1, [3], 5, true, true, true);
    // More channels than are summed at once.
    check!(BatchNorm1d<37, f64>, 1, [37], 2, true, true, true);
    check!(BatchNorm1d<5, f64, Absent, Absent, Present>, 1, [5], 4, false, true, true);
}

#[test]
fn places_of_a_channel() {
    check!(BatchNorm1d<2, f64>, 1, [2, 17], 1, true, true, true);
    check!(BatchNorm2d<3, f64, Present, Absent, Present>, 2, [3, 3, 5], 2, true, true, false);
    check!(BatchNorm3d<2, f64>, 3, [2, 2, 3, 4], 2, true, true, true);
}

#[test]
fn without_running_statistics() {
    check!(BatchNorm1d<3, f64, Present, Present, Absent>, 1, [3], 5, true, false, true);
    check!(BatchNorm2d<3, f64, Absent, Absent, Absent>, 2, [3, 2, 3], 2, false, false, true);
}

#[test]
fn momentum_none_averages_all_batches() {
    let config = config(1, &[1, 4], Arg::None, true, true, true);
    let mut layer = BatchNorm1d::<1, f64>::zeroed();
    layer.reset(&mut seed(1));
    let mut case = Case { config: &config, needs: config.needs(), layer, batch: 1, input: Vec::new(), output_len: 4 };
    let mut means = Vec::new();
    for pass in 0..5 {
        case.input = noise(4, &mut seed(pass));
        case.train_output();
        means.push(statistics(&case.input).0);
    }
    let mean = means.iter().sum::<f64>() / 5.0;
    assert_close("running mean", case.layer.running_mean.values(), &[mean], 1e-12);
    assert_eq!(case.layer.num_batches_tracked.values(), [5]);
}

/// Mean and 1/√(variance + eps) of one channel.
fn moments(plane: usize, eps: f64, input: &[f32]) -> (f32, f32) {
    let (planes, batch) = (nn_core::shape::Planes { channels: 1, plane }, input.len() / plane);
    let (mut mean, mut inverse, mut output) = ([0.0], [0.0], vec![0.0; input.len()]);
    let statistics = (&mut mean[..], &mut inverse[..]);
    let kernel = <f32 as nn_core::kernels::Kernels>::batch_norm_forward;
    kernel(planes, batch, eps, false, input, statistics, None, (None, None), &mut output);
    assert!(input.iter().zip(&output).all(|(x, y)| *y == (x - mean[0]) * inverse[0]));
    (mean[0], inverse[0])
}

/// Values far from zero lose nothing: in `f32`, of 100 000 values around 30 000 with deviation 1, mean and deviation are right. Nor do they
/// where the first sample lies far from all others.
#[test]
fn statistics_are_accurate() {
    for (plane, far) in [(100_002, 0.0), (21, 0.0), (21, -5000.0), (1, 100.0)] {
        let values = noise(100_002, &mut seed(11)).into_iter().enumerate();
        let shift = |i: usize| if i < plane { far } else { 0.0 };
        let input: Vec<f32> = values.map(|(i, x)| 30_000.0 + shift(i) + 1.732 * x as f32).collect();
        let exact: Vec<f64> = input.iter().map(|x| x.to_f64()).collect();
        let (mean, variance) = statistics(&exact);
        let (found, inverse) = moments(plane, 0.0, &input);
        assert_eq!(found, mean as f32);
        assert!((f64::from(inverse) * variance.sqrt() - 1.0).abs() < 3e-7, "planes of {plane}");
    }
}

/// A channel whose values are all equal has exactly that mean, and no variance.
#[test]
fn constant_channels_have_no_variance() {
    for value in [0.1f32, 1.0 / 3.0, 1234.567, -77.7] {
        for (plane, len) in [(2, 2), (31, 31), (512, 512), (7, 700), (5000, 5000), (1, 9)] {
            assert_eq!(moments(plane, 0.25, &vec![value; len]), (value, 2.0), "{len} values");
        }
    }
}

#[test]
fn begins_as_in_pytorch() {
    let mut layer = BatchNorm2d::<3, f32>::zeroed();
    layer.reset(&mut seed(1));
    let mut found = Vec::new();
    layer.visit_parameters(&mut |parameter, values| found.push((parameter.name.to_string(), values.to_vec())));
    assert_eq!(found, [("weight".to_string(), vec![1.0; 3]), ("bias".to_string(), vec![0.0; 3])]);
    let mut names = Vec::new();
    layer.visit_buffers(&nn_core::Path::ROOT, &mut |name, _| names.push(name.to_string()));
    assert_eq!(names, ["running_mean", "running_var", "num_batches_tracked"]);
    assert_eq!(layer.running_var.values(), [1.0; 3]);
}
