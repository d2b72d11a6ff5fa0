//@ mend: 3
//@ to: 2

use nn::prelude::*;

network! {
    pub struct Net: [10, 4] {
    }
    forward(x) {
        let (y, _) = max(x, dim = 3);
        y
    }
}

fn main() {}
