//@ torch: 068
//@ mend: Linear(3, 8)
//@ to: Linear(4, 8)

use nn::prelude::*;

network! {
    pub struct Tokens: [3, 4] -> [3, 8] {
        fc: Linear(3, 8),
    }
}

fn main() {}
