//@ torch: 121 158a
//@ mend: 5]); 3]
//@ to: 4]); 3]

use nn::loss::MSELoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 4]); 3];
    let target = [Tensor1([0.5_f32; 5]); 3];
    let mut gradient = output;
    MSELoss::new().forward(&output, &target, &mut gradient);
}
