//! MobileNetV1 ([Howard et al. 2017](https://arxiv.org/abs/1704.04861)), a quarter as wide, for 96x96 pictures: MLPerf Tiny's "person or not".

use nn::prelude::*;

block! {
    /// Each channel by itself, then all channels at each pixel.
    pub Separable(cin, cout, stride = 1) (
        Conv2d(cin, cin, 3, stride = stride, padding = 1, groups = cin, bias = false), BatchNorm2d(cin), ReLU,
        Conv2d(cin, cout, 1, bias = false), BatchNorm2d(cout), ReLU,
    )
}

network! {
    /// MobileNetV1-0.25 at 96.
    pub struct MobileNet: [3, 96, 96] -> [2] {
        stem: [Conv2d(3, 8, 3, stride = 2, padding = 1, bias = false), BatchNorm2d(8), ReLU],
        layers: [
            Separable(8, 16),
            Separable(16, 32, stride = 2),
            Separable(32, 32),
            Separable(32, 64, stride = 2),
            Separable(64, 64),
            Separable(64, 128, stride = 2),
            [Separable(128, 128); 5],
            Separable(128, 256, stride = 2),
            Separable(256, 256),
        ],
        pool: AdaptiveAvgPool2d(1),
        flatten: Flatten,
        fc: Linear(256, 2),
    }
}
