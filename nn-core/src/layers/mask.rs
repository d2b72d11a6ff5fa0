//! masked_fill, where, additive_mask, float, logical_not, logical_and, logical_or, logical_xor.

use nn_shape::{Logic, Mask, Masking};

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
    /// The numbers 0.0 and 1.0 of truth values, and those of other indices.
    /// [`torch.Tensor.float`](https://docs.pytorch.org/docs/stable/generated/torch.Tensor.float.html)
    ToFloat;
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

unit_layers! { Logic, connect, no_gradient;
    /// 1 where both masks are true.
    /// [`torch.logical_and`](https://docs.pytorch.org/docs/stable/generated/torch.logical_and.html)
    LogicalAnd;
    /// 1 where one mask is true or both.
    /// [`torch.logical_or`](https://docs.pytorch.org/docs/stable/generated/torch.logical_or.html)
    LogicalOr;
    /// 1 where one mask is true and not the other.
    /// [`torch.logical_xor`](https://docs.pytorch.org/docs/stable/generated/torch.logical_xor.html)
    LogicalXor;
}

fn connect<E: Element>(config: &Logic, pass: Forward<'_, E>) {
    let [left, right] = pass.indices else { return };
    E::connect(config.connective, &config.broadcast, pass.batch, left, right, pass.index_outputs[0]);
}

/// Truth values have none.
fn no_gradient<E: Element>(_config: &Logic, _pass: Backward<'_, E>) {}
