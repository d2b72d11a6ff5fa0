//@ torch: 133
//@ mend: 0.25_f32; 3]
//@ to: 0.25_f32; 2]

use nn::loss::MarginRankingLoss;
use nn::prelude::*;

fn main() {
    let first = [Tensor1([0.5_f32; 2]); 4];
    let second = [Tensor1([0.25_f32; 3]); 4];
    let target = [Tensor1([1.0_f32; 2]); 4];
    MarginRankingLoss::new().value(&first, &second, &target);
}
