//@ torch: 092
//@ mend: dim = 2
//@ to: dim = 1

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        Softmax(dim = 2),
    }
}

fn main() {}
