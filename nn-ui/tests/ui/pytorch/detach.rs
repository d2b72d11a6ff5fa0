//@ mend: x.detach()
//@ to: x

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {}
    forward(x) {
        relu(x.detach())
    }
}

fn main() {}
