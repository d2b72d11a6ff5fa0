//@ mend: [13, 9]
//@ to: [12, 9]

use nn::prelude::*;

network! {
    pub struct Net: [13, 9] {
        Fold((4, 5), (2, 3)),
    }
}

fn main() {}
