//@ torch: 136
//@ mend: beta(-1.0)
//@ to: beta(1.0)

use nn::loss::SmoothL1Loss;

pub const LOSS: SmoothL1Loss = SmoothL1Loss::new().beta(-1.0);

fn main() {}
