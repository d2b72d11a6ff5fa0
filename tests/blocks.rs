//! Blocks, lists, loops and networks as layers.

use nn::prelude::*;

mod parts {
    pub(crate) mod residual {
        /// Filters of every block.
        pub(crate) const KERNEL: usize = 3;

        nn::block! {
            /// Two convolutions and a way past them.
            pub BasicBlock(cin, cout, stride = 1) {
                conv1: Conv2d(cin, cout, crate::parts::residual::KERNEL, stride = stride, padding = 1, bias = false),
                bn1: BatchNorm2d(cout),
                conv2: Conv2d(cout, cout, 3, padding = 1, bias = false),
                bn2: BatchNorm2d(cout),
            }
            forward(x) {
                let h = relu(bn1(conv1(x)));
                relu(x + bn2(conv2(h)))
            }
        }

        nn::block! {
            /// As `BasicBlock`, where the shape changes on the way.
            pub DownBlock(cin, cout, stride = 2) {
                conv1: Conv2d(cin, cout, 3, stride = stride, padding = 1, bias = false),
                bn1: BatchNorm2d(cout),
                conv2: Conv2d(cout, cout, 3, padding = 1, bias = false),
                bn2: BatchNorm2d(cout),
                downsample: [Conv2d(cin, cout, 1, stride = stride, bias = false), BatchNorm2d(cout)],
            }
            forward(x) {
                let h = relu(bn1(conv1(x)));
                relu(downsample(x) + bn2(conv2(h)))
            }
        }

        nn::block! {
            /// A stage that goes down once.
            pub Stage(cin, cout) (DownBlock(cin, cout), BasicBlock(cout, cout))
        }
    }

    pub(crate) mod other {
        nn::block! {
            /// Another block of that name.
            pub BasicBlock(width) (Linear(width, width), ReLU)
        }
    }
}

use parts::residual::{BasicBlock, Stage};

network! {
    /// A small residual network.
    pub struct Small: [3, 16, 16] -> [10] {
        stem: [Conv2d(3, 8, 3, padding = 1), ReLU],
        layer1: [BasicBlock(8, 8), BasicBlock(8, 8)],
        layer2: Stage(8, 16),
        pool: AdaptiveAvgPool2d(1),
        Flatten,
        head: parts::other::BasicBlock(16),
        fc: Linear(16, 10),
    }
}

fn names<M: Network>(network: &M) -> Vec<String> {
    let mut names = Vec::new();
    network.visit_parameters(&mut |parameter, _| names.push(parameter.name.to_string()));
    names
}

#[test]
fn a_residual_network() {
    let mut net = Small::init(&mut nn::seed(1));
    net.layer1.0.conv1.weight[0][0][1][1] = 0.5;
    net.layer2.0.downsample.1.bias[3] = 1.0;
    let output = net.predict(&Tensor3([[[0.5; 16]; 16]; 3]));
    assert!(output.iter().all(|value| value.is_finite()));
    let names = names(&*net);
    assert_eq!(names[0], "stem.0.weight");
    assert!(names.contains(&"layer1.1.bn2.bias".to_string()), "{names:?}");
    assert!(names.contains(&"layer2.0.downsample.0.weight".to_string()));
    assert!(names.contains(&"head.0.bias".to_string()));
}

block! { Dense(width, growth) (Linear(width, growth), ReLU) }

network! {
    struct Loops: [6] -> [6] {
        first: [Linear(6, 6); 3],
        dense: [Dense(6, 2), Dense(8, 2)],
        last: Linear(10, 6),
    }
    forward(x) {
        for layer in first {
            let y = layer(x);
            x = relu(y) + x;
        }
        let start = x;
        for i in 0..2 {
            x = cat([x, dense[i](x)], dim = 1);
        }
        let x = last(x) + first[2](start);
        first.0(x)
    }
}

#[test]
fn loops_are_written_out() {
    let net = Loops::init(&mut nn::seed(2));
    net.predict(&Tensor1([1.0; 6]));
    assert_eq!(Loops::PARAMETERS, 3 * 42 + (6 * 2 + 2) + (8 * 2 + 2) + 66);
    assert_eq!(names(&*net)[..3], ["first.0.weight", "first.0.bias", "first.1.weight"]);
}

network! {
    struct Encoder: [8] -> [3] (Linear(8, 5), Tanh, Linear(5, 3));
}
network! {
    struct Autoencoder: [8] -> [8] {
        encoder: net(Encoder),
        decoder: [Linear(3, 5), Tanh, Linear(5, 8)],
    }
}

#[test]
fn a_network_is_a_layer() {
    let mut both = Autoencoder::init(&mut nn::seed(3));
    let mut encoder = Encoder::init(&mut nn::seed(4));
    encoder.0.bias[0] = 7.0;
    both.encoder = *encoder;
    assert_eq!(names(&*both)[..2], ["encoder.0.weight", "encoder.0.bias"]);
    let code = both.encoder.predict(&Tensor1([1.0; 8]));
    assert_eq!(code.len(), 3);
    both.predict(&Tensor1([1.0; 8]));
}

