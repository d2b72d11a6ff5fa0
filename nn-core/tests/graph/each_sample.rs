//! Dropout and its relatives, slopes, gates, distances, and the norms of each sample.

use nn_core::layers::*;
use nn_core::shape::{self, Arg, Shape};
use nn_core::{Absent, Present, Tensor1, Tensor2};

use crate::bench::{Bench, FLAG};

#[test]
fn dropout_is_a_product_with_a_mask() {
    for p in [0.0, 0.25, 1.0] {
        check!(Dropout, Dropout::new(0, &[Arg::Real(p), FLAG]), [[5, 7]]);
        check!(Dropout1d, Dropout::new(1, &[Arg::Real(p), FLAG]), [[33, 2]]);
        check!(Dropout2d, Dropout::new(2, &[Arg::Real(p), FLAG]), [[3, 2, 4]]);
        check!(Dropout3d, Dropout::new(3, &[Arg::Real(p), FLAG]), [[3, 2, 2, 2]]);
        check!(AlphaDropout, Dropout::alpha(0, &[Arg::Real(p), FLAG]), [[5, 7]]);
        check!(FeatureAlphaDropout, Dropout::feature_alpha(0, &[Arg::Real(p), FLAG]), [[33, 2]]);
    }
}

/// A value that is dropped becomes SELU's floor before all are scaled and shifted: two values come of ones, and a mean of 0 and a
/// variance of 1 stay so.
#[test]
fn alpha_dropout_keeps_mean_and_variance() {
    let inputs = [Shape::new(&[100, 10])];
    const FLOOR: f64 = -1.7580993408473766;
    let p = 0.3;
    let a = 1.0 / ((FLOOR * FLOOR * p + 1.0) * (1.0 - p)).sqrt();
    for (features, unit) in [(false, 1), (true, 10)] {
        let arguments = [Arg::Real(p), FLAG];
        let config = if features {
            shape::Dropout::feature_alpha(0, &arguments, &inputs)
        } else {
            shape::Dropout::alpha(0, &arguments, &inputs)
        };
        let mut bench = Bench::<AlphaDropout<f64>>::new(&config, config.needs(), 100, &inputs, &inputs);
        bench.inputs[0].fill(1.0);
        let output = bench.forward(true).remove(0);
        let all = |value: f64| {
            output.chunks_exact(unit).filter(|unit| unit.iter().all(|v| (v - value).abs() < 1e-12)).count()
        };
        let (dropped, kept) = (all(a * FLOOR - a * p * FLOOR), all(a - a * p * FLOOR));
        let units = output.len() / unit;
        assert_eq!(dropped + kept, units, "each unit is dropped or kept as a whole");
        let share = dropped as f64 / units as f64;
        assert!((share - p).abs() < 5.0 * (p * (1.0 - p) / units as f64).sqrt(), "{share} of the units were dropped");
        // Ones and minus ones have mean 0 and variance 1.
        bench.inputs[0].iter_mut().enumerate().for_each(|(i, x)| *x = if i % 2 == 0 { 1.0 } else { -1.0 });
        let output = bench.forward(true).remove(0);
        let mean = output.iter().sum::<f64>() / output.len() as f64;
        let variance = output.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / output.len() as f64;
        assert!(mean.abs() < 0.05 && (variance - 1.0).abs() < 0.05, "mean {mean}, variance {variance}");
        assert_eq!(bench.forward(false).remove(0), bench.inputs[0], "evaluation changes nothing");
    }
}

