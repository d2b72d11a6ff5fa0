//@ torch: 120
//@ mend: 3]); 3]
//@ to: 4]); 3]

use nn::loss::BCEWithLogitsLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 4]); 3];
    let target = [Tensor1([0.5_f32; 3]); 3];
    let mut gradient = output;
    BCEWithLogitsLoss::new().forward(&output, &target, &mut gradient);
}
