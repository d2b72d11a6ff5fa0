//@ mend: [3, 1, 4]
//@ to: [3, 1, 4, 1]

use nn::loss::CrossEntropyLoss;
use nn::prelude::*;

network! {
    pub struct Net: [784] -> [10] {
        Linear(784, 10),
    }
}

fn main() {
    let mut net = Net::init(&mut nn::seed(0));
    let mut tape = Net::tape::<4>();
    let outputs = *net.forward_train(&[Tensor1::zeros(); 4], &mut tape);
    let mut gradient = outputs;
    let classes: [u32; _] = [3, 1, 4];
    CrossEntropyLoss::new().forward(&outputs, &classes, &mut gradient);
}
