//@ mend: Conv2d(8, 4, 3)
//@ to: Conv2d(6, 4, 3)
//! A mistake is one error, also where the network is frozen.
use nn::prelude::*;

network! {
    struct Net: [3, 8, 8] -> [4, 4, 4] { Conv2d(3, 6, 3), ReLU, Conv2d(8, 4, 3) }
}

fn main() {
    let frozen = Net::init(&mut nn::seed(1)).freeze();
    let mut workspace = nn::Frozen::<Net>::workspace();
    let mut output = nn::Zeroable::zeroed();
    frozen.forward(&nn::Zeroable::zeroed(), &mut workspace, &mut output);
}
