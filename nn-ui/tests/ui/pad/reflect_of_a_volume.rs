//@ torch: 060
//@ mend: (0, 0, 2, 0, 0, 0)
//@ to: (0, 0, 1, 0, 0, 0)

use nn::prelude::*;

network! {
    pub struct Net: [2, 2, 2, 2] {
        ReflectionPad3d((0, 0, 2, 0, 0, 0)),
    }
}

fn main() {}
