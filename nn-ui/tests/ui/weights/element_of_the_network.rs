//@ mend: , Mlp);
//@ to: , Mlp, convert = f64);
//! Another type than the network has: which one the macro cannot know.

use nn::prelude::*;

network! {
    #[element(f64)]
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &Mlp = nn::include_weights!("mlp.safetensors", Mlp);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
