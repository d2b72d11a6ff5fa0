//@ mend: schedule.apply(0, &mut optimizer)
//@ to: optimizer.set_lr(schedule.lr(0))

use nn::optim::{Adagrad, OneCycleLR};
use nn::prelude::*;

network! { struct Net: [4] -> [3] (Linear(4, 3)); }

fn main() {
    let mut optimizer = Adagrad::<Net>::boxed(0.1);
    let schedule = OneCycleLR::new(0.1, 100);
    schedule.apply(0, &mut optimizer);
}
