//! RTNeural-compare's grid: one layer with as many outputs as inputs, a sample at a time. A network's states are inputs and outputs, which the caller holds.

use nn::prelude::*;

/// Networks that remember something from one sample to the next.
pub trait Stream: Freeze<Element = f32> {
    /// The next sample, and the states that the last call left.
    fn next(sample: &[f32], last: &Self::Output) -> Self::Input;
    fn answer(output: &Self::Output) -> &[f32];
}

/// A tensor of these numbers.
fn tensor<T: Tensor<Element = f32>>(values: &[f32]) -> T {
    let mut tensor: T = nn::Zeroable::zeroed();
    tensor.as_mut_slice().copy_from_slice(values);
    tensor
}

macro_rules! stream {
    ($network:path) => {
        impl Stream for $network {
            fn next(sample: &[f32], _last: &Self::Output) -> Self::Input {
                tensor(sample)
            }
            fn answer(output: &Self::Output) -> &[f32] {
                output.as_slice()
            }
        }
    };
    ($network:path, $($state:tt)+) => {
        impl Stream for $network {
            fn next(sample: &[f32], last: &Self::Output) -> Self::Input {
                (tensor(sample), $(last.$state),+)
            }
            fn answer(output: &Self::Output) -> &[f32] {
                output.0.as_slice()
            }
        }
    };
}

stream!(crate::networks::lstm_audio::Net, 1 2);
stream!(crate::networks::gru_audio::Net, 1);

/// Size, the convolution's kernel, and how many samples it remembers.
macro_rules! grid {
    ($($module:ident $size:tt $kernel:tt $past:tt;)*) => {$(
        pub mod $module {
            use super::*;
            network! { pub struct Dense: [$size] -> [$size] { layer: Linear($size, $size) } }
            network! {
                pub struct Conv: ([$size, 1], [$size, $past]) -> ([$size, 1], [$size, $past]) { layer: Conv1d($size, $size, $kernel) }
                forward(x, past) {
                    let window = cat([past, x], dim = 2);
                    (layer(window), narrow(window, 2, 1, $past))
                }
            }
            network! {
                pub struct Gru: ([1, $size], [1, $size]) -> ([1, $size], [1, $size]) { layer: GRU($size, $size) }
                forward(x, h) { layer(x, h) }
            }
            network! {
                pub struct Lstm: ([1, $size], [1, $size], [1, $size]) -> ([1, $size], [1, $size], [1, $size]) { layer: LSTM($size, $size) }
                forward(x, h, c) {
                    let (y, (h, c)) = layer(x, (h, c));
                    (y, h, c)
                }
            }
            stream!(Dense);
            stream!(Conv, 1);
            stream!(Gru, 1);
            stream!(Lstm, 1 2);
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
