//@ mend: "mirror"
//@ to: "reflect"

use nn::prelude::*;

network! {
    pub struct Net: [3, 7] { }
    forward(x) {
        pad(x, (1, 1), mode = "mirror")
    }
}

fn main() {}
