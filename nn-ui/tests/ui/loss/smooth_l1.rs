//@ torch: 166a
//@ mend: [Tensor1([0.5_f32; 3]); 3]
//@ to: [Tensor2([[0.5_f32; 1]; 3]); 3]

use nn::loss::SmoothL1Loss;
use nn::prelude::*;

fn main() {
    let output = [Tensor2([[0.5_f32; 1]; 3]); 3];
    let target = [Tensor1([0.5_f32; 3]); 3];
    let mut gradient = output;
    SmoothL1Loss::new().forward(&output, &target, &mut gradient);
}
