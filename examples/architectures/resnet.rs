//! ResNet-18 ([He et al. 2015](https://arxiv.org/abs/1512.03385)), with torchvision's names.

use nn::prelude::*;

block! {
    /// Two convolutions and the input added behind them.
    pub BasicBlock(width) {
        conv1: Conv2d(width, width, 3, padding = 1, bias = false),
        bn1: BatchNorm2d(width),
        conv2: Conv2d(width, width, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(width),
    }
    forward(x) {
        let h = relu(bn1(conv1(x)));
        relu(bn2(conv2(h)) + x)
    }
}

block! {
    /// A `BasicBlock` that halves height and width and changes the channels.
    pub DownBlock(cin, cout) {
        conv1: Conv2d(cin, cout, 3, stride = 2, padding = 1, bias = false),
        bn1: BatchNorm2d(cout),
        conv2: Conv2d(cout, cout, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(cout),
        downsample: [Conv2d(cin, cout, 1, stride = 2, bias = false), BatchNorm2d(cout)],
    }
    forward(x) {
        let h = relu(bn1(conv1(x)));
        relu(bn2(conv2(h)) + downsample(x))
    }
}

network! {
    /// ResNet-18 for 224x224 pictures.
    pub struct ResNet18: [3, 224, 224] -> [1000] {
        conv1: Conv2d(3, 64, 7, stride = 2, padding = 3, bias = false),
        bn1: BatchNorm2d(64),
        relu: ReLU,
        maxpool: MaxPool2d(3, stride = 2, padding = 1),
        layer1: [BasicBlock(64); 2],
        layer2: [DownBlock(64, 128), BasicBlock(128)],
        layer3: [DownBlock(128, 256), BasicBlock(256)],
        layer4: [DownBlock(256, 512), BasicBlock(512)],
        avgpool: AdaptiveAvgPool2d(1),
        flatten: Flatten,
        fc: Linear(512, 1000),
    }
}
