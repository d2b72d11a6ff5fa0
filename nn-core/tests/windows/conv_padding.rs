//! Convolutions whose padding is laid out in memory.

use nn_core::layers::{Conv1d, Conv2d, Conv3d};
use nn_core::shape::{Arg, Conv, Padding, Shape};
use nn_core::{Field, Zeroable, seed};

use crate::contract::{Case, noise, randomize};
use crate::{AT, index, ints, look, places};

/// Brings a place on an axis of `size` into the axis.
fn reflect(place: isize, size: isize, padding: Padding) -> isize {
    match padding {
        Padding::Zeros => place,
        Padding::Replicate => place.clamp(0, size - 1),
        Padding::Circular => place.rem_euclid(size),
        Padding::Reflect => (size - 1) - ((size - 1) - place.abs()).abs(),
    }
}

fn definition(config: &Conv, weight: &[f64], bias: &[f64], input: &[f64]) -> Vec<f64> {
    let g = &config.geometry;
    let (from, to) = (g.axes.map(|axis| axis.input), g.axes.map(|axis| axis.output));
    let (group_in, group_out) = (g.in_channels / g.groups, g.out_channels / g.groups);
    let mut output = Vec::new();
    for sample in input.chunks(g.input_len()) {
        for out_channel in 0..g.out_channels {
            for place in places(to) {
                let mut sum = bias[out_channel];
                for channel in 0..group_in {
                    let plane = (out_channel / group_out * group_in + channel) * g.input_plane();
                    for (k, entry) in places(g.axes.map(|axis| axis.kernel)).enumerate() {
                        let look = look(&g.axes, place, entry);
                        let look = [0, 1, 2].map(|i| reflect(look[i], from[i] as isize, config.padding));
                        let Some(value) = index(from, look) else { continue };
                        sum += sample[plane + value] * weight[(out_channel * group_in + channel) * g.window() + k];
                    }
                }
                output.push(sum);
            }
        }
    }
    output
}

macro_rules! check {
    ($layer:ty, $out:expr, $input:expr, $kernel:expr, $stride:expr, $padding:expr, $dilation:expr, $groups:expr, $mode:expr) => {{
        let input_shape = Shape::new(&$input);
        let args = [
            Arg::Inferred,
            Arg::size($out),
            ints(&$kernel),
            ints(&$stride),
            $padding,
            ints(&$dilation),
            Arg::size($groups),
            Arg::flag(true),
            Arg::Word($mode),
        ];
        let config = Conv::new($kernel.len(), &args, &[input_shape]);
        assert!(config.check(&AT).is_none());
        let (batch, mut random) = (2, seed(8));
        let mut layer = <$layer>::zeroed();
        randomize(&mut layer, &mut random);
        let input = noise(batch * input_shape.len(), &mut random);
        let expected = definition(&config, layer.weight.values(), layer.bias.values(), &input);
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
fn every_mode() {
    for mode in ["zeros", "reflect", "replicate", "circular"] {
        check!(Conv1d<2, 3, 3, f64>, 3, [2, 5], [3], [1], ints(&[4]), [1], 1, mode);
        check!(Conv2d<2, 4, 3, 2, f64>, 4, [4, 5, 4], [3, 2], [2, 1], ints(&[1, 3]), [1, 2], 2, mode);
        check!(Conv3d<2, 2, 1, 2, 3, f64>, 2, [2, 2, 3, 4], [1, 2, 3], [1, 2, 1], ints(&[1, 0, 2]), [1, 1, 2], 1, mode);
    }
}

#[test]
fn same_pads_more_behind() {
    for mode in ["zeros", "reflect", "replicate", "circular"] {
        check!(Conv1d<2, 3, 4, f64>, 3, [2, 5], [4], [1], Arg::Word("same"), [1], 1, mode);
        check!(Conv2d<2, 3, 2, 4, f64>, 3, [2, 4, 7], [2, 4], [1, 1], Arg::Word("same"), [3, 2], 1, mode);
    }
}
