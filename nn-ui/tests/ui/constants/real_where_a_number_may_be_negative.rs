//@ mend: ROWS: f32 = 2.0
//@ to: ROWS: usize = 2

use nn::prelude::*;

const ROWS: f32 = 2.0;

network! {
    pub struct Halves: [4, 6] -> [2, 12] {}
    forward(x) {
        x.view(-1, ROWS, 12)
    }
}

fn main() {}
