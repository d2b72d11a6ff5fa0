//@ torch: 135
//@ mend: [1.0_f32; 2]
//@ to: [1.0_f32; 3]

use nn::loss::CosineEmbeddingLoss;
use nn::prelude::*;

fn main() {
    let first = [Tensor1([0.5_f32; 4]); 3];
    let second = [Tensor1([0.25_f32; 4]); 3];
    let target = [1.0_f32; 2];
    CosineEmbeddingLoss::new().value(&first, &second, &target);
}