block! {
    Branches(width, skip, act, times) {
        a: Linear(width, width),
        b: [Linear(width, width), ReLU],
    }
    forward(x) {
        let y = if times == 2 { a(b(x)) } else { b(x) + a(x) };
        let (p, q) = if skip { chunk(y, 2, dim = 1) } else { (narrow(x, 1, 0, 2), narrow(y, 1, 0, 2)) };
        if act == "relu" {
            p = relu(p);
        } else if act == "tanh" {
            p = tanh(p);
        }
        let z = p;
        if skip {
            let h = z + q;
            z = h;
        } else {
            z = z - q;
        }
        if skip { z } else { z * q }
    }
}

network! {
    struct Branched: [4] -> ([2], [2]) {
        one: Branches(4, true, "relu", 2),
        other: Branches(4, skip = false, act = "none", times = 1),
    }
    forward(x) {
        (one(x), other(x))
    }
}

#[test]
fn conditions_that_are_open_in_the_block() {
    let net = Branched::init(&mut nn::seed(5));
    let x = [0.5, -1.0, 2.0, 0.25];
    let linear = |layer: &nn::layers::Linear<4, 4>, x: [f32; 4]| -> [f32; 4] {
        core::array::from_fn(|o| layer.bias[o] + (0..4).map(|i| layer.weight[o][i] * x[i]).sum::<f32>())
    };
    let relu = |value: f32| value.max(0.0);
    let y = linear(&net.one.a, linear(&net.one.b.0, x).map(relu));
    let (a, b) = (linear(&net.other.a, x), linear(&net.other.b.0, x).map(relu));
    let (one, other) = net.predict(&Tensor1(x));
    for i in 0..2 {
        assert!((one[i] - (relu(y[i]) + y[i + 2])).abs() < 1e-5);
        let q = a[i] + b[i];
        assert!((other[i] - (x[i] - q) * q).abs() < 1e-5);
    }
}

block! {
    Several(width, both) { a: Linear(width, width) }
    forward(x) {
        let y = a(x);
        if both { (y, x) } else { y }
    }
}

block! {
    Open(width, times, act, place, scale) {
        layers: [Linear(width, width); 3],
        more: [Linear(width, width); times],
    }
    forward(x) {
        for i in 0..times {
            x = layers[i](x);
        }
        for layer in more {
            x = layer(x);
        }
        scale * act(layers[place](x))
    }
}

block! { OpenChain(width, act) (Linear(width, width), act, Linear(width, width)) }

network! {
    struct Opened: [4] -> ([4], [4], [4]) {
        one: Several(4, false),
        two: Several(4, true),
        open: Open(4, 3, "tanh", place = 1, scale = 0.5),
        chain: OpenChain(4, ReLU),
    }
    forward(x) {
        let (a, b) = two(x);
        (one(a), open(b), chain(x))
    }
}

#[test]
fn what_hangs_on_a_parameter_is_not_followed_in_the_block() {
    assert_eq!(Opened::PARAMETERS, 20 * (1 + 1 + 6 + 2));
}

block! {
    Scaled(width) {
        a: Linear(width, width),
    }
    forward(x, scale = None, shift = None, halve = None) {
        let y = a(x);
        let y = if scale != None { y * scale } else { y };
        if let Some(s) = shift {
            y = y + s;
        }
        if halve.is_some() && scale == None { y * halve } else if halve.is_none() { -y } else { y }
    }
}

network! {
    struct Optional: ([4], [4]) -> ([4], [4], [4]) {
        a: Scaled(4),
        b: Scaled(4),
        c: Scaled(4),
    }
    forward(x, m) {
        (a(x, scale = m), b(x, shift = m, halve = m), c(x, m, None, m))
    }
}

#[test]
fn whether_a_value_was_given_is_a_condition() {
    let net = Optional::init(&mut nn::seed(6));
    let (x, m) = ([0.5, -1.0, 2.0, 0.25], [3.0, 0.5, -2.0, 1.5]);
    let (a, b, c) = net.predict(&(Tensor1(x), Tensor1(m)));
    let linear = |layer: &nn::layers::Linear<4, 4>, o: usize| -> f32 {
        layer.bias[o] + (0..4).map(|i| layer.weight[o][i] * x[i]).sum::<f32>()
    };
    for i in 0..4 {
        assert!((a[i] + linear(&net.a.a, i) * m[i]).abs() < 1e-5);
        assert!((b[i] - (linear(&net.b.a, i) + m[i]) * m[i]).abs() < 1e-5);
        assert!((c[i] - linear(&net.c.a, i) * m[i]).abs() < 1e-5);
    }
}

