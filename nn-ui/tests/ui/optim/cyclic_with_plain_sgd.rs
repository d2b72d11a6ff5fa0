//@ mend: boxed(0.1)
//@ to: with_momentum(0.1, 0.9)

use nn::optim::{CyclicLR, SGD};
use nn::prelude::*;

network! { struct Net: [4] -> [3] (Linear(4, 3)); }

fn main() {
    let mut optimizer = SGD::boxed(0.1);
    optimizer.step(&mut *Net::init(&mut nn::seed(1)), &*Net::gradients());
    CyclicLR::new(0.1, 0.5).apply(0, &mut optimizer);
}
