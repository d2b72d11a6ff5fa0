//@ mend: GELU
//@ to: Square

use nn::own::*;

layer! {
    pub struct GELU();

    fn forward<E: Element>(x: E) -> E {
        x * x
    }

    fn derivative<E: Element>(x: E) -> E {
        x + x
    }
}

fn main() {}
