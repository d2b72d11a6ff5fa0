//@ mend: [Conv2d(3, 4, 3), MaxPool2d(2, return_indices = true)]
//@ to: [Conv2d(3, 4, 3), MaxPool2d(2)]

use nn::prelude::*;

network! {
    pub struct Net: [3, 8, 8] {
        down: [Conv2d(3, 4, 3), MaxPool2d(2, return_indices = true)],
    }
    forward(x) {
        down(x)
    }
}

fn main() {}
