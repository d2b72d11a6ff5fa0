//@ torch: 129
//@ mend: [0_u32; 2]
//@ to: [0_u32; 3]

use nn::loss::NLLLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 5]); 3];
    let target = [0_u32; 2];
    let mut gradient = output;
    NLLLoss::new().forward(&output, &target, &mut gradient);
}