block! {
    Shortcut(cin, cout, stride = 1) {
        conv: Conv2d(cin, cout, 3, stride = stride, padding = 1),
        downsample: [Conv2d(cin, cout, 1, stride = stride, bias = false), BatchNorm2d(cout)],
        extra: { scale: ReLU, shift: Conv2d(cout, cout, 1) },
    }
    forward(x) {
        let past = if stride != 1 || cin != cout { downsample(x) } else { x };
        let h = conv(x);
        if stride == 3 {
            h = extra.shift(h);
        }
        relu(extra.scale(h) + past)
    }
}

block! {
    Plain(width) { conv: Conv2d(width, width, 3, padding = 1) }
    forward(x) { relu(relu(conv(x)) + x) }
}

block! {
    Down(cin, cout) {
        conv: Conv2d(cin, cout, 3, stride = 2, padding = 1),
        downsample: [Conv2d(cin, cout, 1, stride = 2, bias = false), BatchNorm2d(cout)],
    }
    forward(x) { relu(relu(conv(x)) + downsample(x)) }
}

network! {
    struct Branching: [3, 9, 7] -> [6, 5, 4] {
        first: Shortcut(3, 3),
        rest: [Shortcut(3, 6, stride = 2), Shortcut(6, 6)],
    }
}

network! {
    struct Written: [3, 9, 7] -> [6, 5, 4] {
        first: Plain(3),
        rest: [Down(3, 6), Plain(6)],
    }
}

network! {
    struct Outer: [3, 9, 7] -> [6, 5, 4] {
        inner: net(Branching),
    }
    forward(x) {
        tanh(inner(x))
    }
}

#[test]
fn layers_of_branches_not_taken_are_not_there() {
    assert_eq!(Outer::PARAMETERS, Branching::PARAMETERS);
    assert!(
        Outer::init(&mut nn::seed(7))
            .named_parameters()
            .iter()
            .any(|(name, _)| name == "inner.rest.0.downsample.0.weight")
    );
    let (branching, mut written) = (Branching::init(&mut nn::seed(7)), Written::init(&mut nn::seed(8)));
    assert_eq!(Branching::PARAMETERS, Written::PARAMETERS);
    let file = branching.to_safetensors();
    nn::weights::Weights::from_bytes(&file).unwrap().load_into(&mut *written).unwrap();
    assert!(written.to_safetensors() == file);
    let mut input = Tensor3([[[0.0; 7]; 9]; 3]);
    input.as_flattened_mut().iter_mut().flatten().enumerate().for_each(|(i, value)| *value = i as f32 / 100.0 - 0.9);
    assert_eq!(branching.predict(&input), written.predict(&input));
    assert_eq!(Branching::MACS, Written::MACS);
}

#[test]
fn a_block_needs_no_layers() {
    block! { Square() {} forward(x) { x * x } }
    block! { Scale(by) {} forward(x) { by * x } }
    block! {
        Choice(square = true) { square_it: Square, squares: [Square; 2], fc: Linear(2, 2) }
        forward(x) {
            if square { square_it(x) } else { squares[1](squares[0](fc(x))) }
        }
    }
    network! { struct Chain: [2] -> [2] (Square, Scale(3.0), Choice()); }
    network! {
        struct Named: [2] -> [2] { square: Square, squares: [Square; 2], chain: net(Chain) }
        forward(x) {
            for again in squares {
                x = again(x);
            }
            chain(square(x))
        }
    }

    let x = Tensor1([1.0, 2.0]);
    assert_eq!(Chain::init(&mut nn::seed(1)).predict(&x), Tensor1([9.0, 144.0]));
    let net = Named::init(&mut nn::seed(1));
    let eighth = 256.0_f32;
    assert_eq!(net.predict(&x), Tensor1([9.0, (3.0 * eighth * eighth) * (3.0 * eighth * eighth)]));
    assert!(names(&*net).is_empty());
}

#[test]
fn layers_of_a_block_in_order_are_called_from_outside() {
    block! { Named(c) { layer1: Linear(c, c), middle: ReLU, layer2: Linear(c, c) } }
    block! { Numbered(c) (Linear(c, c), Tanh, Linear(c, c)) }
    network! {
        struct Parts: [2] -> ([2], [2], [2], [2]) { a: Named(2), b: Numbered(2) }
        forward(x) {
            let step = x;
            for layer in b {
                step = layer(step);
            }
            (a.layer2(a.middle(a.layer1(x))), a(x), b[2](b[1](b.0(x))), b(x) - step)
        }
    }

    let (named, a, numbered, nothing) = Parts::init(&mut nn::seed(1)).predict(&Tensor1([0.5, -1.0]));
    assert!(named == a && numbered != a && nothing == Tensor1([0.0; 2]));
}
