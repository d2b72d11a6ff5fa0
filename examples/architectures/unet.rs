//! U-Net ([Ronneberger et al. 2015](https://arxiv.org/abs/1505.04597)): down, up again, and what was seen on the way down joined in.

use nn::prelude::*;

block! {
    /// Two convolutions.
    pub Double(cin, cout) (
        Conv2d(cin, cout, 3, padding = 1), BatchNorm2d(cout), ReLU,
        Conv2d(cout, cout, 3, padding = 1), BatchNorm2d(cout), ReLU,
    )
}

block! {
    /// Twice the size, joined with what was as large on the way down.
    pub Up(cin, cout) {
        up: ConvTranspose2d(cin, cout, 2, stride = 2),
        conv: Double(2 * cout, cout),
    }
    forward(x, skip) {
        conv(cat([skip, up(x)], dim = 1))
    }
}

network! {
    /// A U-Net of three levels that marks two classes of pixels.
    pub struct UNet: [1, 64, 48] -> [2, 64, 48] {
        inc: Double(1, 16),
        down1: [MaxPool2d(2), Double(16, 32)],
        down2: [MaxPool2d(2), Double(32, 64)],
        up1: Up(64, 32),
        up2: Up(32, 16),
        outc: Conv2d(16, 2, 1),
    }
    forward(x) {
        let a = inc(x);
        let b = down1(a);
        let c = down2(b);
        outc(up2(up1(c, b), a))
    }
}
