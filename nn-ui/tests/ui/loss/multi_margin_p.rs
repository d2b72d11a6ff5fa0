//@ mend: p(3)
//@ to: p(2)

use nn::loss::MultiMarginLoss;

pub const LOSS: MultiMarginLoss<10> = MultiMarginLoss::new().p(3);

fn main() {}
