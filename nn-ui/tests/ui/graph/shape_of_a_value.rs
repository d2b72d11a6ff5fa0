//@ mend: let n = y.shape;
//@ to: 

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let y = fc(x);
        let n = y.shape;
        y
    }
}

fn main() {}
