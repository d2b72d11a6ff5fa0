//@ mend: , criterion: CrossEntropyLoss()
//@ to: 

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        fc: Linear(4, 4), criterion: CrossEntropyLoss(),
    }
}

fn main() {}