#[test]
fn slopes_learnt_and_drawn() {
    for shape in [&[1][..], &[7], &[3, 5], &[2, 3, 17]] {
        check!(RReLU, RRelu::new(0, &[Arg::Real(0.1), Arg::Real(0.4), FLAG]), [shape]);
    }
    let inputs = [Shape::new(&[100, 10])];
    let config = shape::RRelu::new(0, &[Arg::Real(0.125), Arg::Real(1.0 / 3.0), FLAG], &inputs);
    let mut bench = Bench::<RReLU<f64>>::new(&config, config.needs(), 10, &inputs, &inputs);
    bench.inputs[0].fill(-1.0);
    let slopes: Vec<_> = bench.forward(true).remove(0).into_iter().map(|y| -y).collect();
    assert!(slopes.iter().all(|slope| (0.125..1.0 / 3.0).contains(slope)));
    let mean = slopes.iter().sum::<f64>() / slopes.len() as f64;
    let middle = (0.125 + 1.0 / 3.0) / 2.0;
    assert!((mean - middle).abs() < 0.005, "the mean slope is {mean}");
    assert_ne!(slopes[..1000], slopes[1000..2000], "the samples of a batch draw apart from each other");
    assert!(bench.forward(false).remove(0).iter().all(|y| *y == -middle), "evaluation takes the slope in the middle");

    for (sizes, inputs) in [(&[3, 5][..], 3), (&[3], 3), (&[3, 2, 17], 3)] {
        let shapes = [Shape::new(sizes)];
        for batch in [1, 4] {
            let config = shape::PRelu::new(0, &[Arg::size(inputs), Arg::Real(0.25)], &shapes);
            Bench::<PReLU<3, f64>>::new(&config, config.needs(), batch, &shapes, &shapes).check("PReLU of channels");
            let config = shape::PRelu::new(0, &[Arg::size(1), Arg::Real(0.25)], &shapes);
            Bench::<PReLU<1, f64>>::new(&config, config.needs(), batch, &shapes, &shapes).check("PReLU");
        }
    }
}

#[test]
fn glu() {
    for (sizes, dims) in [(&[2][..], &[-1, 1][..]), (&[4, 6], &[1, 2]), (&[2, 4, 34], &[1, 2, 3, -3])] {
        for dim in dims {
            check!(GLU, Glu::new(0, &[Arg::Int(*dim)]), [sizes]);
        }
    }
}

#[test]
fn distances() {
    for (inputs, dims) in [
        ([&[5][..], &[5]], &[1][..]),
        ([&[3, 19], &[3, 19]], &[1, 2]),
        ([&[2, 1, 4], &[2, 3, 4]], &[1, -1]),
        ([&[1, 5, 3], &[2, 5, 1]], &[2]),
    ] {
        for dim in dims {
            check!(CosineSimilarity, Distance::cosine(0, &[Arg::Int(*dim), Arg::Real(1e-8)]), inputs);
        }
        let lasts: Vec<_> = inputs.iter().map(|sizes| sizes.last()).collect();
        if lasts[0] == lasts[1] {
            for p in [1.0, 1.5, 2.0, 3.0] {
                // The inputs are halves, so that this eps keeps differences away from 0.
                let args = [Arg::Real(p), Arg::Real(0.0625), Arg::Flag(false)];
                check!(PairwiseDistance, Distance::pairwise(0, &args), inputs);
            }
        }
    }
    for sizes in [&[1][..], &[7], &[3, 19], &[2, 5, 3]] {
        for dim in [1, -1] {
            for p in [1.0, 1.5, 2.0, 3.0] {
                check!(Normalize, Normalize::new(0, &[Arg::Real(p), Arg::Int(dim), Arg::Real(1e-12)]), [sizes]);
            }
            check!(Normalize, Normalize::new(0, &[Arg::Real(2.0), Arg::Int(dim), Arg::Real(100.0)]), [sizes]);
        }
    }
    for size in [1, 2, 3, 5, 8] {
        for (alpha, beta, k) in [(1.0, 0.75, 1.0), (0.5, 2.0, 2.0), (2.0, -0.5, 0.5)] {
            let args = [Arg::size(size), Arg::Real(alpha), Arg::Real(beta), Arg::Real(k)];
            check!(LocalResponseNorm, LocalResponseNorm::new(0, &args), [[5, 3]]);
            check!(LocalResponseNorm, LocalResponseNorm::new(0, &args), [[2, 1, 17]]);
        }
    }
}

