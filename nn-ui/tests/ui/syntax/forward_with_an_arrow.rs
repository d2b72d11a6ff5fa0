//@ mend: forward(x) -> [8] {
//@ to: forward(x) {

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) -> [8] {
        fc(x)
    }
}

fn main() {}
