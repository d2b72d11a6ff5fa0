//@ mend: [4, 4]
//@ to: [4, 5]

use nn::prelude::*;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(16, 12, cutoffs = [4, 4]),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
