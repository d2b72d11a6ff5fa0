//@ mend: mecs
//@ to: macs

use nn::own::*;

layer! {
    pub struct Same;

    const fn mecs(x: Shape) -> usize {
        x.len()
    }
}

impl<E: Element> Layer for Same<E> {
    type Config = SameConfig;
    fn forward(&self, _: &SameConfig, _: Forward<'_, E>) {}
    fn backward(&self, _: &SameConfig, _: Backward<'_, E>, _: Option<&mut Self>) {}
}

fn main() {}