#[test]
fn norms_of_each_sample() {
    let flags = [Arg::Real(1e-3), FLAG, FLAG];
    for (sizes, normalized) in [(&[7][..], &[7][..]), (&[3, 5], &[5]), (&[3, 5], &[3, 5]), (&[2, 2, 19], &[2, 19])] {
        let args = [Arg::sizes(normalized), flags[0], flags[1], flags[2]];
        let shapes = [Shape::new(sizes)];
        let (layer, rms) = (shape::LayerNorm::layer(0, &args, &shapes), shape::LayerNorm::rms(0, &args, &shapes));
        macro_rules! both {
            ($tensor:ty) => {
                Bench::<LayerNorm<$tensor>>::new(&layer, layer.needs(), 3, &shapes, &shapes).check("LayerNorm");
                Bench::<RMSNorm<$tensor>>::new(&rms, rms.needs(), 3, &shapes, &shapes).check("RMSNorm");
                Bench::<LayerNorm<$tensor, Present, Absent>>::new(&layer, layer.needs(), 1, &shapes, &shapes)
                    .check("LayerNorm without bias");
                Bench::<LayerNorm<$tensor, Absent, Absent>>::new(&layer, layer.needs(), 2, &shapes, &shapes)
                    .check("LayerNorm without weights");
            };
        }
        match normalized {
            [7] => {
                both!(Tensor1<7, f64>);
            }
            [5] => {
                both!(Tensor1<5, f64>);
            }
            [3, 5] => {
                both!(Tensor2<3, 5, f64>);
            }
            _ => {
                both!(Tensor2<2, 19, f64>);
            }
        }
    }
    for (sizes, groups) in [(&[6][..], 2), (&[6, 5], 3), (&[6, 2, 19], 1), (&[6, 3, 2], 6)] {
        let shapes = [Shape::new(sizes)];
        let args = [Arg::size(groups), Arg::size(6), flags[0], FLAG, FLAG];
        let config = shape::GroupNorm::new(0, &args, &shapes);
        Bench::<GroupNorm<6, f64>>::new(&config, config.needs(), 3, &shapes, &shapes).check("GroupNorm");
        Bench::<GroupNorm<6, f64, Absent, Absent>>::new(&config, config.needs(), 1, &shapes, &shapes)
            .check("GroupNorm without weights");
    }
    for sizes in [&[3, 5][..], &[3, 19]] {
        let shapes = [Shape::new(sizes)];
        let args = [Arg::size(3), flags[0], Arg::Real(0.1), FLAG, Arg::Flag(false), FLAG];
        let config = shape::BatchNorm::instance(1, &args, &shapes);
        Bench::<InstanceNorm1d<3, f64, Present, Present, Absent>>::new(&config, config.needs(), 3, &shapes, &shapes)
            .check("InstanceNorm1d");
    }
}

#[test]
fn dropout_drops_so_many_and_keeps_the_mean() {
    let inputs = [Shape::new(&[100, 10])];
    for (axes, unit) in [(0, 1), (1, 10)] {
        let config = shape::Dropout::new(axes, &[Arg::Real(0.3), FLAG], &inputs);
        let mut bench = Bench::<Dropout<f64>>::new(&config, config.needs(), 100, &inputs, &inputs);
        bench.inputs[0].fill(1.0);
        let output = bench.forward(true).remove(0);
        let units = output.len() / unit;
        let dropped = output.chunks_exact(unit).filter(|unit| unit.iter().all(|value| *value == 0.0)).count();
        let kept = output.chunks_exact(unit).filter(|unit| unit.iter().all(|value| *value == 1.0 / 0.7)).count();
        assert_eq!(dropped + kept, units, "each unit is dropped or kept as a whole");
        let share = dropped as f64 / units as f64;
        // Five standard deviations.
        let tolerance = 5.0 * (0.3 * 0.7 / units as f64).sqrt();
        assert!((share - 0.3).abs() < tolerance, "{share} of the units were dropped");
        // The samples of a batch draw apart from each other.
        let (first, second) = (&output[..1000], &output[1000..2000]);
        assert_ne!(first, second);
        assert_eq!(bench.forward(false).remove(0), bench.inputs[0], "evaluation changes nothing");
    }
}
