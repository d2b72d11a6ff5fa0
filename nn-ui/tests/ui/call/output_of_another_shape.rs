//@ mend: Tensor1<12>
//@ to: Tensor1<10>

use nn::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        Linear(784, 10),
    }
}

fn main() {
    let net = Net::init(&mut nn::seed(0));
    let scores: Tensor1<12> = net.predict(&Tensor1::zeros());
    println!("{}", scores[0]);
}
