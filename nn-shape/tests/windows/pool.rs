//! MaxPool, AvgPool and their adaptive forms.

use nn_shape::{Arg, Axis, LAYER, MaxUnpool, Pool, Shape, catalogue};

use crate::{AT, EXTREMES, assert_broken, assert_sound, int, ints, strange_shapes};

/// `MaxPool1d`: length, kernel_size, stride, padding, dilation, ceil_mode; size of the output, 0 where PyTorch refuses.
#[rustfmt::skip]
const MAX_POOL: &[[usize; 7]] = &[
    [1, 1, 1, 0, 3, 0, 1], [1, 1, 3, 0, 3, 1, 1], [1, 3, 4, 1, 1, 0, 1], [1, 4, 1, 1, 2, 1, 0], [1, 4, 2, 1, 2, 1, 0],
    [1, 5, 1, 1, 3, 0, 0], [2, 1, 1, 0, 1, 1, 2], [2, 1, 1, 0, 3, 1, 2], [2, 1, 3, 0, 2, 0, 1], [2, 2, 2, 1, 1, 0, 2],
    [2, 2, 3, 0, 1, 1, 1], [2, 3, 1, 1, 1, 1, 2], [2, 3, 4, 1, 1, 0, 1], [2, 3, 4, 1, 2, 0, 0], [2, 4, 2, 1, 1, 0, 1],
    [2, 4, 3, 0, 1, 1, 1], [2, 4, 4, 2, 1, 0, 1], [3, 1, 1, 0, 1, 1, 3], [3, 1, 3, 0, 2, 0, 1], [3, 3, 2, 0, 1, 1, 1],
    [3, 3, 3, 0, 2, 1, 1], [3, 3, 4, 1, 3, 0, 0], [3, 4, 4, 1, 1, 1, 1], [3, 5, 3, 0, 1, 1, 1], [3, 5, 3, 0, 3, 1, 0],
    [4, 1, 1, 0, 2, 1, 4], [4, 1, 3, 0, 1, 0, 2], [4, 1, 4, 0, 3, 1, 1], [4, 2, 4, 0, 1, 1, 1], [4, 2, 4, 1, 1, 1, 2],
    [4, 4, 1, 2, 1, 0, 5], [4, 4, 3, 1, 2, 1, 1], [4, 5, 1, 2, 1, 0, 4], [4, 5, 4, 2, 3, 0, 0], [5, 1, 4, 0, 1, 1, 2],
    [5, 3, 1, 1, 1, 0, 5], [5, 3, 3, 0, 1, 0, 1], [5, 4, 4, 1, 3, 1, 1], [5, 5, 3, 1, 1, 1, 2], [6, 1, 2, 0, 3, 0, 3],
    [6, 1, 3, 0, 2, 1, 2], [6, 1, 4, 0, 1, 0, 2], [6, 2, 1, 1, 1, 0, 7], [6, 2, 3, 0, 2, 0, 2], [6, 3, 2, 0, 1, 0, 2],
    [6, 3, 4, 1, 3, 1, 2], [6, 4, 1, 1, 3, 1, 0], [6, 4, 1, 2, 3, 1, 1], [6, 4, 4, 0, 2, 0, 0], [6, 5, 3, 1, 3, 1, 0],
    [6, 5, 3, 2, 1, 0, 2], [6, 5, 4, 0, 1, 0, 1], [7, 1, 3, 0, 3, 1, 3], [7, 2, 1, 1, 3, 1, 6], [7, 2, 4, 0, 1, 0, 2],
    [7, 3, 2, 0, 2, 1, 2], [7, 3, 3, 0, 2, 0, 1], [7, 3, 4, 0, 1, 0, 2], [7, 5, 4, 1, 3, 1, 0], [8, 1, 2, 0, 2, 1, 4],
    [8, 2, 3, 1, 1, 1, 3], [8, 2, 3, 1, 2, 1, 3], [8, 3, 1, 0, 1, 0, 6], [8, 4, 1, 0, 3, 1, 0], [8, 4, 4, 1, 3, 0, 1],
    [9, 1, 3, 0, 1, 1, 3], [9, 1, 3, 0, 2, 1, 3], [9, 1, 4, 0, 2, 0, 3], [9, 1, 4, 0, 3, 0, 3], [9, 2, 1, 0, 1, 1, 8],
    [9, 2, 3, 1, 1, 1, 4], [9, 2, 4, 0, 2, 1, 3], [9, 2, 4, 1, 1, 0, 3], [9, 3, 2, 1, 2, 1, 4], [9, 3, 3, 0, 1, 0, 3],
    [9, 4, 3, 1, 2, 1, 3], [9, 4, 3, 2, 1, 1, 4], [9, 5, 2, 0, 1, 0, 3], [10, 2, 3, 0, 1, 1, 4],
    [10, 3, 3, 1, 1, 0, 4], [10, 4, 1, 0, 1, 0, 7], [10, 4, 2, 0, 1, 0, 4], [11, 1, 2, 0, 1, 0, 6],
    [11, 1, 4, 0, 1, 0, 3], [11, 2, 2, 1, 2, 1, 6], [11, 2, 4, 1, 2, 1, 3], [11, 3, 3, 1, 1, 0, 4],
    [11, 3, 4, 0, 3, 1, 2], [11, 3, 4, 1, 1, 0, 3], [11, 4, 2, 2, 3, 1, 4],
];

