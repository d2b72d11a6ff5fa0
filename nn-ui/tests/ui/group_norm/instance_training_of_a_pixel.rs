//@ mend: [3, 1, 1]
//@ to: [3, 1, 2]
//@ mend: [0.5; 1]; 1]
//@ to: [0.5; 2]; 1]
//@ build

use nn::prelude::*;

network! {
    pub struct Net: [3, 1, 1] {
        norm: InstanceNorm2d(3, track_running_stats = true),
    }
}

fn main() {
    let mut net = Net::init(&mut nn::seed(1));
    net.forward_train(&[Tensor3([[[0.5; 1]; 1]; 3]); 2], &mut Net::tape::<2>());
}
