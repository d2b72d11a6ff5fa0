//@ mend: loop {
//@ to: for i in 0..3 {

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        loop {
            x = fc(x);
        }
        x
    }
}

fn main() {}
