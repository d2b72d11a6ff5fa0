//@ mend: , _freeze = true
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [u32; 4] {
        table: Embedding(5, 3, _freeze = true),
    }
}

fn main() {}
