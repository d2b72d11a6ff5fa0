//! Parameters and buffers of a network itself: how they begin, are trained, saved, loaded, put into a program, shown, and run in the inference form.

use nn::optim::{Optimizer, SGD};
use nn::prelude::*;
use nn::{Buffer, Sample};

const WIDTH: usize = 6;
const SMALL: f64 = 1e-5;

block! {
    /// LayerScale around a layer.
    Scaled(width, init_values = 1e-5) {
        fc: Linear(width, width),
        gamma: Parameter(init_values * ones(width)),
    }
    forward(x) {
        x + gamma * fc(x)
    }
}

network! {
    struct Vit: [1, 4, 4] -> [3] {
        cls: Parameter(zeros(1, 1, 6), batch_axis = true),
        pos: Parameter(0.02 * randn(1, 5, 6), batch_axis = true),
        conv: Conv2d(1, 6, 2, stride = 2),
        attn: MultiheadAttention(6, 2),
        norm: LayerNorm(6),
        head: Linear(6, 3),
    }
    forward(image) {
        let x = transpose(flatten(conv(image), 2), 1, 2);
        let x = cat([cls, x], dim = 1) + pos;
        let h = norm(x);
        let (h, _w) = attn(h, h, h);
        head(select(x + h, 1, 0))
    }
}

network! {
    struct Begins: [WIDTH] -> [WIDTH] {
        zeros: Parameter(WIDTH),
        list: Parameter([2, WIDTH]),
        ones: Parameter(ones(WIDTH)),
        full: Parameter(full((WIDTH,), 2)),
        scaled: Parameter(0.5 * ones(WIDTH)),
        constant: Parameter(SMALL * ones(WIDTH)),
        #[init(constant, val = 3.0)]
        attribute: Parameter(zeros(WIDTH)),
        normal: Parameter(randn(1, WIDTH) * 0.02),
        uniform: Parameter(rand(WIDTH)),
        mean: Buffer(full(WIDTH, -1.5)),
        blocks: [Scaled(WIDTH), Scaled(WIDTH, 0.25)],
    }
    forward(x) {
        let x = x + zeros + ones + full + scaled + constant + attribute + uniform + mean;
        let x = x + sum(list, dim = 1) + select(normal, 1, 0);
        for block in blocks { x = block(x); }
        x
    }
}

#[test]
fn they_begin_as_declared() {
    let net = Begins::init(&mut nn::seed(1));
    assert_eq!(net.zeros.0, [0.0; WIDTH]);
    assert_eq!(net.list.0, [[0.0; WIDTH]; 2]);
    assert_eq!(net.ones.0, [1.0; WIDTH]);
    assert_eq!(net.full.0, [2.0; WIDTH]);
    assert_eq!(net.scaled.0, [0.5; WIDTH]);
    assert_eq!(net.constant.0, [1e-5; WIDTH]);
    assert_eq!(net.attribute.0, [3.0; WIDTH]);
    assert_eq!(net.mean.0, [-1.5; WIDTH]);
    assert_eq!((net.blocks.0.gamma[0], net.blocks.1.gamma[5]), (1e-5, 0.25));
    assert!(net.normal[0].iter().all(|value| *value != 0.0 && value.abs() < 0.1));
    assert!(net.uniform.iter().all(|value| (0.0..1.0).contains(value)));
}

network! {
    struct Trained: [3] -> ([3], [2, 3]) {
        scale: Parameter(ones(3)),
        #[frozen]
        fixed: Parameter(ones(3)),
        shift: Buffer(ones(3)),
        table: Parameter(2, 3),
    }
    forward(x) {
        (x * scale * fixed + shift, table)
    }
}

/// The gradient is the sum over the batch; what is frozen, and what is a buffer, stays.
#[test]
fn they_are_trained() {
    let mut net = Trained::init(&mut nn::seed(1));
    let mut tape = Trained::tape::<2>();
    let input = [Tensor1([1.0, 2.0, 3.0]), Tensor1([4.0, 5.0, 6.0])];
    let gradient = [(Tensor1([1.0; 3]), Tensor2([[1.0; 3], [2.0; 3]])); 2];
    let mut gradients = Trained::gradients();
    for round in 1..3 {
        let output = net.forward_train(&input, &mut tape);
        assert_eq!(output[1].0.0, [5.0, 6.0, 7.0]);
        let inputs = net.backward(&mut tape, &gradient, &mut gradients);
        assert_eq!(inputs[0].0, [1.0; 3]);
        let round = round as f32;
        assert_eq!(gradients.scale.0, [5.0 * round, 7.0 * round, 9.0 * round]);
        assert_eq!(gradients.table.0, [[2.0 * round; 3], [4.0 * round; 3]]);
        assert_eq!((gradients.fixed.0, gradients.shift.0), ([0.0; 3], [0.0; 3]));
    }
    SGD::<Trained>::boxed(0.5).step(&mut net, &gradients);
    assert_eq!(net.scale.0, [-4.0, -6.0, -8.0]);
    assert_eq!((net.fixed.0, net.shift.0), ([1.0; 3], [1.0; 3]));
    assert_eq!(Trained::PARAMETERS, 12);
}

