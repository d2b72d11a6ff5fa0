//@ mend: [u32; 4], [u32; 3]
//@ to: [u32; 3], [u32; 3]

use nn::prelude::*;

network! {
    pub struct Net: ([u32; 4], [u32; 3]) {
    }
    forward(a, b) {
        logical_or(a, b)
    }
}

fn main() {}
