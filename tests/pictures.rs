//! The inference form of networks from picture to picture: padding, normalisations by a picture's own statistics, transposed convolutions, other sizes.

#[path = "frozen/check.rs"]
mod check;

use check::frozen;
use nn::prelude::*;
use nn::{Isa, Rng};
use nn_core::frozen::{Memory, Place, Program, Step, Work};
use nn_core::kernels::Kernels;
use nn_core::shape::PadGeometry;

frozen! {
    mirrored(1, 1) Net: {
        pub struct Net: [3, 9, 7] -> [5, 14, 9] {
            ReflectionPad2d((3, 2, 1, 4)), Conv2d(3, 19, 3), ReLU, ReflectionPad2d((0, 1, 5, 2)), Conv2d(19, 5, (6, 3), groups = 1),
        }
    }
    continued(1, 1) Net: {
        pub struct Net: [2, 6, 5] -> [7, 9, 15] {
            Conv2d(2, 33, 1), CircularPad2d((2, 3, 1, 0)), Conv2d(33, 16, 3), ReplicationPad2d((4, 1, 2, 3)), ConstantPad2d((1, -2, -1, 1), 0.75),
            Conv2d(16, 7, 3, padding = 1, padding_mode = "circular"), ZeroPad2d((1, 1, -1, -1)), AvgPool2d((2, 2), stride = 1), ReplicationPad2d(1),
        }
    }
    padded_modes(1, 1) Net: {
        pub struct Net: [4, 8, 9] -> [3, 4, 9] {
            Conv2d(4, 18, 3, padding = 1, padding_mode = "reflect"), BatchNorm2d(18), ReLU, Conv2d(18, 20, 5, stride = (2, 1), padding = 2, padding_mode = "replicate"),
            Conv2d(20, 20, 3, padding = 1, padding_mode = "circular", groups = 20), Conv2d(20, 3, 7, padding = 3, padding_mode = "reflect"),
        }
    }
    padded_line(1, 1) Net: {
        pub struct Net: [3, 11] -> [4, 20] { ReflectionPad1d((4, 1)), Conv1d(3, 17, 3), ReflectionPad1d((0, 6)), ConstantPad1d(2, -1.5), Conv1d(17, 4, 5) }
    }
    padded_volume(1, 1) Net: {
        pub struct Net: [2, 3, 4, 5] -> [5, 4, 5, 8] {
            Conv3d(2, 16, 1), ReflectionPad3d((1, 2, 3, 0, 2, 1)), Conv3d(16, 6, 3), ReplicationPad3d((0, 1, 1, 1, 0, 2)), Conv3d(6, 5, (3, 3, 1)), ConstantPad3d((1, 0, 0, 0, 0, 0), 2.0),
        }
    }
    padded_channels(1, 1) Net: {
        pub struct Net: [3, 5, 6] -> [6, 6, 5] { Conv2d(3, 4, 1), ConstantPad3d((0, -1, 1, 0, 1, 1), 3.0), }
    }
    padded_flat(1, 1) Net: {
        pub struct Net: [3, 2, 2] -> [4] { a: Conv2d(3, 3, 1), fc: Linear(15, 4) }
        forward(x) { fc(pad(flatten(a(x), 1), (1, 2), value = 0.5)) }
    }
    instances(1, 1) Net: {
        pub struct Net: [3, 11, 13] -> [66, 4, 5] {
            Conv2d(3, 37, 3), InstanceNorm2d(37), ReLU, Conv2d(37, 130, 3, padding = 1), InstanceNorm2d(130, affine = true), ReLU6,
            MaxPool2d(2), InstanceNorm2d(130, affine = true, eps = 0.1), Conv2d(130, 66, 1), InstanceNorm2d(66),
        }
    }
    instances_kept(1, 1) Net: {
        pub struct Net: [5, 6, 7] {
            Conv2d(5, 20, 3), InstanceNorm2d(20, affine = true, track_running_stats = true), ReLU, MaxPool2d(2), InstanceNorm2d(20, track_running_stats = true), Hardtanh,
        }
    }
    instances_of_all(1, 1) Net: {
        pub struct Net: [4, 3, 5, 6] { InstanceNorm3d(4), Conv3d(4, 18, (2, 1, 3)), InstanceNorm3d(18, affine = true), BatchNorm3d(18, track_running_stats = false), ReLU, Conv3d(18, 2, 1) }
    }
    groups_of_channels(1, 1) Net: {
        pub struct Net: [6, 9, 8] -> [48, 7, 6] {
            a: Conv2d(6, 48, 3), g1: GroupNorm(4, 48), b: Conv2d(48, 48, 3, padding = 1), g2: GroupNorm(1, 48), g3: GroupNorm(48, 48, affine = false), c: Conv2d(48, 48, 1),
        }
        forward(x) {
            let x = relu(g1(a(x)));
            let y = relu(g2(b(x)) + x);
            group_norm(c(instance_norm(y)), 3) + g3(y)
        }
    }
    groups_of_few(1, 1) Net: { pub struct Net: [15, 17] -> [5, 17] { GroupNorm(5, 15), SiLU, Conv1d(15, 33, 1), GroupNorm(11, 33), Conv1d(33, 5, 1) } }
    groups_of_numbers(1, 1) Net: { pub struct Net: [24] -> [6] { Linear(24, 36), GroupNorm(6, 36), ReLU, Linear(36, 6) } }
    residual_instances(1, 1) Net: {
        pub struct Net: [16, 8, 8] {
            a: Conv2d(16, 16, 3), na: InstanceNorm2d(16), b: Conv2d(16, 16, 3), nb: InstanceNorm2d(16), p: ReflectionPad2d(1),
        }
        forward(x) {
            let y = x + nb(b(p(relu(na(a(p(x)))))));
            relu(nb(y) + y)
        }
    }
    surrounded(1, 1) Net: {
        pub struct Net: [3, 6, 7] {
            Conv2d(3, 20, 1), InstanceNorm2d(20), ReLU, ReflectionPad2d((1, 2, 3, 1)), Conv2d(20, 18, 3), GroupNorm(3, 18), CircularPad2d((0, 2, 1, 3)), Conv2d(18, 21, 3),
            InstanceNorm2d(21, affine = true), ReplicationPad2d((2, 0, 0, 4)), Conv2d(21, 67, 3), InstanceNorm2d(67), ReLU6, ConstantPad2d((1, 3, 0, 2), 1.5), Conv2d(67, 17, 2),
            InstanceNorm2d(17), Conv2d(17, 16, 3, stride = 2, padding = 2), InstanceNorm2d(16), Conv2d(16, 19, 3, padding = 1, padding_mode = "reflect"),
            InstanceNorm2d(19), Conv2d(19, 19, 5, padding = 2, groups = 19), InstanceNorm2d(19), Conv2d(19, 19, 3, padding = 1, groups = 19), InstanceNorm2d(19), ZeroPad2d((1, -1, 1, 0)),
            Conv2d(19, 3, 3, padding = 1), InstanceNorm2d(3), ZeroPad2d(1), Conv2d(3, 20, 3, padding = 1), InstanceNorm2d(20), ReflectionPad2d(1),
        }
    }
    surrounded_volume(1, 1) Net: {
        pub struct Net: [2, 3, 4, 5] {
            Conv3d(2, 17, 1), InstanceNorm3d(17), ReplicationPad3d((1, 2, 0, 1, 2, 1)), Conv3d(17, 16, 2), InstanceNorm3d(16), ReflectionPad3d((1, 2, 0, 1, 2, 1)), Conv3d(16, 5, (3, 2, 3)),
            InstanceNorm3d(5), Conv3d(5, 18, 3, padding = (1, 0, 2)),
        }
    }
    surrounded_twice(1, 1) Net: {
        pub struct Net: [3, 6, 7] -> [17, 6, 7] {
            a: Conv2d(3, 17, 3, padding = 1), na: InstanceNorm2d(17), drop: Dropout(0.5), b: Conv2d(17, 17, 3, padding = 1), p: ReflectionPad2d(1), c: Conv2d(17, 17, 3), nc: InstanceNorm2d(17),
        }
        forward(x) {
            let y = relu(na(a(x)));
            let z = c(p(drop(y)));
            let y = nc(z) + y;
            b(y) + c(p(y)) + b(nc(b(y)))
        }
    }
    transposed(1, 1) Net: {
        pub struct Net: [5, 4, 6] -> [3, 35, 52] {
            ConvTranspose2d(5, 37, 3, stride = 2, padding = 1, output_padding = 1), BatchNorm2d(37), ReLU,
            ConvTranspose2d(37, 18, 4, stride = 2, padding = 1, bias = false), ReLU6, ConvTranspose2d(18, 3, 5, stride = (2, 2), padding = 0, output_padding = (0, 1)), Conv2d(3, 3, (1, 1)), Tanh,
        }
    }
    transposed_far(1, 1) Net: {
        pub struct Net: [16, 2, 2] {
            ConvTranspose2d(16, 20, (5, 7), stride = (3, 4), padding = (2, 1), output_padding = (2, 0)), InstanceNorm2d(20), ReLU,
            ConvTranspose2d(20, 9, 3, stride = 2, dilation = 3, padding = 4), ConvTranspose2d(9, 24, 3, dilation = 2, padding = 2), ReLU,
            ConvTranspose2d(24, 32, 3, stride = 2, groups = 4, padding = 1), ConvTranspose2d(32, 7, 2, stride = 2), ConvTranspose2d(7, 6, 1, stride = 2),
        }
    }
    transposed_groups(1, 1) Net: {
        pub struct Net: [6, 4, 4] { ConvTranspose2d(6, 8, 3, stride = 2, groups = 2), ConvTranspose2d(8, 8, 4, stride = 2, padding = 1, groups = 8), ConvTranspose2d(8, 1, 2, stride = 2) }
    }
    transposed_lines(1, 1) Net: {
        pub struct Net: [9, 7] { ConvTranspose1d(9, 33, 8, stride = 4, padding = 2), LeakyReLU(0.1), ConvTranspose1d(33, 2, 5, stride = 3, output_padding = 2), }
    }
    transposed_volume(1, 1) Net: {
        pub struct Net: [7, 2, 3, 4] { ConvTranspose3d(7, 17, (3, 4, 2), stride = 2, padding = (1, 1, 0), output_padding = (1, 0, 0)), ReLU, ConvTranspose3d(17, 3, 2, stride = (1, 2, 3), output_padding = (0, 1, 2)) }
    }
    transposed_small(1, 1) Net: {
        pub struct Net: [10, 1, 1] { ConvTranspose2d(10, 32, 4), BatchNorm2d(32), ReLU, ConvTranspose2d(32, 16, 4, stride = 2, padding = 1), BatchNorm2d(16), ReLU, ConvTranspose2d(16, 1, 1) }
    }
    transposed_and_added(1, 1) Net: {
        pub struct Net: [8, 5, 5] { up: ConvTranspose2d(8, 12, 3, stride = 2), side: Conv2d(8, 12, 1), large: Upsample((11, 11)), again: ConvTranspose2d(12, 12, 3, padding = 1), }
        forward(x) {
            let y = relu(up(x) + side(large(x)));
            relu(again(y) + y)
        }
    }
    transposed_one(1, 1) Net: { pub struct Net: [4, 1, 1] -> [20, 1, 1] { Conv2d(4, 33, 1), ConvTranspose2d(33, 20, 1, stride = 3) } }
    larger(1, 1) Net: {
        pub struct Net: [3, 5, 7] {
            Conv2d(3, 19, 3, padding = 1), Upsample(scale_factor = 2), Conv2d(19, 21, 3, padding = 1), Upsample(scale_factor = 2, mode = "bilinear"), ReLU,
            Conv2d(21, 8, 1), Upsample((13, 31), mode = "bicubic"), UpsamplingBilinear2d((29, 17)), Conv2d(8, 16, 1), UpsamplingNearest2d((7, 45)), Upsample((9, 9), mode = "area"),
        }
    }
    larger_lines(1, 1) Net: { pub struct Net: [3, 5] { Conv1d(3, 17, 1), Upsample(scale_factor = 2.7, mode = "linear"), Conv1d(17, 4, 3), Upsample(31, mode = "nearest-exact"), Conv1d(4, 20, 1) } }
    larger_volume(1, 1) Net: { pub struct Net: [3, 2, 3, 4] { Conv3d(3, 18, 1), Upsample(scale_factor = (2, 1.5, 3), mode = "trilinear", align_corners = true), Conv3d(18, 4, 1) } }
    shuffled(1, 1) Net: {
        pub struct Net: [3, 6, 4] {
            Conv2d(3, 36, 3, padding = 1), PixelShuffle(3), Conv2d(4, 20, 3, padding = 1), PixelUnshuffle(2), ChannelShuffle(5), Conv2d(80, 8, 1), ChannelShuffle(2), PixelShuffle(2),
        }
    }
    few_outputs(1, 1) Net: {
        pub struct Net: [3, 9, 41] {
            Conv2d(3, 40, 3, padding = 1), ReLU, Conv2d(40, 4, (3, 2), stride = (1, 2), padding = 1), ReLU6, Conv2d(4, 73, 1), BatchNorm2d(73), Conv2d(73, 1, 5, padding = 2),
            Conv2d(1, 37, 1), Conv2d(37, 2, (5, 1), dilation = (2, 1)),
        }
    }
    few_outputs_beside(1, 1) Net: {
        pub struct Net: [3, 6, 27] { wide: Conv2d(3, 21, 1), few: Conv2d(21, 3, 7, padding = 3, padding_mode = "reflect"), half: Conv2d(21, 3, 3, padding = 1), narrow: Conv2d(3, 3, 1) }
        forward(x) {
            let y = wide(x);
            few(y) + relu(half(y) + narrow(few(y)))
        }
    }
    few_outputs_of_all(1, 1) Net: { pub struct Net: [2, 5, 6, 9] { Conv3d(2, 33, 1), Conv3d(33, 3, (2, 3, 2), stride = (2, 1, 1), padding = (1, 0, 1)), } }
    unet(1, 1) Net: {
        pub struct Net: [1, 12, 16] -> [2, 12, 16] {
            a: Conv2d(1, 16, 3, padding = 1), na: BatchNorm2d(16), b: Conv2d(16, 32, 3, padding = 1), nb: BatchNorm2d(32),
            up: ConvTranspose2d(32, 16, 2, stride = 2), c: Conv2d(32, 16, 3, padding = 1), large: Upsample(scale_factor = 2, mode = "bilinear"), d: Conv2d(48, 2, 1),
        }
        forward(x) {
            let x = relu(na(a(x)));
            let y = relu(nb(b(max_pool2d(x, 2))));
            let z = relu(c(cat([x, up(y)], dim = 1)));
            d(cat([large(y), z], dim = 1))
        }
    }
    activations(1, 1) Net: {
        pub struct Net: [3, 6, 5] { Conv2d(3, 20, 3), PReLU, InstanceNorm2d(20), LeakyReLU(0.2), PReLU(20), Conv2d(20, 20, 1), GELU, Softplus, ConvTranspose2d(20, 4, 3), SiLU, Sigmoid }
    }
    cyclegan(1, 1) Net: {
        pub struct Net: [3, 16, 20] -> [3, 16, 20] {
            ReflectionPad2d(3), Conv2d(3, 24, 7), InstanceNorm2d(24), ReLU, Conv2d(24, 40, 3, stride = 2, padding = 1), InstanceNorm2d(40), ReLU,
            crate::Changed(40), crate::Changed(40), ConvTranspose2d(40, 24, 3, stride = 2, padding = 1, output_padding = 1), InstanceNorm2d(24), ReLU,
            ReflectionPad2d(3), Conv2d(24, 3, 7), Tanh,
        }
    }
    double(1, 1) Net: {
        #[element(f64)]
        pub struct Net: [3, 6, 6] -> [2, 15, 17] {
            ReflectionPad2d(1), Conv2d(3, 18, 3), InstanceNorm2d(18, affine = true), ReLU, GroupNorm(2, 18), ConvTranspose2d(18, 19, 3, stride = 2, output_padding = (0, 1)),
            Conv2d(19, 2, 3, padding = 1), Upsample((15, 17), mode = "bilinear"),
        }
    }
}

