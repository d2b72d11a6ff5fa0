//@ mend: (1.0 + 2.0) * 3.0
//@ to: (1.0 + 2.0) * x

use nn::prelude::*;

network! {
    pub struct Scale: [8] -> [8] {}
    forward(x) {
        let _ = x;
        (1.0 + 2.0) * 3.0
    }
}

fn main() {}
