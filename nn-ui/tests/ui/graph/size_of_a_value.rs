//@ mend: x.view(x.size(0), -1)
//@ to: x.view(-1, 12)

use nn::prelude::*;

network! {
    pub struct Flat: [3, 4] -> [12] {}
    forward(x) {
        x.view(x.size(0), -1)
    }
}

fn main() {}
