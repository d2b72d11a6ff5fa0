//@ torch: 057
//@ mend: (7, 0, 0, 0)
//@ to: (6, 0, 0, 0)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        ReflectionPad2d((7, 0, 0, 0)),
    }
}

fn main() {}