#[test]
fn files_hold_them_under_their_names() {
    let mut net = Vit::init(&mut nn::seed(2));
    net.cls[0][0][4] = 0.75;
    let file = net.to_safetensors();
    let mut other = Vit::init(&mut nn::seed(3));
    nn::weights::Weights::from_bytes(&file).unwrap().load_into(&mut *other).unwrap();
    assert_eq!(other.cls[0][0][4], 0.75);
    assert!(other.to_safetensors() == file);
    let (names, buffers): (Vec<String>, _) =
        (net.state_dict().into_iter().map(|(name, _)| name).collect(), net.named_buffers());
    assert_eq!(names[..3], ["cls", "pos", "conv.weight"]);
    assert!(buffers.is_empty());
    let trained = Trained::init(&mut nn::seed(1));
    assert!(matches!(trained.named_buffers()[..], [(ref name, Buffer::Real([1.0, 1.0, 1.0], [3]))] if name == "shift"));
}

/// PyTorch's own numbers, put into the program while rustc checks.
#[test]
fn a_program_includes_them() {
    let net: &Vit = nn::include_weights!("tests/torch/record/held.safetensors", Vit, prefix = "parameter_vit/param/");
    let bytes = std::fs::read("tests/torch/record/held.safetensors").unwrap();
    let mut loaded = Vit::init(&mut nn::seed(4));
    nn::weights::Weights::from_bytes(&bytes).unwrap().prefix("parameter_vit/param/").load_into(&mut *loaded).unwrap();
    assert!(net.to_safetensors() == loaded.to_safetensors());
    assert!(net.pos[0][4][5] != 0.0);
}

#[test]
fn they_are_shown() {
    let text = Vit::summary().to_string();
    assert!(text.contains("├─ pos: Parameter(0.02 * randn(1, 5, 6), batch_axis=true)  [5, 6]"), "{text}");
    let printed = Vit::repr().to_string();
    assert!(!printed.contains("pos") && printed.contains("(norm): LayerNorm((6,)"), "{printed}");
    assert!(Vit::dot().to_string().contains("label=\"cls\\nParameter(zeros(1, 1, 6), batch_axis=true)\""));
    assert!(Vit::svg().contains("cls"));
}

network! {
    struct Planes: [3, 5, 5] -> [2, 5, 5] {
        mean: Buffer(3, 1, 1),
        conv: Conv2d(3, 4, 3, padding = 1),
        bias: Parameter(randn(4, 5, 5)),
        gain: Parameter(randn(4, 1, 1)),
        out: Conv2d(4, 2, 1),
    }
    forward(x) {
        out(relu(conv(x - mean) + bias) * gain)
    }
}

network! {
    struct Products: [2, 5, 3] -> ([2, 5, 4], [4]) {
        w: Parameter(randn(3, 4)),
        parts: [Parameter(randn(4)); 3],
        heads: { first: Linear(4, 4), second: [Linear(4, 4), Tanh] },
    }
    forward(x) {
        let y = matmul(x, w);
        for part in parts { y = y * part; }
        (heads["second"](heads.first(y)) + parts.1, parts[2])
    }
}

/// The inference form gives what the network gives.
fn check<N: Freeze>(outputs: usize) {
    let net = N::init(&mut nn::seed(5));
    let mut input: N::Input = nn::Zeroable::zeroed();
    input
        .part_mut(0)
        .iter_mut()
        .enumerate()
        .for_each(|(i, value)| *value = nn::Float::from_f64((i % 7) as f64 / 5.0 - 0.6));
    let (expected, mut found) = (net.predict(&input), <N::Output as nn::Zeroable>::zeroed());
    net.freeze().forward(&input, &mut nn::Frozen::<N>::workspace(), &mut found);
    for part in 0..outputs {
        for (found, expected) in found.part(part).iter().zip(expected.part(part)) {
            let (found, expected) = (nn::Float::to_f64(*found), nn::Float::to_f64(*expected));
            assert!((found - expected).abs() < 1e-5 * expected.abs().max(1.0), "{found} {expected}");
        }
    }
}

#[test]
fn the_inference_form_gives_the_same() {
    check::<Vit>(1);
    check::<Planes>(1);
    check::<Products>(2);
}
