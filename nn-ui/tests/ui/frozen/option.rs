//@ mend: Mlp, convert
//@ to: Mlp
//! What `include_weights!` takes.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &nn::Frozen<Mlp> = nn::include_frozen!("mlp.frozen", Mlp, convert);

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
