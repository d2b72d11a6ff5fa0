//@ mend: AlphaDropout(1.5)
//@ to: AlphaDropout(0.5)

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        drop: AlphaDropout(1.5),
    }
}

fn main() {}
