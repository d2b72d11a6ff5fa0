//@ mend: kept.frozen", Kept
//@ to: mlp.frozen", Mlp
//@ mend: FROZEN: &nn::Frozen<Kept>
//@ to: FROZEN: &nn::Frozen<Mlp>
//! A layer that runs as it is needs the network itself.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

network! {
    struct Kept: [2, 4] -> [2, 4] {
        attention: MultiheadAttention(4, 1),
    }
    forward(x) {
        let (x, _) = attention(x, x, x);
        x
    }
}

static FROZEN: &nn::Frozen<Kept> = nn::include_frozen!("kept.frozen", Kept);

fn main() {
    let _ = (FROZEN, Mlp::PARAMETERS, Kept::PARAMETERS);
}
