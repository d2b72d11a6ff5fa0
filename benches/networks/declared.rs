//! The networks that are measured.

use crate::Row;

#[allow(dead_code)]
#[path = "../../examples/architectures/resnet.rs"]
mod resnet;

nn::block! {
    /// CycleGAN's residual block.
    pub(crate) Changed(c) {
        block: [ReflectionPad2d(1), Conv2d(c, c, 3), InstanceNorm2d(c), ReLU, ReflectionPad2d(1), Conv2d(c, c, 3), InstanceNorm2d(c)],
    }
    forward(x) { x + block(x) }
}

macro_rules! networks {
    ($($module:ident { $($tokens:tt)* })*) => {
        $(mod $module {
            #[allow(unused_imports)]
            use super::Changed;
            use nn::prelude::*;
            network! { $($tokens)* }
        })*
        pub(crate) fn all(row: &impl Row) {
            $(row.of::<$module::Net>(stringify!($module));)*
            row.of::<resnet::ResNet18>("resnet_18");
        }
    };
}

networks! {
    mlp_64_32_10 { pub struct Net: [64] -> [10] (Linear(64, 32), ReLU, Linear(32, 10)); }
    mlp_6_64_8_4 { pub struct Net: [6] -> [4] (Linear(6, 64), ReLU, Linear(64, 8), ReLU, Linear(8, 4)); }
    conv_128_256_4 { pub struct Net: [128, 28, 28] -> [256, 25, 25] (Conv2d(128, 256, 4)); }
    mlp_784 { pub struct Net: [784] -> [10] (Linear(784, 256), ReLU, Linear(256, 128), ReLU, Linear(128, 10)); }
    autoencoder {
        pub struct Net: [640] -> [640] (
            Linear(640, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU,
            Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 8), BatchNorm1d(8), ReLU, Linear(8, 128), BatchNorm1d(128), ReLU,
            Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU, Linear(128, 128), BatchNorm1d(128), ReLU,
            Linear(128, 640)
        );
    }
    digits {
        pub struct Net: [1, 8, 8] -> [10] {
            Conv2d(1, 16, 3, padding = 1), ReLU, Conv2d(16, 32, 3, padding = 1), ReLU, MaxPool2d(2), Flatten,
            Linear(512, 64), ReLU, Linear(64, 10),
        }
    }
    lenet {
        pub struct Net: [1, 28, 28] -> [10] {
            Conv2d(1, 6, 5, padding = 2), ReLU, MaxPool2d(2), Conv2d(6, 16, 5), ReLU, MaxPool2d(2), Flatten,
            Linear(400, 120), ReLU, Linear(120, 84), ReLU, Linear(84, 10),
        }
    }
    ds_cnn {
        pub struct Net: [1, 49, 10] -> [12] {
            Conv2d(1, 64, (10, 4), stride = 2, padding = (5, 1)), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1), BatchNorm2d(64), ReLU,
            AvgPool2d((25, 5)), Flatten, Linear(64, 12),
        }
    }
    mobilenet_025 {
        pub struct Net: [3, 96, 96] -> [2] {
            Conv2d(3, 8, 3, stride = 2, padding = 1, bias = false), BatchNorm2d(8), ReLU,
            Conv2d(8, 8, 3, padding = 1, groups = 8, bias = false), BatchNorm2d(8), ReLU, Conv2d(8, 16, 1, bias = false), BatchNorm2d(16), ReLU,
            Conv2d(16, 16, 3, stride = 2, padding = 1, groups = 16, bias = false), BatchNorm2d(16), ReLU, Conv2d(16, 32, 1, bias = false), BatchNorm2d(32), ReLU,
            Conv2d(32, 32, 3, padding = 1, groups = 32, bias = false), BatchNorm2d(32), ReLU, Conv2d(32, 32, 1, bias = false), BatchNorm2d(32), ReLU,
            Conv2d(32, 32, 3, stride = 2, padding = 1, groups = 32, bias = false), BatchNorm2d(32), ReLU, Conv2d(32, 64, 1, bias = false), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 64, 1, bias = false), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, stride = 2, padding = 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 128, 1, bias = false), BatchNorm2d(128), ReLU,
            Conv2d(128, 128, 3, stride = 2, padding = 1, groups = 128, bias = false), BatchNorm2d(128), ReLU, Conv2d(128, 256, 1, bias = false), BatchNorm2d(256), ReLU,
            Conv2d(256, 256, 3, padding = 1, groups = 256, bias = false), BatchNorm2d(256), ReLU, Conv2d(256, 256, 1, bias = false), BatchNorm2d(256), ReLU,
            AvgPool2d(3), Flatten, Linear(256, 2),
        }
    }
    resnet_8 {
        pub struct Net: [3, 32, 32] -> [10] {
            stem: Conv2d(3, 16, 3, padding = 1), bn: BatchNorm2d(16),
            a1: Conv2d(16, 16, 3, padding = 1), an1: BatchNorm2d(16), a2: Conv2d(16, 16, 3, padding = 1), an2: BatchNorm2d(16),
            b1: Conv2d(16, 32, 3, stride = 2, padding = 1), bn1: BatchNorm2d(32), b2: Conv2d(32, 32, 3, padding = 1), bn2: BatchNorm2d(32),
            bs: Conv2d(16, 32, 1, stride = 2),
            c1: Conv2d(32, 64, 3, stride = 2, padding = 1), cn1: BatchNorm2d(64), c2: Conv2d(64, 64, 3, padding = 1), cn2: BatchNorm2d(64),
            cs: Conv2d(32, 64, 1, stride = 2), fc: Linear(64, 10),
        }
        forward(x) {
            let x = relu(bn(stem(x)));
            let x = relu(an2(a2(relu(an1(a1(x))))) + x);
            let x = relu(bn2(b2(relu(bn1(b1(x))))) + bs(x));
            let x = relu(cn2(c2(relu(cn1(c1(x))))) + cs(x));
            fc(flatten(avg_pool2d(x, 8), 1))
        }
    }
    lstm_stream {
        pub struct Net: ([1], [20], [20]) -> ([1], [20], [20]) { lstm: LSTMCell(1, 20), fc: Linear(20, 1) }
        forward(x, h, c) { let (h, c) = lstm(x, (h, c)); (fc(h), h, c) }
    }
    gru_stream {
        pub struct Net: ([1], [20]) -> ([1], [20]) { gru: GRUCell(1, 20), fc: Linear(20, 1) }
        forward(x, h) { let h = gru(x, h); (fc(h), h) }
    }
    lstm_block_2048 {
        pub struct Net: [2048, 1] -> [2048, 1] { lstm: LSTM(1, 20), fc: Linear(20, 1) }
        forward(x) { let (y, _) = lstm(x); fc(y) }
    }
    dense_4 { pub struct Net: [4] -> [4] (Linear(4, 4), Tanh); }
    conv1d_4 { pub struct Net: [4, 3] -> [4, 1] (Conv1d(4, 4, 3), Tanh); }
    conv1d_stream_4 {
        pub struct Net: ([4, 1], [4, 2]) -> ([4, 1], [4, 2]) { layer: Conv1d(4, 4, 3) }
        forward(x, past) { let window = cat([past, x], dim = 2); (layer(window), narrow(window, 2, 1, 2)) }
    }
    gru_4 {
        pub struct Net: ([4], [4]) -> [4] { rnn: GRUCell(4, 4) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_4 {
        pub struct Net: ([4], [4], [4]) -> ([4], [4]) { rnn: LSTMCell(4, 4) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_8 { pub struct Net: [8] -> [8] (Linear(8, 8), Tanh); }
    conv1d_8 { pub struct Net: [8, 3] -> [8, 1] (Conv1d(8, 8, 3), Tanh); }
    conv1d_stream_8 {
        pub struct Net: ([8, 1], [8, 6]) -> ([8, 1], [8, 6]) { layer: Conv1d(8, 8, 7) }
        forward(x, past) { let window = cat([past, x], dim = 2); (layer(window), narrow(window, 2, 1, 6)) }
    }
    gru_8 {
        pub struct Net: ([8], [8]) -> [8] { rnn: GRUCell(8, 8) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_8 {
        pub struct Net: ([8], [8], [8]) -> ([8], [8]) { rnn: LSTMCell(8, 8) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_16 { pub struct Net: [16] -> [16] (Linear(16, 16), Tanh); }
    conv1d_16 { pub struct Net: [16, 3] -> [16, 1] (Conv1d(16, 16, 3), Tanh); }
    conv1d_stream_16 {
        pub struct Net: ([16, 1], [16, 14]) -> ([16, 1], [16, 14]) { layer: Conv1d(16, 16, 15) }
        forward(x, past) { let window = cat([past, x], dim = 2); (layer(window), narrow(window, 2, 1, 14)) }
    }
    gru_16 {
        pub struct Net: ([16], [16]) -> [16] { rnn: GRUCell(16, 16) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_16 {
        pub struct Net: ([16], [16], [16]) -> ([16], [16]) { rnn: LSTMCell(16, 16) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_32 { pub struct Net: [32] -> [32] (Linear(32, 32), Tanh); }
    conv1d_32 { pub struct Net: [32, 3] -> [32, 1] (Conv1d(32, 32, 3), Tanh); }
    conv1d_stream_32 {
        pub struct Net: ([32, 1], [32, 30]) -> ([32, 1], [32, 30]) { layer: Conv1d(32, 32, 31) }
        forward(x, past) { let window = cat([past, x], dim = 2); (layer(window), narrow(window, 2, 1, 30)) }
    }
    gru_32 {
        pub struct Net: ([32], [32]) -> [32] { rnn: GRUCell(32, 32) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_32 {
        pub struct Net: ([32], [32], [32]) -> ([32], [32]) { rnn: LSTMCell(32, 32) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    dense_64 { pub struct Net: [64] -> [64] (Linear(64, 64), Tanh); }
    conv1d_64 { pub struct Net: [64, 3] -> [64, 1] (Conv1d(64, 64, 3), Tanh); }
    conv1d_stream_64 {
        pub struct Net: ([64, 1], [64, 62]) -> ([64, 1], [64, 62]) { layer: Conv1d(64, 64, 63) }
        forward(x, past) { let window = cat([past, x], dim = 2); (layer(window), narrow(window, 2, 1, 62)) }
    }
    gru_64 {
        pub struct Net: ([64], [64]) -> [64] { rnn: GRUCell(64, 64) }
        forward(x, h) { rnn(x, h) }
    }
    lstm_64 {
        pub struct Net: ([64], [64], [64]) -> ([64], [64]) { rnn: LSTMCell(64, 64) }
        forward(x, h, c) { let (h, c) = rnn(x, (h, c)); (h, c) }
    }
    cyclegan {
        pub struct Net: [3, 128, 128] -> [3, 128, 128] {
            model: [
                ReflectionPad2d(3), Conv2d(3, 64, 7), InstanceNorm2d(64), ReLU,
                Conv2d(64, 128, 3, stride = 2, padding = 1), InstanceNorm2d(128), ReLU,
                Conv2d(128, 256, 3, stride = 2, padding = 1), InstanceNorm2d(256), ReLU,
                Changed(256), Changed(256), Changed(256), Changed(256), Changed(256), Changed(256), Changed(256), Changed(256), Changed(256),
                ConvTranspose2d(256, 128, 3, stride = 2, padding = 1, output_padding = 1), InstanceNorm2d(128), ReLU,
                ConvTranspose2d(128, 64, 3, stride = 2, padding = 1, output_padding = 1), InstanceNorm2d(64), ReLU,
                ReflectionPad2d(3), Conv2d(64, 3, 7), Tanh,
            ],
        }
    }
    cyclegan_blocks {
        pub struct Net: [256, 32, 32] {
            a: Conv2d(256, 256, 1), b: Conv2d(256, 256, 3, padding = 1), c: Conv2d(256, 256, 3, padding = 1),
        }
        forward(x) {
            let x = a(x);
            c(relu(b(x))) + x
        }
    }
    resnet_stage {
        pub struct Net: [64, 56, 56] -> [512, 7, 7] {
            Conv2d(64, 64, 3, padding = 1), ReLU, Conv2d(64, 128, 3, stride = 2, padding = 1), ReLU, Conv2d(128, 128, 3, padding = 1), ReLU,
            Conv2d(128, 256, 3, stride = 2, padding = 1), ReLU, Conv2d(256, 256, 3, padding = 1), ReLU,
            Conv2d(256, 512, 3, stride = 2, padding = 1), ReLU, Conv2d(512, 512, 3, padding = 1), ReLU,
        }
    }
}
