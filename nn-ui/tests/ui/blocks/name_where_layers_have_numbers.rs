//@ mend: encoder.fc(x)
//@ to: encoder[0](x)

use nn::prelude::*;

block! {
    Encoder(width) (Linear(width, width))
}

network! {
    pub struct Net: [8] -> [8] {
        encoder: Encoder(8),
    }
    forward(x) {
        encoder.fc(x)
    }
}

fn main() {}
