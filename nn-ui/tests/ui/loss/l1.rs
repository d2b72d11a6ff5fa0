//@ torch: 122 159a
//@ mend: [Tensor1([0.5_f32; 3]); 3]
//@ to: [Tensor2([[0.5_f32; 1]; 3]); 3]

use nn::loss::L1Loss;
use nn::prelude::*;

fn main() {
    let output = [Tensor2([[0.5_f32; 1]; 3]); 3];
    let target = [Tensor1([0.5_f32; 3]); 3];
    let mut gradient = output;
    L1Loss::new().forward(&output, &target, &mut gradient);
}
