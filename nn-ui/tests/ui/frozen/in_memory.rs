//@ mend: [u32; 5] -> [5, 3] { Embedding(10, 4), Linear(4, 3) }
//@ to: [5, 4] -> [5, 3] { Linear(4, 3) }
//! In memory of the caller's it is the same error.
use nn::prelude::*;

network! {
    struct Net: [u32; 5] -> [5, 3] { Embedding(10, 4), Linear(4, 3) }
}

fn main() {
    let net = Net::init(&mut nn::seed(1));
    let mut memory = std::mem::MaybeUninit::uninit();
    net.freeze_in(&mut memory);
}
