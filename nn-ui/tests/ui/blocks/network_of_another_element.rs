//@ mend: #[element(f64)]
//@ to: #[element(f32)]

use nn::prelude::*;

network! {
    #[element(f64)]
    pub struct Encoder: [8] -> [3] (Linear(8, 3), Tanh);
}

network! {
    pub struct Whole: [8] -> [3] {
        encoder: net(Encoder),
    }
}

fn main() {}
