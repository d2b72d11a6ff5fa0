//@ mend: Cnv2d
//@ to: Conv2d

use nn::prelude::*;

mod parts {
    use nn::prelude::*;

    block! {
        pub(crate) Down(width) { conv: Cnv2d(width, width, 3), relu: ReLU }
    }
}

network! {
    pub struct Net: [4, 8, 8] { down: parts::Down(4), up: parts::Down(4) }
    forward(x) { up(down(x)) }
}

fn main() {
    Net::init(&mut nn::seed(1)).down.conv.bias[0] = 1.0;
}
