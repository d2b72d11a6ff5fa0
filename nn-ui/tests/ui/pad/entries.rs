//@ torch: 066
//@ mend: (1, 1)
//@ to: (1, 1, 0, 0)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        ReflectionPad2d((1, 1)),
    }
}

fn main() {}