/// MaxPool's arguments: `kernel_size, stride, padding, dilation, return_indices, ceil_mode`.
fn max(kernel: Arg, stride: Arg, padding: usize, dilation: usize, ceil: bool) -> [Arg; 6] {
    [kernel, stride, int(padding), int(dilation), Arg::flag(false), Arg::flag(ceil)]
}

/// AvgPool's arguments: `kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override`.
fn average(kernel: usize, padding: usize, divisor: Arg) -> [Arg; 6] {
    [int(kernel), Arg::None, int(padding), Arg::flag(false), Arg::flag(true), divisor]
}

#[test]
fn sizes_are_pytorchs() {
    for &[length, kernel, stride, padding, dilation, ceil, output] in MAX_POOL {
        let args = max(int(kernel), int(stride), padding, dilation, ceil == 1);
        let pool = Pool::max(1, &args, &[Shape::new(&[3, length])]);
        let expected = if output == 0 { Shape::INVALID } else { Shape::new(&[3, output]) };
        assert_eq!(pool.output(0), expected, "length {length}, {args:?}");
        let refused = pool.check(&AT).is_some();
        let blind = !pool.geometry.axes[2].sees_input();
        assert_eq!(refused, output == 0 || blind, "length {length}, {args:?}");
    }
}

#[test]
fn a_window_may_hang_over_the_end_with_ceil_mode() {
    let axis = |input| Axis { input, output: 0, kernel: 8, stride: 2, dilation: 1, before: 0, after: 0 };
    assert_eq!(axis(7).slide(true).output, 1);
    assert_eq!(axis(6).slide(true).output, 0);
    assert_eq!(axis(7).slide(false).output, 0);
}

#[test]
fn stride_defaults_to_the_window_and_axes_are_apart() {
    let input = Shape::new(&[4, 9, 8, 7]);
    let pool = Pool::max(3, &max(ints(&[2, 3, 4]), Arg::None, 0, 1, false), &[input]);
    assert_eq!(pool.output(0), Shape::new(&[4, 4, 2, 1]));
    let pool = Pool::average(2, &average(3, 1, Arg::None), &[Shape::new(&[5, 6, 8])]);
    assert_eq!(pool.output(0), Shape::new(&[5, 2, 3]));
    assert_eq!(pool.needs().saved_words, 0);
    let pool = Pool::max(1, &max(int(2), Arg::None, 0, 1, false), &[Shape::new(&[5, 7])]);
    assert_eq!(pool.needs().saved_words, 15);
}

#[test]
fn adaptive_sizes() {
    let input = Shape::new(&[4, 10, 9]);
    let output = |size: Arg| {
        let pool = Pool::adaptive_average(2, &[size], &[input]);
        assert_sound(pool.check(&AT));
        pool.output(0)
    };
    assert_eq!(output(int(7)), Shape::new(&[4, 7, 7]));
    assert_eq!(output(ints(&[5, 12])), Shape::new(&[4, 5, 12]));
    assert_eq!(output(Arg::optional_sizes(&[None, Some(7)])), Shape::new(&[4, 10, 7]));
    assert_eq!(output(Arg::optional_sizes(&[None, None])), input);
}

#[test]
fn padding_is_at_most_half_of_the_window() {
    let pool = Pool::max(2, &max(int(3), int(2), 2, 1, false), &[Shape::new(&[3, 7, 7])]);
    assert_broken(pool.check(&AT), 2, &["padding = 2, kernel_size = 3", "padding <= 1", "kernel_size >= 4"]);
    // The plain window counts, not the dilated one.
    let pool = Pool::max(2, &max(int(3), int(2), 2, 2, false), &[Shape::new(&[3, 7, 7])]);
    assert_broken(pool.check(&AT), 2, &["padding = 2, kernel_size = 3"]);
    let pool = Pool::average(1, &average(2, 2, Arg::None), &[Shape::new(&[3, 7])]);
    assert_broken(pool.check(&AT), 2, &["padding = 2, kernel_size = 2", "padding <= 1", "kernel_size >= 4"]);
}

