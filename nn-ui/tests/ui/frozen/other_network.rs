//@ mend: other.frozen
//@ to: mlp.frozen
//! A file that was frozen from another network.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &nn::Frozen<Mlp> = nn::include_frozen!("other.frozen", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
