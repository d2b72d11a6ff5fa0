//@ mend: version.frozen
//@ to: mlp.frozen
//! A file of another version of the format.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &nn::Frozen<Mlp> = nn::include_frozen!("version.frozen", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
