//@ mend: Net::tape::<8>()
//@ to: Net::tape::<4>()

use nn::prelude::*;

network! { pub struct Net: [4] -> [2] (Linear(4, 2)); }

fn main() {
    let mut net = Net::init(&mut nn::seed(1));
    net.forward_train(&[Tensor1([0.5; 4]); 4], &mut Net::tape::<8>());
}
