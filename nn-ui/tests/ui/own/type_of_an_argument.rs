//@ mend: u8
//@ to: usize

use nn::own::*;

layer! {
    pub struct Square(power: u8);

    fn forward<E: Element>(x: E) -> E {
        x * x
    }

    fn derivative<E: Element>(x: E) -> E {
        x + x
    }
}

fn main() {}
