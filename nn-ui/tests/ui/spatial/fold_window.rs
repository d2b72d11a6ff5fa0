//@ mend: (1, 3), (2
//@ to: (2, 3), (2

use nn::prelude::*;

network! {
    pub struct Net: [12, 1] {
        Fold((1, 3), (2, 3)),
    }
}

fn main() {}
