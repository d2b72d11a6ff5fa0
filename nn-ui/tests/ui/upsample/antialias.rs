//@ mend: true
//@ to: false

use nn::prelude::*;

network! {
    pub struct Net: [3, 4, 4] { }
    forward(x) {
        interpolate(x, size = 2, mode = "bilinear", antialias = true)
    }
}

fn main() {}
