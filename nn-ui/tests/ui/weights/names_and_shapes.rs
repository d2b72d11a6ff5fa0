//@ mend: Linear(2, 4)
//@ to: Linear(2, 3)
//@ mend: fc3: Linear(4, 1)
//@ to: fc2: Linear(3, 1)
//! Every tensor that is missing, left over or of another shape is listed.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 4), ReLU, fc3: Linear(4, 1) }
}

static MLP: &Mlp = nn::include_weights!("mlp.safetensors", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
