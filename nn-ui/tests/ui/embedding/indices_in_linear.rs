//@ mend: Net: [u32; 4]
//@ to: Net: [4]

use nn::prelude::*;

network! {
    pub struct Net: [u32; 4] {
        fc: Linear(4, 3),
    }
}

fn main() {}
