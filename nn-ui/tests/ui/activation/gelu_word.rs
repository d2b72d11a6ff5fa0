//@ mend: "tan"
//@ to: "tanh"

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        GELU(approximate = "tan"),
    }
}

fn main() {}
