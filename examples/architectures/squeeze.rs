//! Squeeze and excitation ([Hu et al. 2017](https://arxiv.org/abs/1709.01507)): channels weighted by what the whole picture holds.

use nn::prelude::*;

block! {
    /// A factor for each channel.
    pub SqueezeExcitation(channels, reduction = 4) {
        avgpool: AdaptiveAvgPool2d(1),
        fc1: Conv2d(channels, channels / reduction, 1),
        fc2: Conv2d(channels / reduction, channels, 1),
    }
    forward(x) {
        x * sigmoid(fc2(relu(fc1(avgpool(x)))))
    }
}

network! {
    /// A convolution with squeeze and excitation behind it.
    pub struct SqueezeNet: [3, 15, 17] -> [24, 8, 9] {
        conv: [Conv2d(3, 24, 3, stride = 2, padding = 1, bias = false), BatchNorm2d(24), SiLU],
        se: SqueezeExcitation(24),
        project: Conv2d(24, 24, 1),
    }
}
