//@ mend: x.contiguous()
//@ to: x

use nn::prelude::*;

network! {
    pub struct Net: [4, 3] -> [12] {}
    forward(x) {
        x.contiguous().view(-1, 12)
    }
}

fn main() {}
