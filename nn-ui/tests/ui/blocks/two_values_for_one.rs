//@ mend: join(a)
//@ to: join(a, b)

use nn::prelude::*;

block! {
    Join(width) {
        fc: Linear(2 * width, width),
    }
    forward(a, b) {
        fc(cat([a, b], dim = 1))
    }
}

network! {
    pub struct Net: ([4], [4]) -> [4] {
        join: Join(4),
    }
    forward(a, b) {
        let b = relu(b);
        let _ = b;
        join(a)
    }
}

fn main() {}
