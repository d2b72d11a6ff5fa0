//@ mend: 4611686018427387904
//@ to: 4

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        Conv2d(3, 4611686018427387904, 3),
    }
}

fn main() {}
