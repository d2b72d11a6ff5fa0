//@ torch: 149
//@ mend: ChannelShuffle(4)
//@ to: ChannelShuffle(3)

use nn::prelude::*;

network! {
    pub struct Net: [6, 4, 4] {
        ChannelShuffle(4),
    }
}

fn main() {}
