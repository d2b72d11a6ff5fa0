//! cat, stack, chunk, split: values side by side in memory.

use nn_shape::{Join, Split as Cut};

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Join, join, unjoin;
    /// Lays values side by side along an axis.
    /// [`torch.cat`](https://docs.pytorch.org/docs/stable/generated/torch.cat.html)
    Cat;
    /// Lays values of one shape side by side along a new axis.
    /// [`torch.stack`](https://docs.pytorch.org/docs/stable/generated/torch.stack.html)
    Stack;
}

unit_layers! { Cut, cut, uncut;
    /// Cuts a value into so many pieces along an axis.
    /// [`torch.chunk`](https://docs.pytorch.org/docs/stable/generated/torch.chunk.html)
    Chunk;
    /// Cuts a value into pieces of a size along an axis.
    /// [`torch.split`](https://docs.pytorch.org/docs/stable/generated/torch.split.html)
    Split;
}

fn join<E: Element>(config: &Join, pass: Forward<'_, E>) {
    let (rows, step) = (pass.batch * config.outer, config.total() * config.inner);
    let mut place = 0;
    for (input, size) in pass.inputs.iter().zip(config.sizes) {
        let len = size * config.inner;
        E::copy_rows(rows, len, input, len, &mut pass.outputs[0][place..], step, false);
        place += len;
    }
}

fn unjoin<E: Element>(config: &Join, pass: Backward<'_, E>) {
    let (rows, step) = (pass.batch * config.outer, config.total() * config.inner);
    let mut place = 0;
    for (gradient, size) in pass.input_gradients.iter_mut().zip(config.sizes) {
        let len = size * config.inner;
        if let Some((gradient, accumulate)) = gradient.target() {
            E::copy_rows(rows, len, &pass.output_gradients[0][place..], step, gradient, len, accumulate);
        }
        place += len;
    }
}

fn cut<E: Element>(config: &Cut, pass: Forward<'_, E>) {
    let (rows, step) = (pass.batch * config.outer, config.size * config.inner);
    let mut place = 0;
    for (index, output) in pass.outputs.iter_mut().enumerate() {
        let len = config.piece(index) * config.inner;
        E::copy_rows(rows, len, &pass.inputs[0][place..], step, output, len, false);
        place += len;
    }
}

fn uncut<E: Element>(config: &Cut, pass: Backward<'_, E>) {
    let Some((gradient, accumulate)) = pass.input_gradients[0].target() else { return };
    let (rows, step) = (pass.batch * config.outer, config.size * config.inner);
    let mut place = 0;
    for (index, output) in pass.output_gradients.iter().enumerate() {
        let len = config.piece(index) * config.inner;
        E::copy_rows(rows, len, output, len, &mut gradient[place..], step, accumulate);
        place += len;
    }
}
