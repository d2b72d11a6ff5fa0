//@ mend: MIDDLE, SMALL
//@ to: SMALL, MIDDLE

use nn::prelude::*;

const CLASSES: usize = 12;
const SMALL: usize = 4;
const MIDDLE: usize = 9;

network! {
    pub struct Net: ([16], u32) -> [] {
        crit: AdaptiveLogSoftmaxWithLoss(_, CLASSES, (MIDDLE, SMALL), head_bias = true),
    }
    forward(x, t) {
        crit(x, t)
    }
}

fn main() {}
