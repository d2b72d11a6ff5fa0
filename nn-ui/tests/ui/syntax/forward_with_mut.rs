//@ mend: mut x
//@ to: x

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(mut x) {
        x = fc(x);
        x
    }
}

fn main() {}
