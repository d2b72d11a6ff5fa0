//@ mend: weight: channels
//@ to: weight: [channels]

use nn::own::*;
use nn::prelude::*;

layer! {
    struct Gain(channels: usize) {
        weight: channels = 1.0,
    }
}

impl<const CHANNELS: usize, E: Element> Layer for Gain<CHANNELS, E> {
    type Config = GainConfig;
    fn forward(&self, _config: &GainConfig, _pass: Forward<'_, E>) {}
    fn backward(&self, _config: &GainConfig, _pass: Backward<'_, E>, _gradients: Option<&mut Self>) {}
}

network! { struct Net: [8] -> [8] { gain: Gain(8) } }

fn main() {
    let _ = Net::PARAMETERS;
}