#[test]
fn the_window_fits() {
    let input = Shape::new(&[3, 7, 5]);
    let pool = Pool::max(2, &max(int(6), Arg::None, 0, 1, false), &[input]);
    let found = "1 * (6 - 1) + 1 = 6 > 5 + 2 * 0 = 5 (`conv1` produces [3, 7, 5])";
    assert_broken(pool.check(&AT), 0, &[found, "kernel_size <= 5", "at least 6 values"]);
    let pool = Pool::max(2, &max(int(3), int(1), 1, 4, false), &[input]);
    assert_broken(
        pool.check(&AT),
        0,
        &["4 * (3 - 1) + 1 = 9 > 5 + 2 * 1 = 7", "kernel_size <= 2", "at least 7 values"],
    );
    let pool = Pool::average(2, &average(8, 0, Arg::None), &[input]);
    assert_broken(pool.check(&AT), 0, &["kernel_size <= size + 2 * padding", "8 > 7 + 2 * 0 = 7", "kernel_size <= 7"]);
    let pool = Pool::max(2, &max(int(9), int(2), 0, 1, true), &[input]);
    assert_broken(pool.check(&AT), 0, &["ceil_mode", "9 > 7 + 2 * 0 + 1 = 8", "kernel_size <= 8", "at least 8"]);
    assert_eq!(pool.output(0), Shape::INVALID);
}

#[test]
fn every_window_sees_the_input() {
    let pool = Pool::max(1, &max(int(2), int(1), 1, 2, false), &[Shape::new(&[3, 1])]);
    assert_broken(pool.check(&AT), 3, &["dilation = 2, padding = 1, size = 1", "dilation <= 1"]);
}

#[test]
fn kernel_stride_and_dilation_are_positive() {
    let input = [Shape::new(&[3, 7, 7])];
    let broken = |args: [Arg; 6]| Pool::max(2, &args, &input).check(&AT);
    assert_broken(broken(max(int(0), Arg::None, 0, 1, false)), 0, &["kernel_size = 0"]);
    assert_broken(broken(max(int(2), int(0), 0, 1, false)), 1, &["stride = 0"]);
    assert_broken(broken(max(int(2), int(2), 0, 0, false)), 3, &["dilation = 0"]);
}

#[test]
fn the_divisor_is_not_zero() {
    let divisor = |value| Pool::average(2, &average(2, 0, Arg::int(value)), &[Shape::new(&[3, 7, 7])]).check(&AT);
    assert_broken(divisor(0), 5, &["divisor_override = 0"]);
    assert_sound(divisor(-3));
}

#[test]
fn the_rank_fits() {
    let args = max(int(2), Arg::None, 0, 1, false);
    let broken = |axes, sizes: &[usize]| Pool::max(axes, &args, &[Shape::new(sizes)]).check(&AT);
    assert_broken(broken(2, &[7, 7]), LAYER, &["[channels, height, width]", "`conv1` produces [7, 7]", "2 axes", "1d"]);
    assert_broken(broken(3, &[3, 7, 7]), LAYER, &["a 3d pool", "3 axes", "2d"]);
    let pool = Pool::adaptive_average(2, &[int(2)], &[Shape::new(&[7, 7])]);
    assert_broken(pool.check(&AT), LAYER, &["2 axes"]);
}

#[test]
fn an_adaptive_output_has_a_size() {
    let pool = Pool::adaptive_max(2, &[ints(&[2, 0]), Arg::flag(false)], &[Shape::new(&[3, 7, 5])]);
    assert_broken(pool.check(&AT), 0, &["output_size = 0, size = 5 (`conv1` produces [3, 7, 5])"]);
    assert_eq!(pool.output(0), Shape::INVALID);
}

#[test]
fn indices_are_an_output() {
    let input = [Shape::new(&[3, 9, 8])];
    let mut args = max(int(2), Arg::None, 0, 1, false);
    assert_eq!(Pool::max(2, &args, &input).needs().saved_words, 3 * 4 * 4);
    args[4] = Arg::flag(true);
    let pool = Pool::max(2, &args, &input);
    assert_sound(pool.check(&AT));
    assert_eq!(pool.needs().saved_words, 0);
    assert_eq!(pool.output(0), Shape::new(&[3, 4, 4]));
    // The ninth row lies in no window.
    assert_eq!(pool.output(1), Shape::new(&[3, 4, 4]).below(8 * 8));
    let adaptive = Pool::adaptive_max(2, &[int(2), Arg::flag(true)], &input);
    assert_eq!(adaptive.output(1), Shape::new(&[3, 2, 2]).below(9 * 8));
    // In the function these two stand the other way round.
    let pool = Pool::max_function(2, &args, &[Shape::new(&[3, 7, 7])]);
    assert_sound(pool.check(&AT));
    assert_eq!(pool.output(0), Shape::new(&[3, 4, 4]));
}

