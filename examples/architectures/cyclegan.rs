//! The generator of CycleGAN ([Zhu et al. 2017](https://arxiv.org/abs/1703.10593)): a picture becomes another of the same size.

use nn::prelude::*;

block! {
    /// A convolution with mirrored borders, each picture and channel normalised by itself, an activation.
    pub ConvBlock(cin, cout, kernel_size, stride = 1, padding = 0, act = ReLU) {
        conv: [
            Conv2d(cin, cout, kernel_size, stride = stride, padding = padding, padding_mode = "reflect"),
            InstanceNorm2d(cout),
            act,
        ],
    }
}

block! {
    /// Twice the height and width; `output_padding` says which of the two sizes that a stride of 2 could have come from.
    pub UpBlock(cin, cout) {
        conv: [
            ConvTranspose2d(cin, cout, 3, stride = 2, padding = 1, output_padding = 1),
            InstanceNorm2d(cout),
            ReLU,
        ],
    }
}

block! {
    /// Two convolutions and the input added behind them.
    pub ResidualBlock(width) {
        block: [
            ConvBlock(width, width, 3, padding = 1),
            ConvBlock(width, width, 3, padding = 1, act = Identity),
        ],
    }
    forward(x) {
        x + block(x)
    }
}

block! {
    /// Down to a quarter of height and width, `num_residuals` changes there, and up again: colours from -1 to 1.
    pub Generator(img_channels, num_features = 64, num_residuals = 9) {
        initial: [
            Conv2d(img_channels, num_features, 7, padding = 3, padding_mode = "reflect"),
            InstanceNorm2d(num_features),
            ReLU,
        ],
        down_blocks: [
            ConvBlock(num_features, 2 * num_features, 3, stride = 2, padding = 1),
            ConvBlock(2 * num_features, 4 * num_features, 3, stride = 2, padding = 1),
        ],
        res_blocks: [ResidualBlock(4 * num_features); num_residuals],
        up_blocks: [UpBlock(4 * num_features, 2 * num_features), UpBlock(2 * num_features, num_features)],
        last: Conv2d(num_features, img_channels, 7, padding = 3, padding_mode = "reflect"),
        tanh: Tanh,
    }
}

network! {
    /// The generator for 256x256 pictures.
    pub struct CycleGan: [3, 256, 256] -> [3, 256, 256] {
        #[key = ""]
        generator: Generator(3),
    }
}
