//@ mend: p = -0.5
//@ to: p = 0.5

use nn::prelude::*;

network! {
    pub struct Net: [5, 3] {
        drop: FeatureAlphaDropout(p = -0.5),
    }
}

fn main() {}
