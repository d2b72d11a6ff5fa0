//@ mend: Tensor1([1.0_f32; 3])
//@ to: Tensor1([1.0_f32; 2])

use nn::loss::GaussianNLLLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor2([[0.5_f32; 3]; 2]); 4];
    let target = output;
    let var = [Tensor1([1.0_f32; 3]); 4];
    GaussianNLLLoss::new().value(&output, &target, &var);
}
