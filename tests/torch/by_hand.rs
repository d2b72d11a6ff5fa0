//! What tutorials do with single networks: weights set by hand, the three spellings of a Sequential, a loop over a ModuleList, an LSTM
//! as a loop over its cell, dropout.

use nn::prelude::*;

record!("tutorial");

/// One input of a case.
fn sample<X: nn::Sample<f32> + nn::Zeroable>(case: &str, sample: usize, parts: usize) -> X {
    let case = RECORD.case::<f32>(case);
    let mut x = X::zeroed();
    for part in 0..parts {
        let to = x.part_mut(part);
        to.copy_from_slice(&case.values(&format!("input{part}"))[sample * to.len()..][..to.len()]);
    }
    x
}

/// The parameters and buffers of a case, in their order, whatever the layers are called here.
fn load(case: &str, names: &[&str], network: &mut impl Parameters<Element = f32>) {
    let case = RECORD.case::<f32>(case);
    let mut names = names.iter();
    network.visit_parameters_mut(&mut |parameter, values| {
        case.load(&format!("param/{}", names.next().expect("a name for each parameter")), parameter.shape, values)
    });
}

const SHARPEN: [[f32; 3]; 3] =
    [[-1.0 / 9.0, -1.0 / 9.0, -1.0 / 9.0], [-1.0 / 9.0, 1.0, -1.0 / 9.0], [-1.0 / 9.0, -1.0 / 9.0, -1.0 / 9.0]];

network! { struct Filter: [1, 24, 32] -> [1, 22, 30] { conv: Conv2d(1, 1, (3, 3), 1, bias = false) } }

/// `conv.weight.data = kernel.view(1, 1, 3, 3)`
#[test]
fn a_filter_is_a_convolution_whose_weight_is_set() {
    let mut net = Filter::init(&mut nn::seed(1));
    net.conv.weight[0][0] = SHARPEN;
    let output = net.predict(&sample("sharpened", 0, 1));
    RECORD.case::<f32>("sharpened").compare("eval0", output.as_slice());

    let pooled = Halved::init(&mut nn::seed(1)).predict(&sample("halved", 0, 1));
    RECORD.case::<f32>("halved").compare("eval0", pooled.as_slice());
    assert_eq!((Halved::PARAMETERS, pooled.len(), pooled[0].len(), pooled[0][0].len()), (0, 1, 12, 16));
}

network! { struct Halved: [1, 24, 32] -> [1, 12, 16] { pool: AvgPool2d(2, 2) } }

network! { struct Normalised: [3] -> [4] { linear: Linear(3, 4), bn: BatchNorm1d(4) } }

/// `bn.weight.data = ones(4) * 4; bn.bias.data = zeros(4)`: mean 0, variance 16.
#[test]
fn batch_norm_has_the_mean_and_the_deviation_that_are_set() {
    let mut net = Normalised::init(&mut nn::seed(2));
    net.bn.weight.0 = [4.0; 4];
    net.bn.bias.0 = [0.0; 4];
    let mut tape = Normalised::tape::<2>();
    let input = [Tensor1([0.5, -1.0, 2.0]), Tensor1([-3.0, 0.25, 1.0])];
    let output = net.forward_train(&input, &mut tape);
    for channel in 0..4 {
        let (a, b) = (output[0][channel], output[1][channel]);
        let mean = (a + b) / 2.0;
        let variance = ((a - mean).powi(2) + (b - mean).powi(2)) / 2.0;
        assert!(mean.abs() < 1e-5 && (variance - 16.0).abs() < 0.05, "{mean}, {variance}");
    }
}

network! { struct Positional: [3, 4, 4] -> [3, 2, 2] (Conv2d(3, 3, 3), BatchNorm2d(3), ReLU); }
network! {
    struct Named: [3, 4, 4] -> [3, 2, 2] { conv: Conv2d(3, 3, 3), batchnorm: BatchNorm2d(3), activation_layer: ReLU }
}
network! {
    struct Held: [3, 4, 4] -> [3, 2, 2] {
        net: [Conv2d(3, 3, 3), BatchNorm2d(3), ReLU],
    }
    forward(x) {
        net(x)
    }
}

