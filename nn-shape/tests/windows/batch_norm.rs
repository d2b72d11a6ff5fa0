//! BatchNorm.

use nn_shape::{Arg, BatchNorm, LAYER, Shape};

use crate::{AT, EXTREMES, assert_broken, assert_sound, int, strange_shapes};

/// `num_features, eps, momentum, affine, track_running_stats, bias`
fn args(features: usize) -> [Arg; 6] {
    let flag = Arg::flag(true);
    [int(features), Arg::real(1e-5), Arg::real(0.1), flag, flag, flag]
}

fn with(place: usize, value: Arg) -> [Arg; 6] {
    let mut args = args(3);
    args[place] = value;
    args
}

fn norm(axes: usize, args: [Arg; 6], sizes: &[usize]) -> BatchNorm {
    BatchNorm::new(axes, &args, &[Shape::new(sizes)])
}

#[test]
fn shapes_stay() {
    for (axes, sizes) in [(1, &[3][..]), (1, &[3, 5]), (2, &[3, 5, 7]), (3, &[3, 5, 7, 2])] {
        let norm = norm(axes, args(3), sizes);
        assert_sound(norm.check(&AT));
        assert_eq!(norm.output(0), Shape::new(sizes));
        assert_eq!(norm.planes.plane, sizes[1..].iter().product::<usize>());
        assert_eq!((norm.generics()[0], norm.parameters()), (3, 6));
    }
}

#[test]
fn parts_follow_the_flags() {
    let parts = |args| norm(2, args, &[3, 2, 2]).parts();
    assert_eq!(parts(args(3)), [true, true, true, false]);
    assert_eq!(parts(with(3, Arg::flag(false))), [false, false, true, false]);
    assert_eq!(parts(with(4, Arg::flag(false))), [true, true, false, false]);
    assert_eq!(parts(with(5, Arg::flag(false))), [true, false, true, false]);
    assert_eq!(norm(2, with(4, Arg::flag(false)), &[3, 2, 2]).needs().forward_scratch, 6);
    assert_eq!(norm(2, with(0, Arg::Inferred), &[3, 2, 2]).inferred(), 3);
    assert_eq!(norm(2, with(2, Arg::None), &[3, 2, 2]).momentum, None);
}

#[test]
fn features_are_the_channels() {
    let found = norm(2, args(4), &[3, 7, 7]).check(&AT);
    assert_broken(found, 0, &["num_features = 4", "`conv1` produces [3, 7, 7] (channels = 3)", "num_features = 3"]);
    // Without weights too.
    let mut args = args(4);
    args[3] = Arg::flag(false);
    assert_broken(norm(2, args, &[3, 7, 7]).check(&AT), 0, &["num_features = 4"]);
}

#[test]
fn the_rank_fits() {
    assert_broken(norm(2, args(3), &[3]).check(&AT), LAYER, &["2d batch norm", "[channels, height, width]", "[3]"]);
    assert_broken(norm(1, args(3), &[3, 7, 7]).check(&AT), LAYER, &["[channels, length]", "3 axes", "BatchNorm2d"]);
    assert_broken(norm(3, args(3), &[3, 7, 7]).check(&AT), LAYER, &["3d batch norm", "3 axes", "2d"]);
}

#[test]
fn eps_and_momentum() {
    let found = |place, value| norm(2, with(place, Arg::real(value)), &[3, 7, 7]).check(&AT);
    assert_broken(found(1, 0.0), 1, &["eps = 0.0"]);
    assert_broken(found(1, -0.5), 1, &["eps = -0.5"]);
    assert_broken(found(1, f64::NAN), 1, &["eps = NaN"]);
    assert_broken(found(2, 1.5), 2, &["momentum = 1.5"]);
    assert_broken(found(2, -0.1), 2, &["momentum = -0.1"]);
    assert_sound(found(2, 0.0));
    assert_sound(found(2, 1.0));
}

#[test]
fn training_needs_more_than_one_value() {
    let norm = norm(2, args(3), &[3, 1, 1]);
    assert_sound(norm.check(&AT));
    let found = norm.check_batch(&AT, 1);
    assert_broken(found, LAYER, &["batch = 1, places = 1 (`conv1` produces [3, 1, 1])", "at least 2"]);
    assert_sound(norm.check_batch(&AT, 2));
    let one = BatchNorm::new(1, &args(3), &[Shape::new(&[3])]);
    assert_broken(one.check_batch(&AT, 1), LAYER, &["batch = 1"]);
    assert_sound(BatchNorm::new(1, &args(3), &[Shape::new(&[3, 2])]).check_batch(&AT, 1));
}

#[test]
fn no_number_is_too_strange() {
    for input in strange_shapes() {
        for (axes, number) in (1..=3).flat_map(|axes| EXTREMES.map(|number| (axes, number))) {
            let norm = BatchNorm::new(axes, &args(number), &[input]);
            let _ = (norm.check(&AT), norm.output(0), norm.parameters(), norm.macs(), norm.needs());
            let _ = norm.check_batch(&AT, number);
        }
    }
}
