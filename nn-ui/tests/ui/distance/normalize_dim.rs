//@ mend: dim = 3
//@ to: dim = 2

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        
    }
    forward(x) {
        normalize(x, dim = 3)
    }
}

fn main() {}
