//@ mend: [1])
//@ to: u32)

use nn::prelude::*;

network! {
    pub struct Net: ([16], [1]) {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, [4, 9]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
