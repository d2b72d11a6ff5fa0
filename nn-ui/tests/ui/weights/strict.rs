//@ mend: strict = false
//@ to: convert
//! Nothing may be missing.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("mlp.safetensors", Mlp, strict = false);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
