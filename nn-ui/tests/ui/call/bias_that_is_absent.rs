//@ mend: bias = false
//@ to: bias = true

use nn::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        fc: Linear(784, 10, bias = false),
    }
}

fn main() {
    let net = Net::init(&mut nn::seed(0));
    println!("{}", net.fc.bias[0]);
}
