//@ mend: net.freeze()
//@ to: net.predict(&Tensor1([1; 5]))
//! A network of indices has no inference form.
use nn::prelude::*;

network! {
    struct Net: [u32; 5] -> [5, 3] { Embedding(10, 4), Linear(4, 3) }
}

fn main() {
    let net = Net::init(&mut nn::seed(1));
    net.freeze();
}
