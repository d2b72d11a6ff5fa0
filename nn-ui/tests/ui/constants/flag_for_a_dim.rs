//@ mend: LAST: bool = true
//@ to: LAST: isize = -1

use nn::prelude::*;

const LAST: bool = true;

network! {
    pub struct Total: [4, 6] -> [4] {}
    forward(x) {
        sum(x, dim = LAST)
    }
}

fn main() {}
