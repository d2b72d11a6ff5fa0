//@ torch: 132
//@ mend: [0_u32; 2]
//@ to: [0_u32; 3]

use nn::loss::MultiMarginLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 4]); 3];
    let target = [0_u32; 2];
    let mut gradient = output;
    MultiMarginLoss::new().forward(&output, &target, &mut gradient);
}
