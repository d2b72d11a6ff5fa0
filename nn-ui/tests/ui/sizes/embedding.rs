//@ mend: 4611686018427387904
//@ to: 100

use nn::prelude::*;

network! {
    pub struct Net: [u32; 8] {
        Embedding(4611686018427387904, 1024),
        Linear(1024, 2),
    }
}

fn main() {}
