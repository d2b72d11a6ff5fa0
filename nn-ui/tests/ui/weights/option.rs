//@ mend: preffix = "mlp."
//@ to: prefix = ""
//! What may be said behind the network.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("mlp.safetensors", Mlp, preffix = "mlp.");

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
