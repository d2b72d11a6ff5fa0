//@ mend: &self, x
//@ to: x

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(&self, x) {
        fc(x)
    }
}

fn main() {}
