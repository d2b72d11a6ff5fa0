//@ torch: 081
//@ mend: const BATCH: usize = 1;
//@ to: const BATCH: usize = 2;
//@ build

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        BatchNorm1d(3),
    }
}

const BATCH: usize = 1;

fn main() {
    let mut net = Net::init(&mut nn::seed(1));
    net.forward_train(&[Tensor1([0.5; 3]); BATCH], &mut Net::tape::<BATCH>());
}
