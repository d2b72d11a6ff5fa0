//@ torch: 050
//@ mend: 3d(2)
//@ to: 2d(2)

use nn::prelude::*;

network! {
    pub struct Net: [3, 7, 7] {
        AvgPool3d(2),
    }
}

fn main() {}
