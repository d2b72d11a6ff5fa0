//! ConvTranspose: each input value spreads a window over the output.

use nn_core::layers::{ConvTranspose1d, ConvTranspose2d, ConvTranspose3d};
use nn_core::shape::{Arg, ConvTranspose, Shape};
use nn_core::{Absent, Zeroable, seed};

use crate::contract::{Case, noise, randomize};
use crate::{AT, index, ints, look, places};

fn definition(config: &ConvTranspose, weight: &[f64], bias: &[f64], input: &[f64]) -> Vec<f64> {
    let g = &config.geometry;
    // The layer's input is the convolution's output.
    let (from, to) = (g.axes.map(|axis| axis.output), g.axes.map(|axis| axis.input));
    let kernel = g.axes.map(|axis| axis.kernel);
    let (from_plane, to_plane, window) = (g.output_plane(), g.input_plane(), g.window());
    let (group_in, group_out) = (g.out_channels / g.groups, g.in_channels / g.groups);
    let mut output = Vec::new();
    for sample in input.chunks(g.output_len()) {
        for out_channel in 0..g.in_channels {
            let mut plane = vec![if bias.is_empty() { 0.0 } else { bias[out_channel] }; to_plane];
            let group = out_channel / group_out;
            for in_channel in group * group_in..(group + 1) * group_in {
                let weight = &weight[(in_channel * group_out + out_channel % group_out) * window..][..window];
                for (i, place) in places(from).enumerate() {
                    for (k, entry) in places(kernel).enumerate() {
                        if let Some(to) = index(to, look(&g.axes, place, entry)) {
                            plane[to] += sample[in_channel * from_plane + i] * weight[k];
                        }
                    }
                }
            }
            output.extend(plane);
        }
    }
    output
}

/// Layer type, input shape; kernel, stride, padding, output_padding, groups, dilation; output_size.
macro_rules! check {
    ($layer:ty, $out:expr, $bias:expr, $input:expr, $kernel:expr, $stride:expr, $padding:expr, $output_padding:expr, $groups:expr,
     $dilation:expr, $size:expr) => {{
        let input_shape = Shape::new(&$input);
        let args = [
            Arg::Inferred,
            Arg::size($out),
            ints(&$kernel),
            ints(&$stride),
            ints(&$padding),
            ints(&$output_padding),
            Arg::size($groups),
            Arg::flag($bias),
            ints(&$dilation),
            Arg::Word("zeros"),
            $size,
        ];
        let config = ConvTranspose::new($kernel.len(), &args, &[input_shape]);
        assert!(config.check(&AT).is_none());
        let (batch, mut random) = (3, seed(7));
        let mut layer = <$layer>::zeroed();
        randomize(&mut layer, &mut random);
        let input = noise(batch * input_shape.len(), &mut random);
        let weight = nn_core::Field::values(&layer.weight).to_vec();
        let bias = nn_core::Field::values(&layer.bias).to_vec();
        let expected = definition(&config, &weight, &bias, &input);
        let mut case = Case {
            config: &config,
            needs: config.needs(),
            layer,
            batch,
            output_len: batch * config.output(0).len(),
            input,
        };
        case.gives(&expected, None);
        case.has_gradients();
    }};
}

#[test]
fn one_axis() {
    check!(ConvTranspose1d<2, 3, 3, 3, f64>, 3, true, [2, 5], [3], [2], [1], [1], 1, [1], Arg::None);
    check!(ConvTranspose1d<4, 6, 3, 2, f64, Absent>, 6, false, [4, 3], [2], [3], [0], [2], 2, [3], Arg::None);
    check!(ConvTranspose1d<2, 3, 3, 3, f64>, 3, true, [2, 9], [3], [1], [4], [0], 1, [1], Arg::None);
}

#[test]
fn two_axes() {
    check!(ConvTranspose2d<3, 4, 4, 3, 2, f64>, 4, true, [3, 4, 5], [3, 2], [2, 3], [2, 0], [1, 2], 1, [3, 1], Arg::None);
    check!(ConvTranspose2d<5, 5, 1, 4, 4, f64>, 5, true, [5, 3, 2], [4, 4], [2, 2], [1, 1], [0, 0], 5, [1, 1], Arg::None);
    check!(ConvTranspose2d<2, 4, 2, 2, 2, f64>, 4, true, [2, 3, 3], [2, 2], [1, 2], [0, 0], [1, 2], 2, [2, 3], Arg::None);
}

#[test]
fn three_axes() {
    check!(
        ConvTranspose3d<2, 2, 1, 2, 3, 1, f64>, 2, true, [2, 2, 3, 2], [2, 3, 1], [2, 1, 3], [1, 1, 0], [1, 0, 2], 2, [1, 2, 1],
        Arg::None
    );
}

#[test]
fn output_size_at_the_call() {
    check!(ConvTranspose2d<2, 3, 3, 3, 3, f64>, 3, true, [2, 4, 3], [3, 3], [2, 3], [0, 1], [1, 0], 1, [1, 1], ints(&[9, 9]));
}
