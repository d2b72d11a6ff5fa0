//@ mend: ReplicationPad2d
//@ to: ReplicationPad3d

use nn::prelude::*;

network! {
    pub struct Net: [2, 3, 4, 5] {
        ReplicationPad2d(1),
    }
}

fn main() {}
