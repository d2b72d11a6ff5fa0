//@ mend: let y = fc(x);
//@ to: let y = relu(fc(x));
//@ mend: let act = |t| relu(t);
//@ to: 
//@ mend: act(y)
//@ to: y

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        fc: Linear(8, 8),
    }
    forward(x) {
        let act = |t| relu(t);
        let y = fc(x);
        act(y)
    }
}

fn main() {}
