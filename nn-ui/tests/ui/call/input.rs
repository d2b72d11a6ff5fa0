//@ mend: Tensor1([0.5; 5])
//@ to: Tensor1([0.5; 4])

use nn::prelude::*;

network! { pub struct Net: [4] -> [2] (Linear(4, 2)); }

fn main() {
    let net = Net::init(&mut nn::seed(1));
    net.predict(&Tensor1([0.5; 5]));
}
