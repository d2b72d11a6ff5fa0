//@ mend: match true { _ => x }
//@ to: x

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let y = fc(x);
        y + match true { _ => x }
    }
}

fn main() {}
