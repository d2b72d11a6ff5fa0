//@ mend: ("fc3", "fc1")
//@ to: ("fc1", "fc1")
//! A name that the network does not have.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("mlp.safetensors", Mlp, rename = [("fc3", "fc1")]);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
