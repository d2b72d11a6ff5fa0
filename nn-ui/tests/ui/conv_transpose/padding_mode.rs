//@ torch: 028
//@ mend: "reflect"
//@ to: "zeros"

use nn::prelude::*;

network! {
    pub struct Net: [4, 5, 5] {
        up: ConvTranspose2d(4, 6, 3, padding_mode = "reflect"),
    }
}

fn main() {}
