//@ torch: 150
//@ mend: [12, 10]
//@ to: [12, 9]

use nn::prelude::*;

network! {
    pub struct Net: [12, 10] {
        Fold((4, 5), (2, 3)),
    }
}

fn main() {}
