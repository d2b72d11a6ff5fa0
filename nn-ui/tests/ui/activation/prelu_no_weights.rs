//@ mend: num_parameters = 0
//@ to: num_parameters = 1

use nn::prelude::*;

network! {
    pub struct Net: [5] {
        PReLU(num_parameters = 0),
    }
}

fn main() {}
