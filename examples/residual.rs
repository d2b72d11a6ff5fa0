//! A graph with a skip connection and named constants, one backward pass, and weights as arrays. `cargo run --example residual`

use nn::prelude::*;

const CHANNELS: usize = 8;
const SIZE: usize = 16;
const BATCH: usize = 2;

network! {
    struct Residual: [CHANNELS, SIZE, SIZE] -> [CHANNELS, SIZE, SIZE] {
        conv1: Conv2d(CHANNELS, 2 * CHANNELS, 3, padding = 1, bias = false),
        bn1: BatchNorm2d(2 * CHANNELS),
        #[init(zeros)]
        conv2: Conv2d(2 * CHANNELS, CHANNELS, 3, padding = 1),
    }
    forward(x) {
        let h = relu(bn1(conv1(x)));
        x + conv2(h)
    }
}

fn main() {
    let mut net = Residual::init(&mut nn::seed(7));
    println!("{}\n", Residual::summary());

    // conv2 begins with zeros, so the network begins as the identity, but for the bias.
    net.conv2.bias.fill(0.0);
    let mut input = Tensor3([[[0.0; SIZE]; SIZE]; CHANNELS]);
    input[3][8][8] = 1.0;
    assert_eq!(net.predict(&input), input);

    // The gradient of the sum of all outputs, for two samples at once.
    let (mut tape, mut gradients) = (Residual::tape::<BATCH>(), Residual::gradients());
    net.forward_train(&[input; BATCH], &mut tape);
    let ones = [Tensor3([[[1.0; SIZE]; SIZE]; CHANNELS]); BATCH];
    let input_gradients = net.backward(&mut tape, &ones, &mut gradients);
    println!("the input's gradient at one pixel: {}", input_gradients[0][3][8][8]);
    println!("conv2's gradient over one window:  {:?}", gradients.conv2.weight[0][5]);
    println!("training on {BATCH} samples takes {} bytes beside the parameters", Residual::training_bytes(BATCH));
}
