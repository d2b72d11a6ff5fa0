//! ResNet-18 ([He et al. 2015](https://arxiv.org/abs/1512.03385)), with torchvision's names.

use nn::prelude::*;

block! {
    /// Two convolutions and the input added behind them, through a convolution of its own where the shape changes.
    pub BasicBlock(cin, cout, stride = 1) {
        conv1: Conv2d(cin, cout, 3, stride = stride, padding = 1, bias = false),
        bn1: BatchNorm2d(cout),
        conv2: Conv2d(cout, cout, 3, padding = 1, bias = false),
        bn2: BatchNorm2d(cout),
        downsample: [Conv2d(cin, cout, 1, stride = stride, bias = false), BatchNorm2d(cout)],
    }
    forward(x) {
        let h = bn2(conv2(relu(bn1(conv1(x)))));
        relu(h + if stride != 1 || cin != cout { downsample(x) } else { x })
    }
}

network! {
    /// ResNet-18 for 224x224 pictures.
    pub struct ResNet18: [3, 224, 224] -> [1000] {
        conv1: Conv2d(3, 64, 7, stride = 2, padding = 3, bias = false),
        bn1: BatchNorm2d(64),
        relu: ReLU,
        maxpool: MaxPool2d(3, stride = 2, padding = 1),
        layer1: [BasicBlock(64, 64); 2],
        layer2: [BasicBlock(64, 128, stride = 2), BasicBlock(128, 128)],
        layer3: [BasicBlock(128, 256, stride = 2), BasicBlock(256, 256)],
        layer4: [BasicBlock(256, 512, stride = 2), BasicBlock(512, 512)],
        avgpool: AdaptiveAvgPool2d(1),
        flatten: Flatten,
        fc: Linear(512, 1000),
    }
}
