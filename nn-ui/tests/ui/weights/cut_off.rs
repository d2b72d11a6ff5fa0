//@ mend: cut.safetensors
//@ to: mlp.safetensors
//! A file that was not fetched to its end.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("cut.safetensors", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
