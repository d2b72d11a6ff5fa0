//@ torch: 067
//@ mend: Linear(5, 4)
//@ to: Linear(3, 4)

use nn::prelude::*;

network! {
    pub struct Mlp: [3] -> [4] {
        fc: Linear(5, 4),
    }
}

fn main() {}
