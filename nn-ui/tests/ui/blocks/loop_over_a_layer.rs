//@ mend: for layer in fc {
//@ to: for layer in layers {

use nn::prelude::*;

network! {
    pub struct Net: [8] -> [8] {
        layers: [Linear(8, 8); 3],
        fc: Linear(8, 8),
    }
    forward(x) {
        x = layers(x);
        for layer in fc {
            x = relu(layer(x));
        }
        fc(x)
    }
}

fn main() {}
