//@ mend: "mlp.frozen")
//@ to: "mlp.frozen", Mlp)
//! The file alone.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &nn::Frozen<Mlp> = nn::include_frozen!("mlp.frozen");

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
