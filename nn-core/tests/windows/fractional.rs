//! Windows at random distances, for the numbers that were drawn: what `torch.nn.functional.fractional_max_pool2d` gives with `_random_samples`.

use nn_core::kernels::Kernels;
use nn_core::layers::FractionalMaxPool2d;
use nn_core::shape::{Arg, FractionalPool, Shape};
use nn_core::{Zeroable, seed};

use crate::contract::{Case, distinct};
use crate::{AT, ints};

fn config(axes: usize, kernel: &[usize], size: &[usize], input: &[usize]) -> FractionalPool {
    let config =
        FractionalPool::new(axes, &[ints(kernel), ints(size), Arg::None, Arg::Flag(false)], &[Shape::new(input)]);
    assert!(config.check(&AT).is_none());
    config
}

fn pool(config: &FractionalPool, len: usize, draws: &[f64]) -> Vec<f64> {
    let input: Vec<f64> = (0..len).map(|i| (i * 37 % 101) as f64 / 8.0).collect();
    let mut draws = draws.iter();
    let mut output = vec![f64::NAN; config.output(0).len()];
    let mut places = vec![u32::MAX; output.len()];
    let mut draw = || *draws.next().unwrap();
    f64::fractional_max_pool_forward(&config.geometry, 1, &mut draw, &input, &mut output, Some(&mut places));
    let (plane, output_plane) = (config.geometry.input_plane(), config.geometry.output_plane());
    for (i, (value, place)) in output.iter().zip(&places).enumerate() {
        assert_eq!(*value, input[i / output_plane * plane + *place as usize]);
    }
    output
}

#[test]
fn images_are_pytorchs() {
    // PyTorch draws the width first; here nothing is said of a depth.
    let draws = [0.0, 0.28125, 0.03125, 0.0, 0.171875, 0.765625];
    let expected = [
        11.75, 9.25, 10.5, 10.875, 12.125, 12.5, 12.0, 9.5, 10.75, 11.125, 12.375, 9.0, 9.375, 10.625, 11.875, 12.25,
        8.875, 10.125, 12.125, 10.875, 10.875, 11.25, 12.5, 9.125,
    ];
    assert_eq!(pool(&config(2, &[2, 3], &[4, 3], &[2, 9, 8]), 144, &draws), expected);
}

#[test]
fn volumes_are_pytorchs() {
    let draws = [0.75, 0.609375, 0.203125];
    let expected = [
        10.375, 9.25, 10.75, 9.625, 8.75, 12.5, 12.375, 11.25, 10.75, 9.625, 11.75, 8.375, 12.375, 11.25, 7.875,
        11.625, 11.75, 10.625, 12.125, 11.0, 10.125, 11.625, 10.5, 10.375,
    ];
    assert_eq!(pool(&config(3, &[2, 2, 1], &[3, 2, 4], &[1, 7, 5, 7]), 245, &draws), expected);
}

#[test]
fn whatever_is_drawn_every_window_lies_inside() {
    let config = config(2, &[3, 2], &[5, 4], &[1, 11, 9]);
    let mut random = seed(4);
    for _ in 0..200 {
        use nn_core::Rng;
        let mut draw = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let draws = [draw(), draw(), draw()];
        assert!(pool(&config, 99, &draws).iter().all(|value| value.is_finite()));
    }
    assert!(
        pool(&config, 99, &[1.0; 3]).iter().all(|value| value.is_finite()),
        "1 is what f32 makes of the largest draw"
    );
}

#[test]
fn evaluation_is_the_middle_of_chance() {
    let config = config(2, &[2, 2], &[3, 4], &[2, 7, 6]);
    let input: Vec<f64> = (0..84).map(|i| (i * 37 % 101) as f64 / 8.0).collect();
    let layer = FractionalMaxPool2d::<f64>::zeroed();
    let case = Case { config: &config, needs: config.needs(), layer, batch: 1, output_len: 24, input };
    assert_eq!(case.evaluate(), pool(&config, 84, &[0.5; 6]));
    assert_eq!(case.evaluate(), case.evaluate());
}

#[test]
fn gradients_go_to_the_maxima_of_training() {
    let config = config(2, &[2, 2], &[3, 4], &[2, 7, 6]);
    let layer = FractionalMaxPool2d::<f64>::zeroed();
    let mut case =
        Case { config: &config, needs: config.needs(), layer, batch: 2, output_len: 48, input: distinct(168) };
    case.has_gradients();
}
