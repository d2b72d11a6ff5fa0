//@ mend: nn.ModuleDict(a = Linear(8, 4))
//@ to: { a: Linear(8, 4) }

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [4] {
        layers: nn.ModuleDict(a = Linear(8, 4)),
    }
    forward(x) {
        layers.a(x)
    }
}

fn main() {}
