//@ mend: x.view(64, 12)
//@ to: x.view(-1, 12)

use nn::prelude::*;

network! {
    pub struct Fold: [3, 4] -> [12] {}
    forward(x) {
        x.view(64, 12)
    }
}

fn main() {}
