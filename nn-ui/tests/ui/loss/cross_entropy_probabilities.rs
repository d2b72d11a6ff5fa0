//@ torch: 126
//@ mend: 4]); 3]
//@ to: 5]); 3]

use nn::loss::CrossEntropyLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 5]); 3];
    let target = [Tensor1([0.5_f32; 4]); 3];
    let mut gradient = output;
    CrossEntropyLoss::new().forward(&output, &target, &mut gradient);
}
