//@ torch: 155
//@ mend: ([4], [5])
//@ to: ([4], [4])

use nn::prelude::*;

network! {
    pub struct Sum: ([4], [5]) -> [4] {}
    forward(a, b) {
        a + b
    }
}

fn main() {}
