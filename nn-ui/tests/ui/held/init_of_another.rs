//@ mend: bias: zeros
//@ to: zeros

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        #[init(bias: zeros)]
        scale: Parameter(4),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
