//@ torch: 092
//@ mend: Softmax(0)
//@ to: Softmax(1)

use nn::prelude::*;

network! {
    pub struct Net: [3, 4] {
        Softmax(0),
    }
}

fn main() {}
