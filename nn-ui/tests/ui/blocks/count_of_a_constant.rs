//@ mend: Linear(8, 8); DEPTH]
//@ to: Linear(8, 8); 3]

use nn::prelude::*;

const DEPTH: usize = 3;

network! {
    pub struct Net: [8] -> [8] {
        layers: [Linear(8, 8); DEPTH],
    }
}

fn main() {
    let _ = DEPTH;
}
