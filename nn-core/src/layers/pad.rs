//! The padding layers and `pad`.

use nn_shape::Pad as Config;

use super::unit::unit_layers;
use crate::{Backward, Element, Forward};

unit_layers! { Config, forward, backward;
    /// A sequence `[channels, length]`, mirrored at both ends without repeating them.
    /// [`torch.nn.ReflectionPad1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad1d.html)
    ReflectionPad1d;
    /// An image `[channels, height, width]`, mirrored at its border without repeating it.
    /// [`torch.nn.ReflectionPad2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html)
    ReflectionPad2d;
    /// A volume `[channels, depth, height, width]`, mirrored at its border without repeating it.
    /// [`torch.nn.ReflectionPad3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReflectionPad3d.html)
    ReflectionPad3d;
    /// A sequence `[channels, length]` whose ends are repeated.
    /// [`torch.nn.ReplicationPad1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad1d.html)
    ReplicationPad1d;
    /// An image `[channels, height, width]` whose border is repeated.
    /// [`torch.nn.ReplicationPad2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html)
    ReplicationPad2d;
    /// A volume `[channels, depth, height, width]` whose border is repeated.
    /// [`torch.nn.ReplicationPad3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ReplicationPad3d.html)
    ReplicationPad3d;
    /// Zeros on both sides of the last axis.
    /// [`torch.nn.ZeroPad1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad1d.html)
    ZeroPad1d;
    /// Zeros around the last two axes.
    /// [`torch.nn.ZeroPad2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html)
    ZeroPad2d;
    /// Zeros around the last three axes.
    /// [`torch.nn.ZeroPad3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ZeroPad3d.html)
    ZeroPad3d;
    /// A constant on both sides of the last axis.
    /// [`torch.nn.ConstantPad1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad1d.html)
    ConstantPad1d;
    /// A constant around the last two axes.
    /// [`torch.nn.ConstantPad2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html)
    ConstantPad2d;
    /// A constant around the last three axes.
    /// [`torch.nn.ConstantPad3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.ConstantPad3d.html)
    ConstantPad3d;
    /// A sequence `[channels, length]`, continued at each end from the other one.
    /// [`torch.nn.CircularPad1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad1d.html)
    CircularPad1d;
    /// An image `[channels, height, width]`, continued at each side from the opposite one.
    /// [`torch.nn.CircularPad2d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad2d.html)
    CircularPad2d;
    /// A volume `[channels, depth, height, width]`, continued at each side from the opposite one.
    /// [`torch.nn.CircularPad3d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.CircularPad3d.html)
    CircularPad3d;
    /// Places around the last axes: a constant, or the input continued.
    /// [`torch.nn.functional.pad`](https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html)
    Pad;
}

fn forward<E: Element>(config: &Config, pass: Forward<'_, E>) {
    E::pad_forward(&config.geometry, pass.batch, E::from_f64(config.value), pass.inputs[0], pass.outputs[0]);
}

fn backward<E: Element>(config: &Config, pass: Backward<'_, E>) {
    if let Some(input) = pass.input_gradients[0].accumulator() {
        E::pad_backward(&config.geometry, pass.batch, pass.output_gradients[0], input);
    }
}
