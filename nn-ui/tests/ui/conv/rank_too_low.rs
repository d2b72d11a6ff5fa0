//@ torch: 017
//@ mend: [6, 8] {
//@ to: [1, 6, 8] {

use nn::prelude::*;

network! {
    pub struct Net: [6, 8] {
        conv: Conv2d(1, 8, 3),
    }
}

fn main() {}
