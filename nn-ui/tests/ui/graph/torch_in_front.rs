//@ mend: torch.cat(
//@ to: cat(

use nn::prelude::*;

network! {
    pub struct Net: [784] -> [20] {
        left: Linear(784, 10),
        right: Linear(784, 10),
    }
    forward(x) {
        torch.cat([left(x), right(x)], dim = 1)
    }
}

fn main() {}
