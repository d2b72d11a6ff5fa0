//@ mend: [chanels]
//@ to: [channels]
//! One mistake is one error: neither the passes nor the networks that hold the layer are errors, too.

use nn::own::*;
use nn::prelude::*;

layer! {
    struct Gain(channels: usize) {
        weight: [chanels] = 1.0,
    }
}

impl<const CHANNELS: usize, E: Element> Layer for Gain<CHANNELS, E> {
    type Config = GainConfig;
    fn forward(&self, _config: &GainConfig, _pass: Forward<'_, E>) {}
    fn backward(&self, _config: &GainConfig, _pass: Backward<'_, E>, _gradients: Option<&mut Self>) {}
}

block! {
    Twice(c) {
        first: Gain(c),
        second: Gain(c),
    }
    forward(x) {
        second(first(x))
    }
}

network! { struct Alone: [8] -> [8] { gain: Gain(8) } }

network! { struct Within: [8] -> [8] { twice: Twice(8), whole: net(Alone) } }

fn main() {
    let net = Within::init(&mut nn::seed(1));
    let output = net.predict(&Tensor1([0.0; 8]));
    println!("{}, {}", net.twice.first.weight[0] + output[0], Alone::PARAMETERS);
}
