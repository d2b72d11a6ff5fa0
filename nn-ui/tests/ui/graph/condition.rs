//@ mend: if x { relu(x) } else { x }
//@ to: if true { relu(x) } else { x }

use nn::prelude::*;

network! {
    pub struct Maybe: [8] -> [8] {}
    forward(x) {
        if x { relu(x) } else { x }
    }
}

fn main() {}
