//@ torch: 134
//@ mend: 1.0_f32; 4]
//@ to: 1.0_f32; 3]

use nn::loss::TripletMarginLoss;
use nn::prelude::*;

fn main() {
    let anchor = [Tensor1([0.5_f32; 3]); 2];
    let positive = [Tensor1([0.25_f32; 3]); 2];
    let negative = [Tensor1([1.0_f32; 4]); 2];
    TripletMarginLoss::new().value(&anchor, &positive, &negative);
}
