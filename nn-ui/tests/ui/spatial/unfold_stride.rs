//@ mend: stride = 0
//@ to: stride = 1

use nn::prelude::*;

network! {
    pub struct Net: [2, 4, 4] {
        Unfold(3, stride = 0),
    }
}

fn main() {}
