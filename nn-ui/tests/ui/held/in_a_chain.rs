//@ mend: , Parameter(4)
//@ to:

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] (Linear(4, 4), Parameter(4));
}

fn main() {}
