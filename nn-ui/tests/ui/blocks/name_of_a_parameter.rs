//@ mend: let width = fc(x);
//@ to: let wide = fc(x);
//@ mend: relu(width)
//@ to: relu(wide)

use nn::prelude::*;

block! {
    pub Wide(width) {
        fc: Linear(width, width),
    }
    forward(x) {
        let width = fc(x);
        relu(width)
    }
}

fn main() {}
