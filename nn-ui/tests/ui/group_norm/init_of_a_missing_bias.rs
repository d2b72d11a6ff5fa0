//@ mend: bias: zeros
//@ to: weight: zeros

use nn::prelude::*;

network! {
    pub struct Net: [3, 5] -> [3, 5] {
        #[init(bias: zeros)]
        norm: RMSNorm(5),
    }
}

fn main() {}
