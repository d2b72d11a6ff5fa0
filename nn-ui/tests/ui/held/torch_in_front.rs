//@ mend: torch.zeros(4)
//@ to: zeros(4)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        scale: Parameter(torch.zeros(4)),
    }
    forward(x) {
        x * scale
    }
}

fn main() {}
