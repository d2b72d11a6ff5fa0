//! A temporal convolutional network ([Bai et al. 2018](https://arxiv.org/abs/1803.01271)): dilated convolutions that see only what came before.

use nn::prelude::*;

block! {
    /// Two convolutions, padded on the left alone: no place sees what comes after it. Each reaches back `(kernel_size - 1) * dilation` places.
    pub TemporalBlock(cin, cout, kernel_size, dilation, way = Identity) {
        pad: ConstantPad1d(((kernel_size - 1) * dilation, 0), 0.0),
        conv1: Conv1d(cin, cout, kernel_size, dilation = dilation),
        conv2: Conv1d(cout, cout, kernel_size, dilation = dilation),
        downsample: way,
    }
    forward(x) {
        let h = relu(conv1(pad(x)));
        let h = relu(conv2(pad(h)));
        relu(downsample(x) + h)
    }
}

network! {
    /// Two numbers at each of 100 places to one number. The blocks behind the first are run twice, with the same weights: together they reach
    /// back 4 * (1 + 2 * (2 + 4 + 8)) = 116 places.
    pub struct Tcn: [2, 100] -> [1] {
        first: TemporalBlock(2, 24, 3, 1, way = Conv1d(2, 24, 1)),
        network: [
            TemporalBlock(24, 24, 3, 2),
            TemporalBlock(24, 24, 3, 4),
            TemporalBlock(24, 24, 3, 8),
        ],
        linear: Linear(24, 1),
    }
    forward(x) {
        let x = first(x);
        for round in 0..2 {
            for block in network {
                x = block(x);
            }
        }
        linear(select(x, dim = 2, index = -1))
    }
}
