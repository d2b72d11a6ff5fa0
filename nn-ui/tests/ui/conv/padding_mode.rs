//@ torch: 014
//@ mend: "replicata"
//@ to: "replicate"

use nn::prelude::*;

network! {
    pub struct Net: [6, 8, 8] -> [8, 8, 8] {
        conv: Conv2d(6, 8, 3, padding = 1, padding_mode = "replicata"),
    }
}

fn main() {}
