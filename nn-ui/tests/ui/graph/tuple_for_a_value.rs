//@ mend: relu((a, b))
//@ to: relu(a)

use nn::prelude::*;

network! {
    pub struct Split: [8] -> [4] {}
    forward(x) {
        let (a, b) = chunk(x, 2, dim = 1);
        let _ = b;
        relu((a, b))
    }
}

fn main() {}
