//! PixelShuffle, PixelUnshuffle, ChannelShuffle.

use nn_shape::Shuffle;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Shuffle, forward, backward;
    /// `[..., C · r², H, W]` becomes `[..., C, H · r, W · r]`: channel `c · r² + i · r + j` gives row `y · r + i`, column `x · r + j`.
    /// [`torch.nn.PixelShuffle`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html)
    PixelShuffle;
    /// `[..., C, H · r, W · r]` becomes `[..., C · r², H, W]`: the inverse of [`PixelShuffle`].
    /// [`torch.nn.PixelUnshuffle`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html)
    PixelUnshuffle;
    /// The channels of `[C, ...]`, read as a matrix of `groups` rows and transposed.
    /// [`torch.nn.ChannelShuffle`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html)
    ChannelShuffle;
}

fn forward<E: Element>(config: &Shuffle, pass: Forward<'_, E>) {
    E::permute_forward(&config.walk, pass.batch, pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Shuffle, pass: Backward<'_, E>) {
    if let Some((input, accumulate)) = pass.input_gradients[0].target() {
        E::permute_backward(&config.walk, pass.batch, pass.output_gradients[0], input, accumulate);
    }
}
