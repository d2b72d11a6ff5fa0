//@ mend: x + heads.fc
//@ to: x + heads.fc(x)

use nn::prelude::*;

network! {
    pub struct Net: [4] -> [4] {
        heads: { fc: Linear(4, 4) },
    }
    forward(x) {
        x + heads.fc
    }
}

fn main() {}
