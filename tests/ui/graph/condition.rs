//@ mend: if true { relu(x) } else { x }
//@ to: relu(x)

use nn::prelude::*;

network! {
    pub struct Maybe: [8] -> [8] {}
    forward(x) {
        if true { relu(x) } else { x }
    }
}

fn main() {}
