//@ torch: 119
//@ mend: 3]); 2]
//@ to: 4]); 2]

use nn::loss::BCELoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 4]); 2];
    let target = [Tensor1([1.0_f32; 3]); 2];
    let mut gradient = output;
    BCELoss::new().forward(&output, &target, &mut gradient);
}
