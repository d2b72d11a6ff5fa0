//@ mend: (x, m, 0.0)
//@ to: (x, unsqueeze(m, dim = 2), 0.0)

use nn::prelude::*;

network! {
    pub struct Net: ([4, 5], [u32; 4]) {
    }
    forward(x, m) {
        masked_fill(x, m, 0.0)
    }
}

fn main() {}
