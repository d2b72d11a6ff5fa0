//! Sound, one sample at a time, as a plug-in gets it: the state is the caller's, and nothing is allocated.
//!
//! `cargo run --release --example stream`

use std::time::Instant;

use nn::Frozen;
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

    // As it is, with the bits of the whole sequence, and in the inference form, whose weights are packed once.
    let frozen = step.freeze();
    let (mut workspace, mut arena) = (Step::workspace::<1>(), Frozen::<Step>::workspace());
    let mut output = (Tensor1([0.0]), Tensor1([0.0; 20]), Tensor1([0.0; 20]));
    let mut output_frozen = output;
    for (time, sample) in sound.iter().enumerate() {
        step.forward(&(Tensor1(*sample), output.1, output.2), &mut workspace, &mut output);
        frozen.forward(&(Tensor1(*sample), output_frozen.1, output_frozen.2), &mut arena, &mut output_frozen);
        assert_eq!(*output.0, expected[time]);
        assert!((output_frozen.0[0] - expected[time][0]).abs() < 1e-5);
    }
    println!("{LENGTH} samples one by one: the same bits as the whole sequence at once");

    let plain = best(|x| {
        let input = (Tensor1([x]), output.1, output.2);
        step.forward(&input, &mut workspace, &mut output);
    });
    let packed = best(|x| {
        let input = (Tensor1([x]), output_frozen.1, output_frozen.2);
        frozen.forward(&input, &mut arena, &mut output_frozen);
    });
    println!("{plain:.2} µs a sample, {packed:.2} µs frozen; at 48 kHz a sample lasts 20.83 µs");
}

/// Microseconds of a call: the best of several rounds.
fn best(mut call: impl FnMut(f32)) -> f64 {
    let round = |_| {
        let start = Instant::now();
        (0..1000).for_each(|sample| call((sample % 7) as f32 * 0.1));
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..200).map(round).fold(f64::INFINITY, f64::min)
}
