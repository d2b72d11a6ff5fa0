//@ mend: net.conv1
//@ to: net.fc

use nn::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        fc: Linear(784, 10),
    }
}

fn main() {
    let net = Net::init(&mut nn::seed(0));
    println!("{}", net.conv1.weight[0][0]);
}
