//@ mend: neon.frozen
//@ to: mlp.frozen
//! A file that was frozen on a machine of another kind.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &nn::Frozen<Mlp> = nn::include_frozen!("neon.frozen", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
