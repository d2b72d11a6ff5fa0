//@ mend: 'zeros'
//@ to: "zeros"

mod model {
    use nn::prelude::*;

    network! {
        pub struct Net: [1, 28, 28] -> [6, 28, 28] {
            conv: Conv2d(1, 6, 5, padding = 2, padding_mode = 'zeros'),
        }
    }
}

use model::Net;
use nn::Network;

fn main() {
    let network = Net::init(&mut nn::seed(0));
    println!("{} {}", network.conv.weight[0][0][0][0], Net::PARAMETERS);
}
