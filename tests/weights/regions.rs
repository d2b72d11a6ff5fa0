//! The places of tensors, which `include_weights!` fills, against the walks that loading and saving stand on: for every layer that holds any.

use std::collections::BTreeSet;

use nn::__private::layout::{self, Included};
use nn::__private::{Layout, shape};
use nn::prelude::*;
use nn::{BufferMut, Path};

/// Names, shapes, types and places are those of the walks: `check` compares what a file would say, both ways, and `include` gives back every
/// number, each of which is there once. Returns the kinds of the layers.
fn agrees<M: Network + Layout>(kinds: &mut BTreeSet<String>) {
    let mut net = M::init(&mut nn::seed(7));
    let mut count = 0.0;
    let mut next = || {
        count += 1.0;
        count
    };
    net.visit_parameters_mut(&mut |_, values| values.fill_with(|| <M::Element as nn::Float>::from_f64(next())));
    net.visit_buffers_mut(&Path::ROOT, &mut |_, buffer| match buffer {
        BufferMut::Real(values, _) => values.fill_with(|| <M::Element as nn::Float>::from_f64(next())),
        BufferMut::Count(count) => *count = next() as i64,
    });
    let bytes = net.to_safetensors();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let header = bytes.len() - tensors.iter().map(|(_, view)| view.data().len()).sum::<usize>();
    let mut entries: Vec<_> = tensors
        .iter()
        .map(|(name, view)| Included {
            hash: layout::hash(layout::EMPTY, name),
            name: name.to_string().leak(),
            dtype: view.dtype().to_string().leak(),
            shape: view.shape().to_vec().leak(),
            begin: header + (view.data().as_ptr() as usize - bytes[header..].as_ptr() as usize),
        })
        .collect();
    entries.sort_by_key(|entry| entry.hash);
    layout::check::<M>("file", M::NAME, &entries);
    let included: Box<M> = Box::new(layout::include(&bytes, &entries));
    assert!(included.to_safetensors() == bytes, "{}", M::NAME);
    for leave in 0..entries.len() {
        let (mut without, name) = (entries.clone(), entries[leave].name);
        without.remove(leave);
        let message = *std::panic::catch_unwind(|| layout::check::<M>("file", M::NAME, &without))
            .expect_err(name)
            .downcast::<String>()
            .unwrap();
        assert!(message.contains(&format!("missing     {name}: ")), "{message}");
    }
    let layers = M::DESCRIPTION.modules.iter().filter_map(|module| match module.kind {
        nn::describe::ModuleKind::Layer => Some(module.class),
        nn::describe::ModuleKind::Parameter => module.text.split('(').next(),
        _ => None,
    });
    kinds.extend(layers.map(ToString::to_string));
}

block! {
    pub Stage(features) { fc: Linear(_, features), BatchNorm1d(features) }
}

network! {
    struct Nested: [4] -> [3] {
        #[key = "stem.0"]
        first: Linear(4, 5),
        stages: [Stage(6), Stage(7)],
        #[frozen]
        inner: net(Inner),
        PReLU,
        last: Linear(_, 3, bias = false),
    }
}

network! { struct Inner: [7] -> [7] (LayerNorm(7)); }

network! {
    #[element(f64)]
    struct Double: [18] -> [5] { fc: Linear(18, 5, bias = false) }
}

network! {
    struct Signals: [2, 9] -> [1, 9] (
        Conv1d(2, 4, 3, padding = 1), BatchNorm1d(4, affine = false), InstanceNorm1d(4, affine = true, track_running_stats = true),
        GroupNorm(2, 4), ConvTranspose1d(4, 1, 3, padding = 1, bias = false), LayerNorm((1, 9), bias = false), RMSNorm(9),
    );
}

network! {
    struct Images: [2, 5, 5] -> [1, 5, 5] (
        Conv2d(2, 4, 3, padding = 1, groups = 2), BatchNorm2d(4), InstanceNorm2d(4, affine = true), InstanceNorm2d(4, track_running_stats = true),
        PReLU(4), ConvTranspose2d(4, 1, 3, padding = 1), LayerNorm((5, 5)), BatchNorm2d(1, track_running_stats = false),
    );
}

network! {
    struct Volumes: [1, 3, 3, 3] -> [1, 3, 3, 3] (
        Conv3d(1, 2, 3, padding = 1, bias = false), BatchNorm3d(2), InstanceNorm3d(2, affine = true, track_running_stats = true),
        ConvTranspose3d(2, 1, 3, padding = 1),
    );
}

