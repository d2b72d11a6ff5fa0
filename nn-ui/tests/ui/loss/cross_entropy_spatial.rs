//@ torch: 125
//@ mend: [[0_u32; 4]; 5]
//@ to: [[0_u32; 5]; 4]

use nn::loss::CrossEntropyLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor3([[[0.5_f32; 5]; 4]; 3]); 3];
    let target = [Tensor2([[0_u32; 4]; 5]); 3];
    let mut gradient = output;
    CrossEntropyLoss::new().forward(&output, &target, &mut gradient);
}
