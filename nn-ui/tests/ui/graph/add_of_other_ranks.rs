//@ mend: ([4, 8], [8])
//@ to: ([4, 8], [1, 8])

use nn::prelude::*;

network! {
    pub struct Sum: ([4, 8], [8]) -> [4, 8] {}
    forward(a, b) {
        a + b
    }
}

fn main() {}
