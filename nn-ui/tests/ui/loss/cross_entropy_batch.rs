//@ torch: 123
//@ mend: [0_u32; 4]
//@ to: [0_u32; 3]

use nn::loss::CrossEntropyLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 5]); 3];
    let target = [0_u32; 4];
    let mut gradient = output;
    CrossEntropyLoss::new().forward(&output, &target, &mut gradient);
}
