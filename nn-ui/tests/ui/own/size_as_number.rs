//@ mend: [channels, 3]
//@ to: [channels, channels]

use nn::own::*;

layer! {
    pub struct Scale(channels: usize) {
        weight: [channels, 3] = 1.0,
    }
}

impl<const CHANNELS: usize, E: Element> Layer for Scale<CHANNELS, E> {
    type Config = ScaleConfig;
    fn forward(&self, _: &ScaleConfig, _: Forward<'_, E>) {}
    fn backward(&self, _: &ScaleConfig, _: Backward<'_, E>, _: Option<&mut Self>) {}
}

fn main() {}
