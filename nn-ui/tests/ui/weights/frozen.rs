//@ mend: ../frozen/cut.frozen
//@ to: mlp.safetensors
//! A frozen network is no file of weights.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("../frozen/cut.frozen", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
