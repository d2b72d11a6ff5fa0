//! ConvTranspose.

use nn_shape::{Arg, ConvTranspose, LAYER, Shape};

use crate::{AT, EXTREMES, assert_broken, assert_sound, int, ints, strange_shapes};

/// `ConvTranspose1d`: length, kernel_size, stride, padding, output_padding, dilation; size of the output, 0 where PyTorch refuses.
#[rustfmt::skip]
const CONV_TRANSPOSE: &[[usize; 7]] = &[
    [1, 1, 3, 2, 0, 1, 0], [1, 1, 3, 4, 0, 3, 0], [1, 2, 2, 3, 1, 1, 0], [1, 2, 2, 3, 2, 3, 0], [1, 2, 3, 2, 1, 3, 1],
    [1, 3, 4, 4, 2, 1, 0], [2, 1, 4, 0, 0, 1, 5], [2, 1, 4, 3, 1, 1, 0], [2, 2, 4, 1, 1, 2, 6], [2, 3, 1, 0, 0, 3, 8],
    [2, 3, 4, 1, 1, 2, 8], [2, 4, 1, 4, 0, 2, 0], [2, 4, 2, 4, 1, 1, 0], [3, 1, 3, 2, 0, 1, 3], [3, 2, 1, 0, 0, 2, 5],
    [3, 2, 3, 2, 2, 2, 7], [3, 3, 2, 3, 0, 1, 1], [3, 3, 3, 0, 2, 1, 11], [3, 3, 3, 2, 1, 3, 10],
    [3, 4, 2, 0, 0, 1, 8], [3, 4, 2, 1, 2, 3, 14], [3, 4, 3, 2, 2, 1, 8], [3, 4, 4, 0, 1, 1, 13],
    [3, 4, 4, 4, 0, 3, 10], [4, 1, 4, 4, 2, 2, 7], [4, 2, 1, 3, 1, 2, 1], [4, 2, 3, 2, 2, 3, 11],
    [4, 3, 2, 4, 1, 1, 2], [4, 3, 3, 2, 0, 1, 8], [4, 4, 1, 1, 0, 1, 5], [4, 4, 4, 4, 1, 1, 9], [5, 1, 1, 4, 0, 2, 0],
    [5, 1, 3, 1, 0, 3, 11], [5, 1, 3, 1, 1, 2, 12], [5, 1, 3, 1, 1, 3, 12], [5, 1, 3, 4, 0, 3, 5],
    [5, 1, 4, 3, 2, 1, 13], [5, 2, 3, 0, 1, 3, 17], [5, 2, 3, 4, 1, 3, 9], [5, 2, 4, 1, 3, 1, 19],
    [5, 2, 4, 3, 0, 1, 12], [5, 3, 4, 0, 1, 2, 22], [5, 4, 4, 3, 1, 2, 18], [5, 4, 4, 4, 3, 1, 15],
    [6, 1, 2, 0, 0, 2, 11], [6, 1, 2, 1, 1, 2, 10], [6, 2, 1, 0, 1, 2, 9], [6, 2, 2, 1, 2, 3, 14],
    [6, 3, 3, 0, 1, 2, 21], [6, 4, 2, 4, 1, 3, 13],
];

/// `in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation, padding_mode`, and `output_size`.
fn args(kernel: usize, stride: usize, padding: usize, output_padding: usize, dilation: usize) -> [Arg; 11] {
    let (kernel, stride, padding) = (int(kernel), int(stride), int(padding));
    let (inputs, outputs, groups, bias) = (int(4), int(6), int(1), Arg::flag(true));
    let mode = Arg::Word("zeros");
    [inputs, outputs, kernel, stride, padding, int(output_padding), groups, bias, int(dilation), mode, Arg::None]
}

fn with(mut args: [Arg; 11], place: usize, value: Arg) -> [Arg; 11] {
    args[place] = value;
    args
}

/// Two axes over [4, 5, 5].
fn layer(args: [Arg; 11]) -> ConvTranspose {
    ConvTranspose::new(2, &args, &[Shape::new(&[4, 5, 5])])
}

#[test]
fn sizes_are_pytorchs() {
    for &[length, kernel, stride, padding, output_padding, dilation, output] in CONV_TRANSPOSE {
        let args = args(kernel, stride, padding, output_padding, dilation);
        let layer = ConvTranspose::new(1, &args, &[Shape::new(&[4, length])]);
        let expected = if output == 0 { Shape::INVALID } else { Shape::new(&[6, output]) };
        assert_eq!(layer.output(0), expected, "length {length}, {args:?}");
        assert_eq!(layer.check(&AT).is_some(), output == 0, "length {length}, {args:?}");
    }
}

/// Whatever the output's padding, the convolution behind the layer never looks beyond its input and `after`.
#[test]
fn the_convolution_leads_back() {
    for &[length, kernel, stride, padding, output_padding, dilation, output] in CONV_TRANSPOSE {
        if output == 0 {
            continue;
        }
        let args = args(kernel, stride, padding, output_padding, dilation);
        let window = ConvTranspose::new(1, &args, &[Shape::new(&[4, length])]).geometry.axes[2];
        assert_eq!((window.input, window.output), (output, length));
        assert!((length - 1) * stride + window.extent() <= window.padded());
    }
}

#[test]
fn struct_and_numbers() {
    let layer = layer(with(args(3, 2, 1, 1, 1), 6, int(2)));
    assert_eq!(layer.output(0), Shape::new(&[6, 10, 10]));
    assert_eq!(layer.generics(), [4, 6, 3, 3, 3, 0]);
    assert_eq!(layer.parameters(), 4 * 3 * 9 + 6);
    assert_eq!(layer.macs(), 4 * 3 * 9 * 25);
    let inferred = with(args(3, 2, 1, 1, 1), 0, Arg::Inferred);
    assert_eq!(ConvTranspose::new(2, &inferred, &[Shape::new(&[4, 5, 5])]).inferred(), 4);
}

