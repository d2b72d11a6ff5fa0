//@ torch: 065
//@ mend: [7]
//@ to: [3, 7, 7]

use nn::prelude::*;

network! {
    pub struct Net: [7] {
        ReplicationPad2d(1),
    }
}

fn main() {}
