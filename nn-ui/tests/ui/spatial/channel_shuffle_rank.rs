//@ mend: [6]
//@ to: [6, 1]

use nn::prelude::*;

network! {
    pub struct Net: [6] {
        ChannelShuffle(3),
    }
}

fn main() {}
