//@ torch: 151
//@ mend: Unfold(5)
//@ to: Unfold(4)

use nn::prelude::*;

network! {
    pub struct Net: [2, 4, 4] {
        Unfold(5),
    }
}

fn main() {}
