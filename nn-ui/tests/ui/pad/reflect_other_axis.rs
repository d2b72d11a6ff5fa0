//@ torch: 058
//@ mend: (0, 0, 0, 9)
//@ to: (0, 0, 0, 6)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        pad: ReflectionPad2d((0, 0, 0, 9)),
    }
}

fn main() {}
