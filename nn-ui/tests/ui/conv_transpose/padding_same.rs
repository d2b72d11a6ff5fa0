//@ torch: 033
//@ mend: "same"
//@ to: 1

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, padding = "same"),
    }
}

fn main() {}
