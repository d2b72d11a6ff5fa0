//@ mend: class Mlp(nn.Module):
//@ to: struct Mlp: [784] -> [10]

use nn::prelude::*;

network! {
    class Mlp(nn.Module): {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {}
