//@ mend: [u32; 2]
//@ to: u32

use nn::prelude::*;

network! {
    pub struct Net: ([16], [u32; 2]) {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, [4, 9]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