#[test]
fn places_end_where_windows_end() {
    let places = |size, stride, padding, dilation, ceil| {
        let mut args = max(int(2), int(stride), padding, dilation, ceil);
        args[4] = Arg::flag(true);
        Pool::max(1, &args, &[Shape::new(&[1, size])]).output(1).bound()
    };
    assert_eq!(places(7, 2, 0, 1, false), 6);
    assert_eq!(places(7, 2, 0, 1, true), 7);
    assert_eq!(places(7, 3, 1, 1, false), 7);
    assert_eq!(places(8, 3, 0, 2, false), 6);
    assert_eq!(Shape::new(&[4]).bound(), usize::MAX);
}

#[test]
fn unpooling_gives_what_was_pooled() {
    let of = |args: &[Arg], shape: &[usize], bound| {
        MaxUnpool::new(2, args, &[Shape::new(shape), Shape::new(shape).below(bound)])
    };
    let usual = of(&[int(3), int(2), int(1), Arg::None], &[4, 3, 5], usize::MAX);
    assert_sound(usual.check(&AT));
    assert_eq!(usual.output(0), Shape::new(&[4, 5, 9]));
    for (size, sound) in [(4, true), (5, true), (6, true), (3, false), (7, false)] {
        let asked = of(&[int(3), int(2), int(1), ints(&[size, 9])], &[4, 3, 5], usize::MAX);
        assert_eq!(asked.check(&AT).is_none(), sound, "{size}");
    }
    assert_sound(of(&[int(2), Arg::None, int(0), Arg::None], &[1, 2, 2], 16).check(&AT));
    assert_broken(
        of(&[int(2), Arg::None, int(0), ints(&[3, 5])], &[1, 2, 2], 19).check(&AT),
        3,
        &["indices from 0 to 18", "has 15 places"],
    );
}

#[test]
fn no_unpooling_is_too_strange() {
    for input in strange_shapes() {
        for (kernel, stride, padding) in
            EXTREMES.iter().flat_map(|a| EXTREMES.map(|b| EXTREMES.map(|c| (*a, b, c)))).flatten()
        {
            for size in EXTREMES.map(int).into_iter().chain([Arg::None]) {
                for axes in 1..=3 {
                    let args = [int(kernel), int(stride), int(padding), size];
                    let unpool = MaxUnpool::new(axes, &args, &[input, input.below(7)]);
                    let _ = (unpool.check(&AT), unpool.output(0), unpool.needs());
                }
            }
        }
    }
}

#[test]
fn nothing_is_said_twice() {
    let pool = Pool::max(2, &max(int(0), Arg::None, 9, 0, false), &[Shape::INVALID]);
    assert_sound(pool.check(&AT));
    assert_eq!(pool.output(0), Shape::INVALID);
}

#[test]
fn no_number_is_too_strange() {
    for input in strange_shapes() {
        for (kernel, stride, padding) in
            EXTREMES.iter().flat_map(|a| EXTREMES.map(|b| EXTREMES.map(|c| (*a, b, c)))).flatten()
        {
            for axes in 1..=3 {
                for dilation in EXTREMES {
                    let args = max(int(kernel), int(stride), padding, dilation, stride % 2 == 0);
                    let pool = Pool::max(axes, &args, &[input]);
                    let _ = (pool.check(&AT), pool.output(0), pool.needs());
                }
                let pool = Pool::adaptive_max(axes, &[int(kernel), Arg::flag(false)], &[input]);
                let _ = (pool.check(&AT), pool.output(0), pool.needs());
            }
        }
    }
}

#[test]
fn layers_and_functions_are_in_the_catalogue() {
    let layer = |name: &str| catalogue::layer(name).expect("the layer exists").parameters;
    let function = |name: &str| catalogue::function(name).expect("the function exists").parameters;
    for axes in 1..=3 {
        assert_eq!(layer(&format!("MaxPool{axes}d"))[4].name, "return_indices");
        assert_eq!(function(&format!("max_pool{axes}d"))[4].name, "ceil_mode");
        assert_eq!(layer(&format!("AvgPool{axes}d")).len(), if axes == 1 { 5 } else { 6 });
        assert_eq!(function(&format!("avg_pool{axes}d")).len(), if axes == 1 { 5 } else { 6 });
        assert_eq!(layer(&format!("AdaptiveAvgPool{axes}d")).len(), 1);
        assert_eq!(function(&format!("adaptive_max_pool{axes}d")).len(), 2);
    }
}
