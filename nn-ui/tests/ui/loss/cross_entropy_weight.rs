//@ torch: 127
//@ mend: [1.0; 4]
//@ to: [1.0; 5]

use nn::loss::CrossEntropyLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 5]); 3];
    let target = [0_u32; 3];
    let mut gradient = output;
    CrossEntropyLoss::new().weight([1.0; 4]).forward(&output, &target, &mut gradient);
}
