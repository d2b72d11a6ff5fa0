//@ mend: layers[3](x)
//@ to: layers[1](x)

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        layers: [Linear(8, 8); 3],
    }
    forward(x) {
        let x = layers[0](x);
        let x = layers[2](x);
        layers[3](x)
    }
}

fn main() {}
