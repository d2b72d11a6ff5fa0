//@ mend: let y: Tensor1<8> =
//@ to: let y =

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let y: Tensor1<8> = fc(x);
        y
    }
}

fn main() {}
