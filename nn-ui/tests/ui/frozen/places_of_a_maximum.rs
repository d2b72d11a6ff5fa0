//@ mend: let (y, _) = max(x, dim = 2);
//@ to: let y = amax(x, dim = 2);
//! Places are indices, which have no inference form.

use nn::prelude::*;

network! {
    struct Highest: [4, 8] -> [4] {}
    forward(x) {
        let (y, _) = max(x, dim = 2);
        y
    }
}

fn main() {
    let net = Highest::init(&mut nn::seed(1));
    net.freeze();
}
