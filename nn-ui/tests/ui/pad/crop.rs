//@ torch: 063
//@ mend: (0, 0, -3, -2)
//@ to: (0, 0, -2, -1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 5] {
        ZeroPad2d((0, 0, -3, -2)),
    }
}

fn main() {}