network! {
    struct Products: ([3], [4]) -> [2] { mix: Bilinear(3, 4, 2) }
    forward(a, b) { mix(a, b) }
}

network! {
    struct Words: ([u32; 5], [[u32; 2]; 3]) -> [10] {
        words: Embedding(11, 4, padding_idx = 0),
        bags: EmbeddingBag(7, 2, mode = "sum"),
    }
    forward(a, b) { cat([words(a).flatten(1), bags(b).flatten(1)], dim = 1).narrow(1, 0, 10) }
}

network! {
    struct Recurrences: [5, 3] -> ([5, 4], [5, 8], [5, 2]) {
        rnn: RNN(3, 4),
        gru: GRU(3, 4, num_layers = 3, bidirectional = true, bias = false),
        lstm: LSTM(3, 6, num_layers = 2, proj_size = 2),
        both: LSTM(3, 6, 3, bidirectional = true, proj_size = 1),
    }
    forward(x) {
        let (a, _) = rnn(x);
        let (b, _) = gru(x);
        let (c, _) = lstm(x);
        let (d, _) = both(x);
        (a, b, c + d)
    }
}

network! {
    struct Cells: [3] -> [4] {
        rnn: RNNCell(3, 4),
        gru: GRUCell(3, 4, bias = false),
        lstm: LSTMCell(3, 4),
    }
    forward(x) {
        let (h, c) = lstm(x);
        rnn(x, gru(x, h)) + c
    }
}

network! {
    struct Attention: [5, 4] -> [5, 4] {
        packed: MultiheadAttention(4, 2),
        apart: MultiheadAttention(4, 2, kdim = 3, vdim = 2, add_bias_kv = true),
        plain: MultiheadAttention(4, 1, bias = false),
        layer: TransformerEncoderLayer(4, 2, dim_feedforward = 6),
    }
    forward(x) {
        let (a, _) = packed(x, x, x);
        let (b, _) = apart(a, x.narrow(2, 0, 3), x.narrow(2, 0, 2));
        let (c, _) = plain(b, b, b);
        layer(c)
    }
}

network! {
    struct Classes: [6] -> [12] { crit: AdaptiveLogSoftmaxWithLoss(6, 12, [4, 9], div_value = 2.0, head_bias = true) }
}

network! {
    struct Held: [2, 3] -> [2, 3] {
        fc: Linear(3, 3),
        scale: Parameter(3),
        pos: Parameter(1, 2, 3, batch_axis = true),
        mean: Buffer(2, 1),
        list: [Parameter(3), Parameter(2, 3)],
        named: { gain: Parameter(()), inner: [Buffer(3), Linear(3, 3)] },
    }
    forward(x) {
        let x = fc(x - mean) * scale + pos + list[0] * list[1];
        named.inner[1](x * named.gain - named.inner[0])
    }
}

network! {
    struct Normed: [3] -> [2] {
        #[weight_norm]
        fc: Linear(3, 2),
    }
}

/// A constant is copied, and never computed.
#[test]
fn what_would_be_computed_is_refused() {
    let message = *std::panic::catch_unwind(|| layout::check::<Normed>("file", "Normed", &[]))
        .unwrap_err()
        .downcast::<String>()
        .unwrap();
    assert!(message.contains("computed    fc.weight: #[weight_norm] computes it"), "{message}");
}

/// A layer of the catalogue whose struct holds tensors must be in one of these networks: a new one fails here until it is.
#[test]
fn every_layer_knows_its_places() {
    let mut kinds = BTreeSet::new();
    agrees::<crate::Small>(&mut kinds);
    agrees::<Double>(&mut kinds);
    agrees::<Nested>(&mut kinds);
    agrees::<Signals>(&mut kinds);
    agrees::<Images>(&mut kinds);
    agrees::<Volumes>(&mut kinds);
    agrees::<Products>(&mut kinds);
    agrees::<Words>(&mut kinds);
    agrees::<Recurrences>(&mut kinds);
    agrees::<Cells>(&mut kinds);
    agrees::<Attention>(&mut kinds);
    agrees::<Classes>(&mut kinds);
    agrees::<Held>(&mut kinds);
    // A struct without const parameters holds nothing.
    let holding = shape::catalogue::entries().filter(|entry| entry.is_layer && entry.generics > 0);
    let left: Vec<_> = holding.map(|entry| entry.name).filter(|name| !kinds.contains(*name)).collect();
    assert!(left.is_empty(), "no network here has {left:?}");
}
