//@ mend: , Mlp);
//@ to: , Mlp, convert);
//! Nothing is converted unless it is asked for.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("half.safetensors", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
