//@ mend: padding = 18446744073709551615
//@ to: padding = 1

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        Conv2d(3, 4, 3, padding = 18446744073709551615),
        ReLU,
    }
}

fn main() {}
