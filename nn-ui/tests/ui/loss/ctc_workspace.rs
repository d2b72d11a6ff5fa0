//@ mend: ::<7, 2>
//@ to: ::<7, 3>

use nn::loss::{CTCLoss, CTCWorkspace};
use nn::prelude::*;

fn main() {
    let log_probs = [Tensor2([[-1.0_f32; 5]; 7]); 2];
    let target = [Tensor1([1_u32; 3]); 2];
    let mut workspace = CTCWorkspace::<7, 2>::new();
    CTCLoss::new().value(&log_probs, &target, &[7, 6], &[3, 2], &mut workspace);
}
