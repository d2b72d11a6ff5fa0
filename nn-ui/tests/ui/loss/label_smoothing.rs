//@ torch: 128
//@ mend: label_smoothing(1.5)
//@ to: label_smoothing(0.15)

use nn::loss::CrossEntropyLoss;

pub const LOSS: CrossEntropyLoss<10> = CrossEntropyLoss::new().label_smoothing(1.5);

fn main() {}
