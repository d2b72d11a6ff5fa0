//! `named_parameters`, `named_buffers` and `state_dict` list what PyTorch lists, in its order: names and shapes as recorded (`record.py`).

use nn::prelude::*;
use nn::{Buffer, Parameters};

#[rustfmt::skip]
mod generated;

/// What PyTorch lists of a model.
pub(crate) struct Recorded {
    parameters: &'static [(&'static str, &'static [usize])],
    buffers: &'static [(&'static str, &'static [usize])],
    state_dict: &'static [&'static str],
}

block! {
    Residual(width) {
        conv: Conv2d(width, width, 3, padding = 1, bias = false),
        bn: BatchNorm2d(width),
        gain: Parameter(width, 1, 1),
    }
    forward(x) {
        x + gain * bn(conv(x))
    }
}

network! {
    struct Chain: [1, 6, 6] -> [3] (Conv2d(1, 2, 3), BatchNorm2d(2), ReLU, BatchNorm2d(2, affine = false), Flatten, Linear(32, 3));
}

network! {
    struct Shared: [4] -> [2] {
        fc: Linear(4, 4),
        norm: BatchNorm1d(4),
        head: Linear(4, 2, bias = false),
    }
    forward(x) {
        head(norm(fc(norm(fc(x)))))
    }
}

network! {
    struct Held: [2, 3] -> ([2, 2], [2, 4]) {
        fc: Linear(3, 3),
        scale: Parameter(3),
        mean: Buffer(2, 3),
        parts: [Parameter(3), Parameter(2, 1)],
        heads: { a: Linear(3, 2), b: [ReLU, Linear(3, 4)] },
        offset: Parameter(1, 2, 3, batch_axis = true),
    }
    forward(x) {
        let x = fc(x - mean) * scale + offset;
        let x = x * parts[0] + parts[1];
        (heads.a(x), heads.b(x))
    }
}

network! {
    struct Blocks: [3, 4, 4] -> [2, 4, 4] {
        stem: Conv2d(3, 2, 1),
        layers: [Residual(2); 2],
        #[frozen]
        scale: Parameter(2, 1, 1),
    }
    forward(x) {
        let x = stem(x);
        for layer in layers { x = layer(x); }
        x * scale
    }
}

network! {
    struct Words: [u32; 5] -> [5, 4] {
        table: Embedding(7, 3),
        lstm: LSTM(3, 2, num_layers = 2, bidirectional = true, batch_first = true),
        attn: MultiheadAttention(4, 2),
        norm: LayerNorm(4),
    }
    forward(x) {
        let (y, _state) = lstm(table(x));
        let (h, _) = attn(y, y, y, need_weights = false);
        norm(h)
    }
}

network! {
    struct Normed: [3] -> [4] {
        #[weight_norm]
        fc: Linear(3, 4),
        bn: BatchNorm1d(4),
    }
}

fn check<N: Network + nn::__private::Layout>(recorded: Recorded) {
    let net = N::init(&mut nn::seed(1));
    let shapes = |list: &[(&str, &'static [usize])]| -> Vec<(String, Vec<usize>)> {
        list.iter().map(|(name, shape)| (name.to_string(), shape.to_vec())).collect()
    };
    let parameters = net.named_parameters();
    let own: Vec<_> = parameters.iter().map(|(name, own)| (name.clone(), own.shape.to_vec())).collect();
    assert_eq!(own, shapes(recorded.parameters));
    for (name, own) in &parameters {
        assert_eq!(own.values.len(), own.shape.iter().product::<usize>(), "{name}");
    }
    let shape = |buffer: &Buffer<'_, N::Element>| match buffer {
        Buffer::Real(_, shape) => shape.to_vec(),
        Buffer::Count(_) => Vec::new(),
    };
    let own: Vec<_> = net.named_buffers().iter().map(|(name, own)| (name.clone(), shape(own))).collect();
    assert_eq!(own, shapes(recorded.buffers));
    let own: Vec<_> = net.state_dict().into_iter().map(|(name, _)| name).collect();
    assert_eq!(own, recorded.state_dict);
}

#[test]
fn a_chain() {
    check::<Chain>(generated::CHAIN);
}

#[test]
fn a_layer_that_is_called_twice() {
    check::<Shared>(generated::SHARED);
}

#[test]
fn tensors_of_the_network() {
    check::<Held>(generated::HELD);
}

#[test]
fn blocks() {
    check::<Blocks>(generated::BLOCKS);
}

#[test]
fn recurrent_layers_and_attention() {
    check::<Words>(generated::RECURRENT);
}

#[test]
fn weight_norm() {
    check::<Normed>(generated::NORMED);
}

/// The list holds the network's own numbers, and says what is trained.
#[test]
fn values_are_the_networks_own() {
    let mut net = Blocks::init(&mut nn::seed(2));
    net.scale[1][0][0] = 0.25;
    let mut seen = 0;
    for (name, parameter) in net.named_parameters() {
        assert_eq!(parameter.requires_grad, name != "scale", "{name}");
        if name == "scale" {
            assert_eq!(parameter.values, [0.0, 0.25]);
        }
        seen += parameter.values.len();
    }
    assert_eq!(seen, Blocks::PARAMETERS);
    let (name, own) = net.layers.0.named_parameters().swap_remove(0);
    assert_eq!((name.as_str(), own.values.len()), ("gain", 2));
}
