//! What a network looks like: `print(net)` in PyTorch, byte for byte, for every layer of torch.nn that the language has and for nested
//! models; the table; the graph.

use nn::prelude::*;

#[rustfmt::skip]
mod generated;
mod graph;
mod table;

/// A named constant is shown as its value.
const WIDTH: usize = 8;

block! {
    Residual(width) {
        conv: Conv2d(width, width, 3, padding = 1),
        bn: BatchNorm2d(width),
    }
    forward(x) {
        relu(x + bn(conv(x)))
    }
}

block! {
    /// With a learnt factor, which is no module.
    Residual3(width) {
        fc: Linear(width, width),
        gain: Parameter(1e-5 * ones(width)),
    }
    forward(x) {
        x + gain * fc(x)
    }
}

block! {
    Tower(width) {
        parts: [Linear(width, width), Linear(width, width), Tanh],
    }
    forward(x) {
        for part in parts { x = part(x); }
        x
    }
}

network! {
    struct Encoder: [4] -> [3] (Linear(4, 5), Tanh, Linear(5, 3));
}

network! {
    /// Two inputs and results, a list, a block in a block, a layer that is called twice, and a frozen one.
    struct Mixed: ([4, 6, 6], [u32; 3]) -> ([4, 6, 6], [6]) {
        table: Embedding(10, 6),
        #[frozen]
        tower: Tower(6),
        body: [Residual(4), Residual(4)],
        point: Conv2d(4, 4, 1),
    }
    forward(image, words) {
        let image = point(body(point(image)));
        let words = tower(table(words)).mean(dim = 1);
        (image * words.unsqueeze(1).unsqueeze(1), words)
    }
}

#[test]
fn a_network_displays_itself() {
    let net = Encoder::init(&mut nn::seed(1));
    assert_eq!(net.to_string(), Encoder::repr().to_string());
}

/// What holds a network, its inference form and its optimiser can derive `Debug`, and shows settings, not weights.
#[test]
fn structs_that_hold_networks_derive_debug() {
    #[derive(Debug)]
    #[allow(dead_code)]
    struct Plugin {
        net: Box<Encoder>,
        frozen: Box<nn::Frozen<Encoder>>,
        tape: Box<<Encoder as Network>::Tape<2>>,
        workspace: Box<<Encoder as Network>::Workspace<1>>,
        optimizer: Box<nn::optim::AdamW<Encoder>>,
    }
    let net = Encoder::init(&mut nn::seed(1));
    let frozen = net.freeze();
    let plugin = Plugin {
        frozen,
        net,
        tape: Encoder::tape::<2>(),
        workspace: Encoder::workspace(),
        optimizer: nn::optim::AdamW::boxed(0.01),
    };
    let text = format!("{plugin:?}");
    assert!(text.starts_with("Plugin { net: Encoder(\n  (0): Linear(in_features=4, out_features=5, bias=True)"));
    for part in [
        "Frozen { network: \"Encoder\", isa: ",
        "tape: Tape { samples: 2, .. }",
        "workspace: Memory { samples: 1, .. }",
        "AdamW { lr: 0.01, betas: (0.9, 0.999), eps: 1e-8, weight_decay: 0.01, amsgrad: false, maximize: false, .. }",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
