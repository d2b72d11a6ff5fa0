//@ mend: const WIDTH: usize = 8;
//@ to: const _: () = ();
//@ mend: Linear(4, WIDTH)
//@ to: Linear(4, 8)
//! The inference form is laid out by the macro, which reads numbers alone.

use nn::prelude::*;

const WIDTH: usize = 8;

network! {
    struct Mlp: [4] -> [2] {
        fc1: Linear(4, WIDTH),
        ReLU,
        fc2: Linear(_, 2),
    }
}

fn main() {
    let net = Mlp::init(&mut nn::seed(1));
    let frozen = net.freeze();
    frozen.predict(&Tensor1([0.0; 4]));
}
