//! masked_fill, where, additive_mask, logical_not.

use nn_shape::{Mask, Masking};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Mask, forward, backward;
    /// `value` where the mask is true, else `x`.
    /// [`torch.Tensor.masked_fill`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.masked_fill_.html)
    MaskedFill;
    /// `a` where the mask is true, else `b`.
    /// [`torch.where`](https://docs.pytorch.org/docs/stable/generated/torch.where.html)
    Where;
    /// -∞ where the mask is true, else 0: PyTorch's masks of truth values, as `attn_mask` and `key_padding_mask` of
    /// [`MultiheadAttention`](crate::layers::MultiheadAttention) take them here.
    AdditiveMask;
    /// The opposite of a mask.
    /// [`torch.logical_not`](https://docs.pytorch.org/docs/stable/generated/torch.logical_not.html)
    LogicalNot;
}

fn forward<E: Element>(config: &Mask, pass: Forward<'_, E>) {
    let mask = pass.indices[0];
    if config.masking == Masking::Not {
        for (output, mask) in pass.index_outputs[0].iter_mut().zip(mask) {
            *output = u32::from(*mask == 0);
        }
        return;
    }
    let values = [0, 1].map(|place| pass.inputs.get(place).copied().unwrap_or_default());
    E::mask_forward(config.masking, &config.broadcast, pass.batch, mask, values, pass.outputs[0]);
}

fn backward<E: Element>(config: &Mask, pass: Backward<'_, E>) {
    // Of masked_fill's only value what is left, of where's values first what the mask chose.
    let chosen = config.masking == Masking::Where;
    for (place, gradient) in pass.input_gradients.iter_mut().enumerate() {
        if let Some((gradient, accumulate)) = gradient.target() {
            let wanted = chosen == (place == 0);
            let output = pass.output_gradients[0];
            E::mask_backward(&config.broadcast, pass.batch, pass.indices[0], wanted, output, gradient, accumulate);
        }
    }
}
