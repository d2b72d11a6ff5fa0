//@ mend: , value = 2.0
//@ to: 

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] { }
    forward(x) {
        pad(x, (1, 1), mode = "reflect", value = 2.0)
    }
}

fn main() {}
