//@ torch: 082
//@ mend: const BATCH: usize = 1;
//@ to: const BATCH: usize = 2;
//@ build

use nn::prelude::*;

network! {
    pub struct Net: [3, 1, 1] {
        BatchNorm2d(3),
    }
}

const BATCH: usize = 1;

fn main() {
    let mut net = Net::init(&mut nn::seed(1));
    net.forward_train(&[Tensor3([[[0.5; 1]; 1]; 3]); BATCH], &mut Net::tape::<BATCH>());
}
