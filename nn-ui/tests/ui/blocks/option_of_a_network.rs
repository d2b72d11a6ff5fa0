//@ mend: forward(x, _mask = None)
//@ to: forward(x)

use nn::prelude::*;

network! {
    pub struct Plain: [8] -> [8] {}
    forward(x, _mask = None) {
        relu(x)
    }
}

fn main() {}
