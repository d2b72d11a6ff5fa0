//@ mend: let f = |v| relu(v);
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {}
    forward(x) {
        let f = |v| relu(v);
        relu(x)
    }
}

fn main() {}
