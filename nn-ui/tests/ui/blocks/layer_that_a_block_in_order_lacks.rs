//@ mend: encoder.layer3(x)
//@ to: encoder.layer2(encoder.layer1(x))

use nn::prelude::*;

block! {
    Encoder(width) { layer1: Linear(width, width), layer2: Linear(width, width) }
}

network! {
    pub struct Net: [8] -> [8] {
        encoder: Encoder(8),
    }
    forward(x) {
        encoder.layer3(x)
    }
}

fn main() {}
