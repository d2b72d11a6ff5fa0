//! What attributes do: `#[key]`, `#[init]`, `#[frozen]`, `#[weight_norm]`, `#[element]`; names in the state_dict; what dropout draws.

use nn::optim::SGD;
use nn::prelude::*;

network! {
    #[element(f64)]
    struct Tuned: [4] -> [4] {
        #[key = "encoder.0"]
        #[frozen]
        fc1: Linear(4, 6),
        norm: BatchNorm1d(6),
        ReLU,
        #[init(kaiming_normal, mode = "fan_out", nonlinearity = "relu")]
        #[init(bias: constant, val = 0.25)]
        fc2: Linear(6, 5),
        #[init(sparse, sparsity = 0.5)]
        Linear(_, 4, bias = false),
    }
}

network! {
    // Words of Rust's that are names in PyTorch.
    struct Words: [4] -> [2] {
        r#type: Linear(4, 4),
        heads: { r#move: Linear(4, 2), r#fn: [Linear(4, 2), Tanh] },
        r#loop: Parameter(2),
    }
    forward(x) {
        let x = r#type(x);
        heads["move"](x) + heads.r#fn(x) * r#loop
    }
}

#[test]
fn words_of_rust_are_names() {
    let net = Words::init(&mut nn::seed(1));
    let expected = [
        "loop",
        "type.weight",
        "type.bias",
        "heads.move.weight",
        "heads.move.bias",
        "heads.fn.0.weight",
        "heads.fn.0.bias",
    ];
    assert_eq!(names(&*net), expected);
    assert_eq!((net.heads.r#move.bias.len(), net.heads.r#fn.0.bias.len()), (2, 2));
    assert!(net.to_string().contains("(move): Linear("), "{net}");
}

#[test]
fn a_copy_is_the_network() {
    let mut net = Tuned::init(&mut nn::seed(1));
    net.norm.running_mean[3] = 0.5;
    net.norm.num_batches_tracked.0 = 7;
    let mut copy = Tuned::gradients();
    copy.copy_from(&net);
    assert_eq!(copy.to_safetensors(), net.to_safetensors());
    assert_eq!((copy.norm.running_mean[3], copy.norm.num_batches_tracked.0), (0.5, 7));
}

fn names<M: Network>(network: &M) -> Vec<String> {
    let mut names = Vec::new();
    network.visit_parameters(&mut |parameter, _| names.push(parameter.name.to_string()));
    network.visit_buffers(&nn::Path::ROOT, &mut |name, _| names.push(name.to_string()));
    names
}

#[test]
fn names_are_those_of_pytorch() {
    let expected = [
        "encoder.0.weight",
        "encoder.0.bias",
        "norm.weight",
        "norm.bias",
        "fc2.weight",
        "fc2.bias",
        "4.weight",
        "norm.running_mean",
        "norm.running_var",
        "norm.num_batches_tracked",
    ];
    assert_eq!(names(&*Tuned::init(&mut nn::seed(1))), expected);
}

#[test]
fn init_replaces_the_default() {
    let network = Tuned::init(&mut nn::seed(1));
    assert_eq!(*network.fc2.bias, [0.25; 5]);
    let largest = network.fc2.weight.iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    assert!(largest > 1.0 / 6f64.sqrt(), "the default would stay within 0.41, this is {largest}");
    assert_eq!(*network.norm.weight, [1.0; 6]);
}

#[test]
fn frozen_layers_stay_as_they_are() {
    let mut network = Tuned::init(&mut nn::seed(2));
    let before = (network.fc1.weight, network.fc2.weight);
    let (mut tape, mut gradients) = (Tuned::tape::<3>(), Tuned::gradients());
    let input = [Tensor1([1.0, -0.5, 0.25, 2.0]), Tensor1([0.0, 1.0, 2.0, 3.0]), Tensor1([-1.0, 0.5, 0.0, 1.0])];
    network.forward_train(&input, &mut tape);
    let input_gradients = *network.backward(&mut tape, &[Tensor1([1.0, 2.0, 3.0, 4.0]); 3], &mut gradients);
    assert!(input_gradients.iter().any(|sample| *sample != Tensor1([0.0; 4])), "gradients pass through a frozen layer");
    assert!(gradients.fc1.weight.iter().flatten().all(|value| *value == 0.0), "it has none itself");
    SGD::<Tuned>::boxed(0.1).step(&mut network, &gradients);
    assert_eq!(network.fc1.weight, before.0);
    assert_ne!(network.fc2.weight, before.1);
}

network! {
    struct Sparse: [1000] -> [1000] (Dropout(0.25));
}

#[test]
fn dropout_drops_in_training_and_its_gradient_knows_what() {
    let mut network = Sparse::init(&mut nn::seed(1));
    let input = Box::new([Tensor1([1.0; 1000]); 2]);
    assert_eq!(network.predict(&input[0]), input[0], "evaluation passes everything");

    let mut tape = Sparse::tape::<2>();
    Sparse::seed(&mut tape, 5);
    let output = *network.forward_train(&input, &mut tape);
    let kept = output.iter().flat_map(|sample| sample.iter()).filter(|value| **value != 0.0).count();
    assert!((1400..1600).contains(&kept), "{kept} of 2000 are left");
    assert!(output.iter().flat_map(|sample| sample.iter()).all(|value| *value == 0.0 || *value == 1.0 / 0.75));
    assert_ne!(output[0], output[1], "each sample has a mask of its own");
    let input_gradients = *network.backward(&mut tape, &input, &mut Sparse::gradients());
    assert_eq!(input_gradients, output, "the same mask");

    let next = *network.forward_train(&input, &mut tape);
    assert_ne!(next, output, "each pass draws anew");
    Sparse::seed(&mut tape, 5);
    assert_eq!(*network.forward_train(&input, &mut tape), output, "a seed repeats the passes");
}

network! {
    struct Normed: [2, 9] -> [3, 7] {
        #[weight_norm]
        #[init(normal, std = 2.0)]
        conv1: Conv1d(2, 4, 3, padding = 1),
        ReLU,
        #[weight_norm(dim = None)]
        conv2: Conv1d(4, 3, 3),
    }
}

network! {
    struct Merged: [2, 9] -> [3, 7] {
        conv1: Conv1d(2, 4, 3, padding = 1),
        ReLU,
        conv2: Conv1d(4, 3, 3),
    }
}

/// The weight that lengths and directions stand for.
fn close(found: &[f32], expected: &[f32]) -> bool {
    found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6) && found.len() == expected.len()
}

#[test]
fn lengths_and_directions_begin_with_the_weight() {
    let network = Normed::init(&mut nn::seed(3));
    let expected = [
        "conv1.bias",
        "conv1.parametrizations.weight.original0",
        "conv1.parametrizations.weight.original1",
        "conv2.bias",
    ];
    let names = names(&*network);
    assert_eq!((&names[..4], names.len()), (&expected.map(String::from)[..], 6));
    assert_eq!(Normed::PARAMETERS, Merged::PARAMETERS + 4 + 1);
    let mut count = 0;
    network.visit_parameters(&mut |_, values| count += values.len());
    assert_eq!(count, Normed::PARAMETERS);
    assert_eq!(network.conv1.original1, network.conv1.weight);
    assert!(network.conv1.weight.iter().flatten().flatten().any(|value| value.abs() > 1.5), "#[init] fills it");
    let squares = network.conv2.weight.iter().flatten().flatten().map(|value| value * value);
    assert!((network.conv2.original0.0 - squares.sum::<f32>().sqrt()).abs() < 1e-6);
}

#[test]
fn the_weight_follows_lengths_and_directions() {
    let mut network = Normed::init(&mut nn::seed(4));
    let input = Tensor2([[0.5; 9], [-1.0; 9]]);
    // As optimisers and loading do.
    network.visit_parameters_mut(&mut |parameter, values| {
        if parameter.name == "conv1.parametrizations.weight.original0" {
            values.fill(2.0);
        }
    });
    for row in network.conv1.weight.iter() {
        let norm = row.iter().flatten().map(|value| value * value).sum::<f32>().sqrt();
        assert!((norm - 2.0).abs() < 1e-6, "{norm}");
    }
    let mut merged = Merged::init(&mut nn::seed(5));
    (merged.conv1.weight, merged.conv1.bias) = (network.conv1.weight, network.conv1.bias);
    (merged.conv2.weight, merged.conv2.bias) = (network.conv2.weight, network.conv2.bias);
    let expected = merged.predict(&input);
    assert_eq!(network.predict(&input), expected);
    let frozen = network.freeze();
    let found = frozen.predict(&input);
    assert!(close(found.as_slice(), expected.as_slice()));
    // By hand.
    network.conv1.original0.as_mut_slice().fill(0.0);
    network.conv1.refresh();
    assert!(network.conv1.weight.iter().flatten().flatten().all(|value| *value == 0.0));
}
