//@ mend: GLU(1)
//@ to: GLU(2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 6] {
        gate: GLU(1),
    }
}

fn main() {}
