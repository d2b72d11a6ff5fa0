//@ mend: [1 << 20, 1 << 20, 1 << 20]
//@ to: [1, 1 << 10, 1 << 10]

use nn::prelude::*;

network! {
    pub struct Map: [1 << 20, 1 << 20, 1 << 20] {
        ReLU,
    }
}

fn main() {}
