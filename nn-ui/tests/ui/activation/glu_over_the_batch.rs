//@ mend: dim = 0
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Net: [4, 6] {
        GLU(dim = 0),
    }
}

fn main() {}
