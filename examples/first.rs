//! The README's first code: declare a network, look at it, run it. `cargo run --example first`

use nn::prelude::*;

network! {
    pub struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(1, 6, 5, padding = 2),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(6, 16, kernel_size = 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(16 * 5 * 5, 120),
        ReLU,
        fc2: Linear(_, 10),
    }
}

// Facts are constants: a budget that the compiler holds.
const _: () = assert!(LeNet5::INFERENCE_BYTES <= 128 * 1024);

fn main() {
    let net = LeNet5::init(&mut nn::seed(42));
    println!("{}", LeNet5::summary());
    let image = Tensor3([[[0.5; 28]; 28]; 1]);
    let logits = net.predict(&image);
    println!("{:?}, {}", logits, net.conv1.weight[5][0][2][2]);
}
