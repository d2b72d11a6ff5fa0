//@ mend: (784)
//@ to: [784]

use nn::prelude::*;

network! {
    pub struct Mlp: (784) -> [10] {
        fc1: Linear(784, 128),
        ReLU,
        fc2: Linear(128, 10),
    }
}

fn main() {
    let network = Mlp::init(&mut nn::seed(0));
    println!("{} {}", network.fc1.weight[0][0], Mlp::MACS);
}
