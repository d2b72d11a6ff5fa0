//@ mend: net.freeze()
//@ to: net
//! Indices have no inference form.

use nn::prelude::*;

network! {
    struct Words: [u32; 6] -> [2] {
        table: Embedding(100, 8),
        Flatten,
        Linear(48, 2),
    }
}

fn main() {
    let net = Words::init(&mut nn::seed(1));
    let frozen = net.freeze();
    frozen.predict(&Tensor1([0; 6]));
}
