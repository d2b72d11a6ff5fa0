//@ mend: groups = 3
//@ to: groups = 2

use nn::prelude::*;

block! {
    pub Mix(width) { first: Conv2d(width, 8, 3, groups = 3, padding = 1), last: Conv2d(8, 4, 1) }
}

network! {
    pub struct Net: [4, 8, 8] -> [4, 8, 8] { stem: Mix(4), body: [Mix(4); 3] }
}

fn main() {}
