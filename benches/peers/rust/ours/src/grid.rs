//! RTNeural-compare's grid: one layer with as many outputs as inputs, a sample at a time. A network's states are inputs and outputs, which the caller holds. All are compiled for
//! their sizes, as RTNeural's templates are.

use nn::Frozen;
use nn::prelude::*;

/// Networks that get a sample at a time, and may remember something from one to the next.
pub trait Stream: Freeze<Element = f32> {
    type Sample: Tensor<Element = f32>;
    /// The next sample, with the states that the last call left in `output`.
    fn step(frozen: &Frozen<Self>, sample: &Self::Sample, arena: &mut Self::Arena, output: &mut Self::Output);
    fn answer(output: &Self::Output) -> &[f32];
}

macro_rules! stream {
    ($network:path, $sample:ty) => {
        impl Stream for $network {
            type Sample = $sample;
            fn step(frozen: &Frozen<Self>, sample: &$sample, arena: &mut Self::Arena, output: &mut Self::Output) {
                frozen.forward(sample, arena, output);
            }
            fn answer(output: &Self::Output) -> &[f32] {
                output.as_slice()
            }
        }
    };
    ($network:path, $sample:ty, $($state:tt)+) => {
        impl Stream for $network {
            type Sample = $sample;
            fn step(frozen: &Frozen<Self>, sample: &$sample, arena: &mut Self::Arena, output: &mut Self::Output) {
                frozen.forward(&(*sample, $(output.$state),+), arena, output);
            }
            fn answer(output: &Self::Output) -> &[f32] {
                output.0.as_slice()
            }
        }
    };
}

stream!(crate::networks::lstm_audio::Net, Tensor2<1, 1>, 1 2);
stream!(crate::networks::gru_audio::Net, Tensor2<1, 1>, 1);

/// Size, the convolution's kernel, and how many samples it remembers.
macro_rules! grid {
    ($($module:ident $size:tt $kernel:tt $past:tt;)*) => {$(
        pub mod $module {
            use super::*;
            network! { #[specialize] pub struct Dense: [$size] -> [$size] { layer: Linear($size, $size) } }
            network! {
                #[specialize]
                pub struct Conv: ([$size, 1], [$size, $past]) -> ([$size, 1], [$size, $past]) { layer: Conv1d($size, $size, $kernel) }
                forward(x, past) {
                    let window = cat([past, x], dim = 2);
                    (layer(window), narrow(window, 2, 1, $past))
                }
            }
            network! {
                #[specialize]
                pub struct Gru: ([1, $size], [1, $size]) -> ([1, $size], [1, $size]) { layer: GRU($size, $size) }
                forward(x, h) { layer(x, h) }
            }
            network! {
                #[specialize]
                pub struct Lstm: ([1, $size], [1, $size], [1, $size]) -> ([1, $size], [1, $size], [1, $size]) { layer: LSTM($size, $size) }
                forward(x, h, c) {
                    let (y, (h, c)) = layer(x, (h, c));
                    (y, h, c)
                }
            }
            stream!(Dense, Tensor1<$size>);
            stream!(Conv, Tensor2<$size, 1>, 1);
            stream!(Gru, Tensor2<1, $size>, 1);
            stream!(Lstm, Tensor2<1, $size>, 1 2);
        }
    )*};
}

grid! {
    size4 4 3 2;
    size8 8 7 6;
    size16 16 15 14;
    size32 32 31 30;
    size64 64 63 62;
}
