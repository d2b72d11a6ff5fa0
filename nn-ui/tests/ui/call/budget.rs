//@ mend: 1024
//@ to: 1 << 20

use nn::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        fc1: Linear(784, 1000),
        ReLU,
        fc2: Linear(1000, 10),
    }
}

const _: () = assert!(Net::INFERENCE_BYTES <= 1024);

fn main() {}
