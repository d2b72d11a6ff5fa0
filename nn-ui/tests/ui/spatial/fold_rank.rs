//@ mend: [12, 3, 3]
//@ to: [12, 9]

use nn::prelude::*;

network! {
    pub struct Net: [12, 3, 3] {
        Fold((4, 5), (2, 3)),
    }
}

fn main() {}
