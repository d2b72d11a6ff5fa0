//@ mend: const BLOCK: usize = 64;
//@ to: const _: () = ();
//@ mend: [BLOCK, 1]
//@ to: [64, 1]
//! The same in the header.

use nn::prelude::*;

const BLOCK: usize = 64;

network! {
    struct Amp: [BLOCK, 1] -> [64, 20] {
        gru: GRU(1, 20),
    }
    forward(x) {
        let (y, _) = gru(x);
        y
    }
}

fn main() {
    let net = Amp::init(&mut nn::seed(1));
    let frozen = net.freeze_with(nn::FreezeOptions::default());
    frozen.predict(&Tensor2([[0.0]; 64]));
}
