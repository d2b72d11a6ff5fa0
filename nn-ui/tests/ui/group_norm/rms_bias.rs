//@ mend: , bias = false
//@ to: , elementwise_affine = false

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] {
        RMSNorm(5, bias = false),
    }
}

fn main() {}
