//! A dense block ([Huang et al. 2016](https://arxiv.org/abs/1608.06993)): each layer sees all before it.

use nn::prelude::*;

block! {
    /// Normalise, bend, narrow, look around.
    pub DenseLayer(cin, growth, squeeze = 4) {
        norm1: BatchNorm2d(cin),
        conv1: Conv2d(cin, squeeze * growth, 1, bias = false),
        norm2: BatchNorm2d(squeeze * growth),
        conv2: Conv2d(squeeze * growth, growth, 3, padding = 1, bias = false),
    }
    forward(x) {
        let h = conv1(relu(norm1(x)));
        cat([x, conv2(relu(norm2(h)))], dim = 1)
    }
}

network! {
    /// Four layers that add 12 channels each, and a transition that halves everything.
    pub struct DenseNet: [16, 14, 14] -> [32, 7, 7] {
        block: [DenseLayer(16, 12), DenseLayer(28, 12), DenseLayer(40, 12), DenseLayer(52, 12)],
        norm: BatchNorm2d(64),
        ReLU,
        conv: Conv2d(64, 32, 1, bias = false),
        AvgPool2d(2),
    }
}
