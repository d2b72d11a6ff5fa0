//@ mend: image: Tensor3<1, 32, 32>
//@ to: image: Tensor3<1, 28, 28>

use nn::prelude::*;

network! {
    pub struct Net: [1, 28, 28] -> [10] {
        Flatten,
        Linear(784, 10),
    }
}

fn main() {
    let image: Tensor3<1, 32, 32> = Tensor::zeros();
    let net = Net::init(&mut nn::seed(0));
    net.predict(&image);
}