/// Each is accessed by index or by name, as in PyTorch.
#[test]
fn three_spellings_of_a_sequential_are_one_network() {
    let names = ["0.weight", "0.bias", "1.weight", "1.bias"];
    let (mut positional, mut named, mut held) =
        (Positional::init(&mut nn::seed(3)), Named::init(&mut nn::seed(3)), Held::init(&mut nn::seed(3)));
    load("sequential", &names, &mut *positional);
    load("sequential", &names, &mut *named);
    load("sequential", &names, &mut *held);
    assert_eq!(positional.0.weight, named.conv.weight);
    assert_eq!(positional.1.bias, held.net.1.bias);

    let input = [sample("sequential", 0, 1)];
    let case = RECORD.case::<f32>("sequential");
    let (mut a, mut b, mut c) = (Positional::tape::<1>(), Named::tape::<1>(), Held::tape::<1>());
    for output in [
        positional.forward_train(&input, &mut a),
        named.forward_train(&input, &mut b),
        held.forward_train(&input, &mut c),
    ] {
        case.compare("train0", output[0].as_slice());
    }
}

network! {
    struct Listed: [3] -> [2] {
        list: [Linear(3, 4), ReLU, Linear(4, 2)],
    }
    forward(x) {
        for module in list {
            x = module(x);
        }
        x
    }
}

#[test]
fn a_loop_over_a_module_list_is_its_chain() {
    let mut net = Listed::init(&mut nn::seed(4));
    load("module_list", &["0.weight", "0.bias", "2.weight", "2.bias"], &mut *net);
    let case = RECORD.case::<f32>("module_list");
    case.compare_first("eval0", net.predict(&sample("module_list", 0, 1)).as_slice());
    let mut names = Vec::new();
    net.visit_parameters(&mut |parameter, _| names.push(parameter.name.to_string()));
    assert_eq!(names, ["list.0.weight", "list.0.bias", "list.2.weight", "list.2.bias"]);
}

network! {
    struct Cells: ([2, 4], [1, 3], [1, 3]) -> ([2, 3], [3], [3]) {
        cell: LSTMCell(4, 3),
    }
    forward(x, h, c) {
        let (h, c) = cell(select(x, 1, 0), (squeeze(h, 1), squeeze(c, 1)));
        let first = h;
        let (h, c) = cell(select(x, 1, 1), (h, c));
        (stack([first, h], dim = 1), h, c)
    }
}

#[test]
fn an_lstm_is_a_loop_over_its_cell() {
    let mut net = Cells::init(&mut nn::seed(5));
    load("lstm", &["lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0"], &mut *net);
    let case = RECORD.case::<f32>("lstm");
    let (y, h, c) = net.predict(&sample("lstm", 0, 3));
    case.compare_first("eval0", y.as_slice());
    case.compare_first("eval1", h.as_slice());
    case.compare_first("eval2", c.as_slice());
}

network! { struct Dropped: [4, 6] { dropout: Dropout(0.2) } }

/// A fifth of the values is 0, the others grow by 1/0.8; nothing happens in evaluation.
#[test]
fn dropout_drops_its_part_and_keeps_the_mean() {
    let mut net = Dropped::init(&mut nn::seed(6));
    let input = [Tensor2([[1.0; 6]; 4]); 64];
    let mut tape = Dropped::tape::<64>();
    let mut dropped = 0;
    for _ in 0..10 {
        for value in net.forward_train(&input, &mut tape).iter().flat_map(|sample| sample.as_slice()) {
            assert!(*value == 0.0 || *value == 1.25);
            dropped += usize::from(*value == 0.0);
        }
    }
    let part = dropped as f64 / (10 * 64 * 24) as f64;
    assert!((part - 0.2).abs() < 0.02, "{part}");
    assert_eq!(net.predict(&input[0]), input[0]);
}
