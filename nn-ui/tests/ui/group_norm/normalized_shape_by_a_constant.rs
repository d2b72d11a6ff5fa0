//@ mend: const WIDTH: usize = 6;
//@ to: const WIDTH: usize = 5;

use nn::prelude::*;

const WIDTH: usize = 6;

network! {
    pub struct Net: [3, 5] -> [3, 5] {
        norm: LayerNorm((3, WIDTH)),
        RMSNorm(_, elementwise_affine = false),
        LayerNorm(5, bias = false),
    }
}

fn main() {}
