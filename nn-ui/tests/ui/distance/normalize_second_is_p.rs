//@ mend: normalize(x, 2, 2, 1)
//@ to: normalize(x, 2, 1)

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        
    }
    forward(x) {
        normalize(x, 2, 2, 1)
    }
}

fn main() {}
