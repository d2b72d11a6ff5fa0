//! The networks of `models.py`, under the same names in the state_dict.

use nn::prelude::*;

macro_rules! networks {
    ($($module:ident { $($tokens:tt)* })*) => {
        $(pub mod $module {
            use super::*;
            network! { $($tokens)* }
        })*
    };
}

block! {
    pub Res8(width) {
        conv1: Conv2d(width, width, 3, padding = 1),
        bn1: BatchNorm2d(width),
        conv2: Conv2d(width, width, 3, padding = 1),
        bn2: BatchNorm2d(width),
    }
    forward(x) {
        relu(bn2(conv2(relu(bn1(conv1(x))))) + x)
    }
}

block! {
    pub Res8Down(cin, cout) {
        conv1: Conv2d(cin, cout, 3, stride = 2, padding = 1),
        bn1: BatchNorm2d(cout),
        conv2: Conv2d(cout, cout, 3, padding = 1),
        bn2: BatchNorm2d(cout),
        shortcut: Conv2d(cin, cout, 1, stride = 2),
    }
    forward(x) {
        relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x))
    }
}

block! {
    pub Basic(width) {
        conv1: Conv2d(width, width, 3, padding = 1, bias = false),
        bn1: BatchNorm2d(width),
        conv2: Conv2d(width, width, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(width),
    }
    forward(x) {
        relu(bn2(conv2(relu(bn1(conv1(x))))) + x)
    }
}

block! {
    pub Down(cin, cout) {
        conv1: Conv2d(cin, cout, 3, stride = 2, padding = 1, bias = false),
        bn1: BatchNorm2d(cout),
        conv2: Conv2d(cout, cout, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(cout),
        downsample: [Conv2d(cin, cout, 1, stride = 2, bias = false), BatchNorm2d(cout)],
    }
    forward(x) {
        relu(bn2(conv2(relu(bn1(conv1(x))))) + downsample(x))
    }
}

block! {
    pub CgBlock(width) {
        conv_block: [
            ReflectionPad2d(1), Conv2d(width, width, 3), InstanceNorm2d(width), ReLU,
            ReflectionPad2d(1), Conv2d(width, width, 3), InstanceNorm2d(width),
        ],
    }
    forward(x) {
        x + conv_block(x)
    }
}

networks! {
    mlp_6_64_8_4 { pub struct Net: [6] -> [4] (Linear(6, 64), ReLU, Linear(64, 8), ReLU, Linear(8, 4)); }
    mlp_64_32_10 { pub struct Net: [64] -> [10] (Linear(64, 32), ReLU, Linear(32, 10)); }
    mlp { pub struct Net: [784] -> [10] (Linear(784, 256), ReLU, Linear(256, 128), ReLU, Linear(128, 10)); }
    digits_cnn {
        pub struct Net: [1, 8, 8] -> [10] (
            Conv2d(1, 16, 3, padding = 1), ReLU, Conv2d(16, 32, 3, padding = 1), ReLU, MaxPool2d(2), Flatten,
            Linear(512, 64), ReLU, Linear(64, 10)
        );
    }
    lenet5 {
        pub struct Net: [1, 28, 28] -> [10] (
            Conv2d(1, 6, 5, padding = 2), ReLU, MaxPool2d(2), Conv2d(6, 16, 5), ReLU, MaxPool2d(2), Flatten,
            Linear(400, 120), ReLU, Linear(120, 84), ReLU, Linear(84, 10)
        );
    }
    conv_128_256_4 { pub struct Net: [128, 28, 28] -> [256, 25, 25] (Conv2d(128, 256, 4)); }
    lstm_audio {
        pub struct Net: ([1, 1], [1, 20], [1, 20]) -> ([1, 1], [1, 20], [1, 20]) { lstm: LSTM(1, 20), dense: Linear(20, 1) }
        forward(x, h, c) {
            let (y, (h, c)) = lstm(x, (h, c));
            (dense(y), h, c)
        }
    }
    gru_audio {
        pub struct Net: ([1, 1], [1, 20]) -> ([1, 1], [1, 20]) { gru: GRU(1, 20), dense: Linear(20, 1) }
        forward(x, h) {
            let (y, h) = gru(x, h);
            (dense(y), h)
        }
    }
    lstm_block {
        pub struct Net: ([512, 1], [1, 20], [1, 20]) -> ([512, 1], [1, 20], [1, 20]) { lstm: LSTM(1, 20), dense: Linear(20, 1) }
        forward(x, h, c) {
            let (y, (h, c)) = lstm(x, (h, c));
            (dense(y), h, c)
        }
    }
    dscnn {
        pub struct Net: [1, 49, 10] -> [12] (
            Conv2d(1, 64, (10, 4), stride = 2, padding = (5, 1)), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            AvgPool2d((25, 5)), Flatten, Linear(64, 12)
        );
    }
    resnet8 {
        pub struct Net: [3, 32, 32] -> [10] {
            stem: [Conv2d(3, 16, 3, padding = 1), BatchNorm2d(16), ReLU],
            block1: Res8(16), block2: Res8Down(16, 32), block3: Res8Down(32, 64),
            pool: AvgPool2d(8), Flatten, fc: Linear(64, 10),
        }
    }
    resnet18 {
        pub struct Net: [3, 224, 224] -> [1000] {
            conv1: Conv2d(3, 64, 7, stride = 2, padding = 3, bias = false),
            bn1: BatchNorm2d(64), ReLU, MaxPool2d(3, stride = 2, padding = 1),
            layer1: [Basic(64), Basic(64)], layer2: [Down(64, 128), Basic(128)],
            layer3: [Down(128, 256), Basic(256)], layer4: [Down(256, 512), Basic(512)],
            AdaptiveAvgPool2d(1), Flatten, fc: Linear(512, 1000),
        }
    }
    cyclegan_gen {
        pub struct Net: [3, 128, 128] -> [3, 128, 128] {
            model: [
                ReflectionPad2d(3), Conv2d(3, 64, 7), InstanceNorm2d(64), ReLU,
                Conv2d(64, 128, 3, stride = 2, padding = 1), InstanceNorm2d(128), ReLU,
                Conv2d(128, 256, 3, stride = 2, padding = 1), InstanceNorm2d(256), ReLU,
                CgBlock(256), CgBlock(256), CgBlock(256), CgBlock(256), CgBlock(256), CgBlock(256), CgBlock(256), CgBlock(256), CgBlock(256),
                ConvTranspose2d(256, 128, 3, stride = 2, padding = 1, output_padding = 1), InstanceNorm2d(128), ReLU,
                ConvTranspose2d(128, 64, 3, stride = 2, padding = 1, output_padding = 1), InstanceNorm2d(64), ReLU,
                ReflectionPad2d(3), Conv2d(64, 3, 7), Tanh,
            ],
        }
    }
    lstm_64_128 {
        pub struct Net: [64, 64] -> [10] { lstm: LSTM(64, 128), fc: Linear(128, 10) }
        forward(x) {
            let (y, _) = lstm(x);
            fc(select(y, 1, 63))
        }
    }
    transformer_128 {
        pub struct Net: [64, 128] -> [10] {
            encoder: TransformerEncoder(TransformerEncoderLayer(128, 4, 512, dropout = 0.0, activation = "gelu", norm_first = true), 4),
            fc: Linear(128, 10),
        }
        forward(x) { fc(mean(encoder(x), dim = 1)) }
    }
    tiny_autoencoder {
        pub struct Net: [640] -> [640] (
            Linear(640, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU,
            Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 8), BatchNorm1d(8), ReLU, Linear(8, 128), BatchNorm1d(128), ReLU,
            Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU,
            Linear(128, 640)
        );
    }
    mobilenet_v1_025 {
        pub struct Net: [3, 96, 96] -> [2] (
            Conv2d(3, 8, 3, stride = 2, padding = 1, bias = false), BatchNorm2d(8), ReLU,
            Conv2d(8, 8, 3, padding = 1, groups = 8, bias = false), BatchNorm2d(8), ReLU, Conv2d(8, 16, 1, bias = false), BatchNorm2d(16), ReLU,
            Conv2d(16, 16, 3, 2, 1, groups = 16, bias = false), BatchNorm2d(16), ReLU, Conv2d(16, 32, 1, bias = false), BatchNorm2d(32), ReLU,
            Conv2d(32, 32, 3, 1, 1, groups = 32, bias = false), BatchNorm2d(32), ReLU, Conv2d(32, 32, 1, bias = false), BatchNorm2d(32), ReLU,
            Conv2d(32, 32, 3, 2, 1, groups = 32, bias = false), BatchNorm2d(32), ReLU, Conv2d(32, 64, 1, bias = false), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, 1, 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1, bias = false), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, 2, 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, 1, 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, 1, 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, 1, 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, 1, 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, 1, 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, 2, 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 256, 1, bias = false), BatchNorm2d(256), ReLU,
            Conv2d(256, 256, 3, 1, 1, groups = 256, bias = false), BatchNorm2d(256), ReLU, Conv2d(256, 256, 1, bias = false), BatchNorm2d(256), ReLU,
            AvgPool2d(3), Flatten, Linear(256, 2)
        );
    }
}