block! {
    /// A residual block of pictures.
    pub(crate) Changed(c) {
        block: [ReflectionPad2d(1), Conv2d(c, c, 3), InstanceNorm2d(c), ReLU, ReflectionPad2d(1), Conv2d(c, c, 3), InstanceNorm2d(c)],
    }
    forward(x) { x + block(x) }
}

/// Statistics are as exact as the numbers: far from zero, of outliers, of one value for all.
#[test]
fn statistics_of_awkward_numbers() {
    let (channels, places) = (21, 150);
    let mut random = nn::seed(3);
    let mut number = || f64::from(random.next_u32()) / f64::from(u32::MAX) - 0.5;
    let kinds: [fn(usize, f64) -> f64; 5] = [
        |_, noise| 1e4 + noise,
        // Every sixteenth place is what the first mean is made of.
        |place, noise| if place % 16 == 0 { 1e3 } else { noise },
        |place, noise| if place % 16 == 1 { 1e3 } else { noise },
        |place, noise| 1e-3 * noise + if place < 75 { -5.0 } else { 5.0 },
        |_, noise| 1e-6 * noise,
    ];
    for kind in kinds {
        let input: Vec<f32> = (0..places * channels).map(|at| kind(at / channels, number()) as f32).collect();
        for groups in [channels, 7, 1] {
            let of = channels / groups;
            let around = PadGeometry::nothing(channels, places);
            let work = Work::Norm { around, value: 0.0, groups, eps: 1e-12 };
            for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
                let step = [Step::new(work, [Place::Input, Place::None], Place::Output)];
                let (mut packed, mut arena) = (vec![0.0; work.packed()], vec![f32::NAN; work.scratch()]);
                f32::frozen_pack(isa, &step, &[], None, &mut packed);
                let mut output = vec![f32::NAN; input.len()];
                let inputs = &[input.as_slice()][..];
                let memory =
                    Memory { packed: &packed, squares: false, arena: &mut arena, inputs, outputs: &mut [&mut output] };
                f32::frozen_run(isa, Program::new(&step, &[]), memory);
                for group in 0..groups {
                    let own = || (0..input.len()).filter(move |at| at % channels / of == group);
                    let count = (of * places) as f64;
                    let mean = own().map(|at| f64::from(input[at])).sum::<f64>() / count;
                    let distance = |at: usize| f64::from(input[at]) - mean;
                    let deviation = (own().map(|at| distance(at) * distance(at)).sum::<f64>() / count + 1e-12).sqrt();
                    let largest = own().map(|at| f64::from(input[at]).abs()).fold(0.0, f64::max);
                    // A number itself is no more exact than that.
                    let bound = 2.0 * f64::from(f32::EPSILON) * (largest / deviation + 20.0);
                    for at in own() {
                        let (found, expected) = (f64::from(output[at]), distance(at) / deviation);
                        let error = (found - expected).abs();
                        assert!(error <= bound * expected.abs().max(1.0), "{isa:?}, [{at}]: {found}, not {expected}");
                    }
                }
            }
        }
    }
}
