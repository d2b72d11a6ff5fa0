//@ torch: 131
//@ mend: 3]); 2]
//@ to: 4]); 2]

use nn::loss::MultiLabelMarginLoss;
use nn::prelude::*;

fn main() {
    let output = [Tensor1([0.5_f32; 4]); 2];
    let target = [Tensor1([-1_i64; 3]); 2];
    let mut gradient = output;
    MultiLabelMarginLoss::new().forward(&output, &target, &mut gradient);
}
