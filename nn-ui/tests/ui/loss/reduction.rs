//@ torch: 130
//@ mend: Reduction::Avg
//@ to: Reduction::Mean

use nn::loss::{MSELoss, Reduction};

pub const LOSS: MSELoss = MSELoss::new().reduction(Reduction::Avg);

fn main() {}
