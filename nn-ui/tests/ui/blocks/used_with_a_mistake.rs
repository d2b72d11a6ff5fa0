//@ mend: paddin = 1
//@ to: padding = 1

use nn::prelude::*;

block! {
    pub Down(width) (Conv2d(width, width, 3, paddin = 1), ReLU)
}

block! {
    pub Twice(width) (Down(width), Down(width))
}

network! {
    pub struct Small: [4, 8, 8] { first: Down(4), second: Twice(4) }
}

network! {
    pub struct Large: [4, 8, 8] (Small(), Down(4));
}

fn main() {
    let net = Large::init(&mut nn::seed(1));
    net.predict(&Tensor3([[[0.0; 8]; 8]; 4]));
}
