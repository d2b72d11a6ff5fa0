//! Sound, one sample at a time, as a plug-in gets it: the state is the caller's, and nothing is allocated.
//!
//! `cargo run --release --example stream`

use std::time::Instant;

use nn::prelude::*;

const LENGTH: usize = 64;

network! {
    /// The whole sequence at once, as it is trained.
    struct Whole: [LENGTH, 1] -> [LENGTH, 1] {
        lstm: LSTM(1, 20),
        fc: Linear(20, 1),
    }
    forward(x) {
        let (y, _) = lstm(x);
        fc(y)
    }
}

network! {
    /// One step, as it is played.
    struct Step: ([1], [20], [20]) -> ([1], [20], [20]) {
        lstm: LSTMCell(1, 20),
        fc: Linear(20, 1),
    }
    forward(x, h, c) {
        let (h, c) = lstm(x, (h, c));
        (fc(h), h, c)
    }
}

/// All parameters, in PyTorch's order, which is the same for both.
fn numbers<M: Network<Element = f32>>(net: &M) -> Vec<f32> {
    let mut numbers = Vec::new();
    net.visit_parameters(&mut |_, values| numbers.extend_from_slice(values));
    numbers
}

fn main() {
    let whole = Whole::init(&mut nn::seed(1));
    let mut step = Step::init(&mut nn::seed(2));
    let mut trained = numbers(&*whole).into_iter();
    step.visit_parameters_mut(&mut |_, values| values.fill_with(|| trained.next().unwrap_or_default()));

    let sound = Tensor2(std::array::from_fn(|i| [(i as f32 * 0.3).sin()]));
    let expected = whole.predict(&sound);

    let mut workspace = Step::workspace::<1>();
    let mut output = (Tensor1([0.0]), Tensor1([0.0; 20]), Tensor1([0.0; 20]));
    let mut largest: f32 = 0.0;
    for (sample, expected) in sound.iter().zip(expected.iter()) {
        let input = (Tensor1(*sample), output.1, output.2);
        step.forward(&input, &mut workspace, &mut output);
        largest = largest.max((output.0[0] - expected[0]).abs());
    }
    println!("{LENGTH} samples one by one: at most {largest:.1e} from the whole sequence at once");
    assert!(largest < 1e-5);

    let rounds = 200_000;
    let start = Instant::now();
    for round in 0..rounds {
        let input = (Tensor1([(round % 7) as f32 * 0.1]), output.1, output.2);
        step.forward(&input, &mut workspace, &mut output);
    }
    let each = start.elapsed().as_secs_f64() / f64::from(rounds);
    println!("{:.2} µs a sample; at 48 kHz a sample lasts 20.83 µs", each * 1e6);
}
