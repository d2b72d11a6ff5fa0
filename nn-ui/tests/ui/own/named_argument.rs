//@ mend: 2 * 2
//@ to: 2 * 3

use nn::own::*;
use nn::prelude::*;

layer! {
    /// One factor for each channel.
    pub struct Scale(channels: usize, bias: f64 = 0.0) {
        weight: [channels] = 1.0,
    }

    const fn shape(at: &At, x: Shape) -> Result<Shape, Violation> {
        if x.rank() > 0 && x.dim(0) == channels {
            return Ok(x);
        }
        Err(Message::title(at, "the number of channels does not match")
            .rule("the input has `channels` channels")
            .found("channels = ")
            .number(channels)
            .text(", and ")
            .source(at, 0, x)
            .fix("write channels = ")
            .number(x.dim(0))
            .violation(0))
    }
}

impl<const CHANNELS: usize, E: Element> Layer for Scale<CHANNELS, E> {
    type Config = ScaleConfig;
    fn forward(&self, _: &ScaleConfig, _: Forward<'_, E>) {}
    fn backward(&self, _: &ScaleConfig, _: Backward<'_, E>, _: Option<&mut Self>) {}
}

network! {
    pub struct Net: [3, 8, 8] -> [7] {
        conv: Conv2d(3, 6, 3),
        scale: Scale(bias = 0.5, channels = 2 * 2),
        relu: ReLU,
        Flatten,
        fc: Linear(216, 7),
    }
}

fn main() {}
