//@ torch: 093
//@ mend: dim = -3
//@ to: dim = -1

use nn::prelude::*;

network! {
    pub struct Net: [3] {
        LogSoftmax(dim = -3),
    }
}

fn main() {}