#[test]
fn output_padding_is_below_stride_or_dilation() {
    let broken = |stride, dilation, padding| layer(args(3, stride, 0, padding, dilation)).check(&AT);
    assert_broken(broken(2, 1, 2), 5, &["output_padding = 2, stride = 2, dilation = 1", "<= 1", "stride >= 3"]);
    assert_broken(broken(2, 3, 3), 5, &["output_padding = 3, stride = 2, dilation = 3", "<= 2", "stride >= 4"]);
    assert_broken(broken(1, 1, 1), 5, &["output_padding = 1, stride = 1, dilation = 1", "<= 0", "stride >= 2"]);
    assert_sound(broken(2, 3, 2));
    // On one axis only.
    let args = with(with(args(3, 2, 0, 0, 1), 3, ints(&[3, 1])), 5, ints(&[2, 1]));
    assert_broken(layer(args).check(&AT), 5, &["output_padding = 1, stride = 1"]);
}

#[test]
fn something_is_left_of_the_output() {
    let broken = layer(args(3, 1, 4, 0, 1)).check(&AT);
    assert_broken(
        broken,
        4,
        &["(5 - 1) * 1 - 2 * 4 + 1 * (3 - 1) + 0 + 1 = -1 (`conv1` produces [4, 5, 5])", "padding <= 3"],
    );
    assert_sound(layer(args(3, 1, 3, 0, 1)).check(&AT));
    assert_eq!(layer(args(3, 1, 4, 0, 1)).output(0), Shape::INVALID);
}

#[test]
fn channels_and_groups() {
    let good = args(3, 2, 0, 0, 1);
    assert_broken(layer(with(good, 0, int(3))).check(&AT), 0, &["in_channels = 3", "channels = 4", "in_channels = 4"]);
    assert_broken(layer(with(good, 1, int(0))).check(&AT), 1, &["out_channels = 0"]);
    assert_broken(layer(with(good, 6, int(0))).check(&AT), 6, &["groups = 0"]);
    assert_broken(
        layer(with(good, 6, int(4))).check(&AT),
        6,
        &["out_channels = 6, groups = 4, remainder 2", "groups = 2"],
    );
    assert_broken(
        layer(with(good, 6, int(3))).check(&AT),
        6,
        &["in_channels = 4, groups = 3, remainder 1", "groups = 2"],
    );
}

#[test]
fn kernel_stride_and_dilation_are_positive() {
    assert_broken(layer(args(0, 1, 0, 0, 1)).check(&AT), 2, &["kernel_size = 0"]);
    assert_broken(layer(args(3, 0, 0, 0, 1)).check(&AT), 3, &["stride = 0"]);
    assert_broken(layer(args(3, 1, 0, 0, 0)).check(&AT), 8, &["dilation = 0"]);
}

#[test]
fn the_rank_fits() {
    let found = ConvTranspose::new(1, &args(3, 1, 0, 0, 1), &[Shape::new(&[4, 5, 5])]).check(&AT);
    assert_broken(found, LAYER, &["1d transposed convolution", "`conv1` produces [4, 5, 5]", "3 axes", "2d"]);
}

#[test]
fn output_size_chooses_within_the_stride() {
    let sized = |size: Arg| layer(with(args(3, 2, 0, 0, 1), 10, size));
    for size in [11, 12] {
        assert_sound(sized(int(size)).check(&AT));
        assert_eq!(sized(int(size)).output(0), Shape::new(&[6, size, size]));
    }
    assert_eq!(sized(ints(&[11, 12])).output(0), Shape::new(&[6, 11, 12]));
    let possible = "possible are 11 to 12 (`conv1` produces [4, 5, 5], stride = 2)";
    assert_broken(sized(int(13)).check(&AT), 10, &["output_size = 13", possible, "from 11 to 12"]);
    assert_broken(sized(ints(&[11, 10])).check(&AT), 10, &["output_size = 10", possible]);
    // Dilation widens output_padding, not output_size.
    let dilated = layer(with(args(3, 2, 0, 0, 3), 10, int(17)));
    assert_broken(dilated.check(&AT), 10, &["output_size = 17", "15 to 16"]);
    // output_size replaces output_padding, whatever that is.
    assert_sound(layer(with(args(3, 2, 0, 7, 1), 10, int(12))).check(&AT));
    // Nothing is left, or one value is.
    assert_broken(layer(with(args(3, 1, 4, 0, 1), 10, int(1))).check(&AT), 10, &["-1 to -1", "less padding"]);
    assert_broken(layer(with(args(2, 3, 7, 0, 1), 10, int(0))).check(&AT), 10, &["0 to 2", "from 1 to 2"]);
}

#[test]
fn no_number_is_too_strange() {
    for input in strange_shapes() {
        for (kernel, stride, padding) in
            EXTREMES.iter().flat_map(|a| EXTREMES.map(|b| EXTREMES.map(|c| (*a, b, c)))).flatten()
        {
            for (axes, other) in [(1, 0), (2, 1), (3, usize::MAX)] {
                let args = args(kernel, stride, padding, other, stride);
                for args in
                    [args, with(args, 10, int(other)), with(args, 6, int(padding)), with(args, 0, Arg::Inferred)]
                {
                    let layer = ConvTranspose::new(axes, &args, &[input]);
                    let _ = (layer.check(&AT), layer.output(0), layer.parameters(), layer.macs());
                }
            }
        }
    }
}
