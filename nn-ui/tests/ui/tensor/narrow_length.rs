//@ mend: 3, 4)
//@ to: 3, 2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] { }
    forward(x) {
        narrow(x, 2, 3, 4)
    }
}

fn main() {}
