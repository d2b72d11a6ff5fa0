//@ mend: 2.0
//@ to: 2

use nn::own::*;

layer! {
    pub struct Square(power: usize = 2.0);

    fn forward<E: Element>(x: E) -> E {
        x * x
    }

    fn derivative<E: Element>(x: E) -> E {
        x + x
    }
}

fn main() {}
