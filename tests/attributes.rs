//! What attributes do: `#[key]`, `#[init]`, `#[frozen]`, `#[element]`; names in the state_dict; what dropout draws.

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
