//@ mend: Linear(4, WIDTH), ReLU, Linear(WIDTH, 3)
//@ to: Linear(4, 8), ReLU, Linear(8, 3)
//! Nor has one whose sizes have names.
use nn::prelude::*;

pub const WIDTH: usize = 8;

network! {
    struct Net: [4] -> [3] { Linear(4, WIDTH), ReLU, Linear(WIDTH, 3) }
}

fn main() {
    let net = Net::init(&mut nn::seed(1));
    net.freeze();
}
