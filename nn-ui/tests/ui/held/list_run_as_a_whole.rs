//@ mend: scales(x)
//@ to: x * scales[0] + scales[1]

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scales: [Parameter(4); 2],
    }
    forward(x) {
        scales(x)
    }
}

fn main() {}
