//@ mend: Mlp, "mlp.frozen"
//@ to: "mlp.frozen", Mlp
//! The network before the file.

use nn::prelude::*;

network! {
    struct Mlp: [2] -> [1] { fc1: Linear(2, 3), ReLU, fc2: Linear(3, 1) }
}

static MLP: &nn::Frozen<Mlp> = nn::include_frozen!(Mlp, "mlp.frozen");

fn main() {
    MLP.predict(&Tensor1([0.0; 2]));
}
