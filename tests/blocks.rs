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
