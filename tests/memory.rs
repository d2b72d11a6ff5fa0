//! What memory a network takes: the constants against the real sizes, the planner, and networks too big for any stack.

use nn::prelude::*;

network! {
    struct LeNet5: [1, 28, 28] -> [10] {
        conv1: Conv2d(1, 6, 5, padding = 2),
        ReLU,
        MaxPool2d(2),
        conv2: Conv2d(6, 16, 5),
        ReLU,
        MaxPool2d(2),
        Flatten,
        fc1: Linear(400, 120),
        ReLU,
        fc2: Linear(120, 84),
        ReLU,
        fc3: Linear(84, 10),
    }
}

const FEATURES: usize = 7;

network! {
    #[element(f64)]
    struct Odd: ([3, 5], [FEATURES]) -> ([2, 5], [FEATURES]) {
        conv: Conv1d(3, 2, 3, padding = 1),
        norm: BatchNorm1d(2),
        fc: Linear(FEATURES, FEATURES, bias = false),
    }
    forward(a, b) {
        (relu(norm(conv(a))), tanh(fc(b)))
    }
}

fn sizes_agree<M: Network>(training_bytes: fn(usize) -> usize) {
    assert_eq!(M::INFERENCE_BYTES, size_of::<Workspace<M>>(), "{}", M::NAME);
    assert_eq!(training_bytes(1), size_of::<Tape<M, 1>>() + size_of::<M>(), "{}", M::NAME);
    assert_eq!(training_bytes(3), size_of::<Tape<M, 3>>() + size_of::<M>(), "{}", M::NAME);
    assert_eq!(training_bytes(64), size_of::<Tape<M, 64>>() + size_of::<M>(), "{}", M::NAME);
    let mut parameters = 0;
    M::gradients().visit_parameters(&mut |_, values| parameters += values.len());
    assert_eq!(M::PARAMETERS, parameters, "{}", M::NAME);
    assert_eq!(M::DESCRIPTION.modules.iter().map(|module| module.parameters).sum::<usize>(), parameters, "{}", M::NAME);
}

#[test]
fn constants_are_the_real_sizes() {
    sizes_agree::<LeNet5>(LeNet5::training_bytes);
    sizes_agree::<Odd>(Odd::training_bytes);
    assert_eq!(LeNet5::PARAMETERS, 61_706);
    assert_eq!(LeNet5::MACS, 6 * 25 * 784 + 16 * 150 * 100 + 400 * 120 + 120 * 84 + 84 * 10);
}

/// The two largest neighbours are conv1's output and its copy behind ReLU; nothing else may add to them.
#[test]
fn inference_reuses_memory() {
    let two_largest = 2 * 6 * 28 * 28 * 4;
    let scratch = nn_shape_scratch();
    assert!(LeNet5::INFERENCE_BYTES <= two_largest + scratch + 256, "{} bytes", LeNet5::INFERENCE_BYTES);
}

/// Room for the kernels' panels: a sum of at most 256 steps, 64 columns wide.
fn nn_shape_scratch() -> usize {
    256 * 64 * 4
}

const _: () = assert!(LeNet5::INFERENCE_BYTES <= 128 * 1024, "a budget that the compiler holds");

network! {
    struct Huge: [5000] -> [5000] (Linear(5000, 5000), ReLU, Linear(5000, 64), Linear(64, 5000));
}

/// 100 MB of parameters, in a debug build, on the 2 MB stack of a test thread.
#[test]
fn big_networks_never_lie_on_the_stack() {
    assert!(size_of::<Huge>() > 100_000_000);
    let mut network = Huge::init(&mut nn::seed(1));
    let mut input = Box::new([Tensor1([0.5; 5000]); 2]);
    input[1][0] = -0.5;
    let mut tape = Huge::tape::<2>();
    network.forward_train(&input, &mut tape);
    let mut gradients = Huge::gradients();
    let cotangent = Box::new([Tensor1([1.0; 5000]); 2]);
    network.backward(&mut tape, &cotangent, &mut gradients);
    let mut total = 0.0;
    gradients.visit_parameters(&mut |_, values| total += values.iter().map(|value| value.abs()).sum::<f32>());
    assert!(total > 0.0 && total.is_finite());
    let output = network.predict(&input[0]);
    assert!(output.iter().all(|value| value.is_finite()));
}

/// Memory that was never initialised is enough: a `static`, say.
#[test]
fn networks_are_made_in_place() {
    let mut memory = Box::<LeNet5>::new_uninit();
    let network = LeNet5::init_in(&mut memory, &mut nn::seed(3));
    let boxed = LeNet5::init(&mut nn::seed(3));
    assert_eq!(network.conv1.weight, boxed.conv1.weight);
    assert_eq!(network.fc3.bias, boxed.fc3.bias);
}
