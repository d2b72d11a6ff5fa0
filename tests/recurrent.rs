//! What records of PyTorch cannot show of recurrent layers: dropout, which is random, the values that everything begins with, and that a sequence
//! gives the same bits step by step.

use std::sync::{Mutex, MutexGuard};

use nn::prelude::*;
use nn::{Frozen, Isa, Zeroable, force_isa};

network! {
    #[element(f64)]
    struct Dropping: [5, 3] -> [5, 8] {
        rnn: GRU(3, 4, 3, dropout = 0.4, bidirectional = true),
    }
    forward(x) {
        let (y, _) = rnn(x);
        y
    }
}

/// The sum of the outputs, each times a number of its own, with the same draws each time.
fn sum(net: &mut Dropping, tape: &mut Tape<Dropping, 2>, input: &[Input<Dropping>; 2]) -> f64 {
    Dropping::seed(tape, 7);
    let output = net.forward_train(input, tape);
    let values = output.iter().flat_map(|sample| sample.iter().flatten());
    values.enumerate().map(|(place, value)| value * (place % 5) as f64).sum()
}

#[test]
fn dropout_between_layers_has_its_gradient() {
    let mut net = Dropping::init(&mut nn::seed(1));
    let (mut tape, mut gradients) = (Dropping::tape::<2>(), Dropping::gradients());
    let input = [0.0, 0.5].map(|shift| Tensor2(std::array::from_fn(|t| [t as f64 * 0.3 - shift, shift, -0.7])));
    sum(&mut net, &mut tape, &input);
    let mut cotangent = <[Output<Dropping>; 2]>::zeroed();
    for (place, value) in cotangent.iter_mut().flat_map(|sample| sample.iter_mut().flatten()).enumerate() {
        *value = (place % 5) as f64;
    }
    let input_gradients = *net.backward(&mut tape, &cotangent, &mut gradients);

    let mut slopes = Vec::new();
    gradients.visit_parameters(&mut |_, values| slopes.extend_from_slice(values));
    let count = slopes.len();
    assert_eq!(count, Dropping::PARAMETERS);
    let nudge = |net: &mut Dropping, chosen: usize, by: f64| {
        let mut place = 0;
        net.visit_parameters_mut(&mut |_, values| {
            for value in values {
                *value += if place == chosen { by } else { 0.0 };
                place += 1;
            }
        });
    };
    let step = 1e-5;
    for chosen in (0..count).step_by(7) {
        nudge(&mut net, chosen, step);
        let above = sum(&mut net, &mut tape, &input);
        nudge(&mut net, chosen, -2.0 * step);
        let below = sum(&mut net, &mut tape, &input);
        nudge(&mut net, chosen, step);
        let slope = (above - below) / (2.0 * step);
        assert!((slope - slopes[chosen]).abs() < 1e-6, "parameter {chosen}: {slope} against {}", slopes[chosen]);
    }
    for t in 0..5 {
        let mut moved = input;
        moved[1][t][2] += step;
        let above = sum(&mut net, &mut tape, &moved);
        moved[1][t][2] -= 2.0 * step;
        let below = sum(&mut net, &mut tape, &moved);
        let (slope, expected) = ((above - below) / (2.0 * step), input_gradients[1][t][2]);
        assert!((slope - expected).abs() < 1e-6, "input {t}: {slope} against {expected}");
    }
}

/// The instruction set belongs to the whole program: who forces one, and who compares the bits of two runs, is alone.
fn alone() -> MutexGuard<'static, ()> {
    static ISA: Mutex<()> = Mutex::new(());
    ISA.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[test]
fn dropout_is_for_training() {
    let mut net = Dropping::init(&mut nn::seed(1));
    let mut tape = Dropping::tape::<1>();
    let input = [Tensor2([[0.5, -0.25, 1.0]; 5])];
    let dropped = *net.forward_train(&input, &mut tape);
    let _same_isa = alone();
    let (first, second) = (net.predict(&input[0]), net.predict(&input[0]));
    assert_eq!(first, second);
    assert_ne!(first, dropped[0]);
}

#[test]
fn parameters_begin_within_one_over_the_root_of_the_hidden_numbers() {
    let net = Dropping::init(&mut nn::seed(1));
    let (mut largest, mut names) = (0.0_f64, Vec::new());
    net.visit_parameters(&mut |parameter, values| {
        names.push(parameter.name.to_string());
        largest = values.iter().fold(largest, |largest, value| largest.max(value.abs()));
    });
    assert!(largest <= 0.5 && largest > 0.45, "{largest}");
    assert_eq!(names[4], "rnn.weight_ih_l0_reverse");
    assert_eq!(names.last().map(String::as_str), Some("rnn.bias_hh_l2_reverse"));
}

mod lstm {
    use nn::prelude::*;

    network! {
        pub struct Whole: [11, 3] -> ([11, 20], [1, 20], [1, 20]) { rnn: LSTM(3, 20) }
        forward(x) {
            let (y, (h, c)) = rnn(x);
            (y, h, c)
        }
    }
    network! {
        pub struct Step: ([3], [20], [20]) -> ([20], [20]) { rnn: LSTMCell(3, 20) }
        forward(x, h, c) {
            let (h, c) = rnn(x, (h, c));
            (h, c)
        }
    }
}

mod gru {
    use nn::prelude::*;

    network! {
        pub struct Whole: [11, 1] -> ([11, 37], [1, 37]) { rnn: GRU(1, 37) }
        forward(x) {
            let (y, h) = rnn(x);
            (y, h)
        }
    }
    network! {
        pub struct Step: ([1, 1], [1, 37]) -> ([1, 37], [1, 37]) { rnn: GRU(1, 37) }
        forward(x, h) {
            let (y, h) = rnn(x, h);
            (y, h)
        }
    }
}

/// Gives one network's parameters to another of the same.
fn transfer(from: &impl Network<Element = f32>, to: &mut impl Network<Element = f32>) {
    let mut all = Vec::new();
    from.visit_parameters(&mut |_, values| all.extend_from_slice(values));
    let mut all = all.into_iter();
    to.visit_parameters_mut(&mut |_, values| values.fill_with(|| all.next().unwrap_or_default()));
    assert!(all.next().is_none());
}

#[test]
fn one_step_at_a_time_gives_the_bits_of_the_whole_sequence() {
    let _alone = alone();
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let whole = lstm::Whole::init(&mut nn::seed(1));
        let mut step = lstm::Step::init(&mut nn::seed(2));
        transfer(&*whole, &mut *step);
        let input = Tensor2(std::array::from_fn(|t| std::array::from_fn(|i| ((t * 3 + i) as f32).sin())));
        let (frozen_whole, frozen_step) = (whole.freeze(), step.freeze());
        let mut workspace = Frozen::<lstm::Step>::workspace();
        let (expected, expected_frozen) = (whole.predict(&input), frozen_whole.predict(&input));
        let (mut state, mut frozen) = (Output::<lstm::Step>::zeroed(), Output::<lstm::Step>::zeroed());
        for (t, x) in input.iter().enumerate() {
            state = step.predict(&(Tensor1(*x), state.0, state.1));
            frozen_step.forward(&(Tensor1(*x), frozen.0, frozen.1), &mut workspace, &mut frozen);
            assert_eq!((*state.0, *frozen.0), (expected.0[t], expected_frozen.0[t]), "{isa:?}, step {t}");
        }
        assert_eq!((*state.1, *frozen.1), (expected.2[0], expected_frozen.2[0]), "{isa:?}");

        let whole = gru::Whole::init(&mut nn::seed(3));
        let mut step = gru::Step::init(&mut nn::seed(4));
        transfer(&*whole, &mut *step);
        let input = Tensor2(std::array::from_fn(|t| [(t as f32).cos()]));
        let (frozen_whole, frozen_step) = (whole.freeze(), step.freeze());
        let (expected, expected_frozen) = (whole.predict(&input), frozen_whole.predict(&input));
        let (mut state, mut frozen) = (Output::<gru::Step>::zeroed(), Output::<gru::Step>::zeroed());
        for (t, x) in input.iter().enumerate() {
            state = step.predict(&(Tensor2([*x]), state.1));
            frozen = frozen_step.predict(&(Tensor2([*x]), frozen.1));
            assert_eq!((state.0[0], frozen.0[0]), (expected.0[t], expected_frozen.0[t]), "{isa:?}, step {t}");
        }
        assert_eq!((state.1, frozen.1), (expected.1, expected_frozen.1), "{isa:?}");
    }
    force_isa(None).expect("there is always a best");
}

network! {
    /// Hidden numbers that fill no vector, more than one, and some beside whole ones.
    struct Trained: [6, 5] -> ([6, 20], [6, 18], [6, 16], [6, 7]) {
        lstm: LSTM(5, 20),
        gru: GRU(5, 9, bidirectional = true),
        relu: RNN(5, 16, nonlinearity = "relu"),
        both: [LSTM(5, 33, proj_size = 7), RNN(7, 7)],
    }
    forward(x) {
        let ((a, _), (b, _), (c, _)) = (lstm(x), gru(x), relu(x));
        let (d, _) = both[0](x);
        let (d, _) = both[1](d);
        (a, b, c, d)
    }
}

/// Results, parameters' gradients and the input's, one behind the other.
fn trained() -> Vec<f32> {
    let mut net = Trained::init(&mut nn::seed(11));
    let (mut tape, mut gradients) = (Trained::tape::<3>(), Trained::gradients());
    let mut input = [Tensor2([[0.0; 5]; 6]); 3];
    let values = input.iter_mut().flat_map(|sample| sample.iter_mut().flatten());
    values.enumerate().for_each(|(place, value)| *value = (place as f32 * 1.7).sin() * 2.0);
    let mut all = Vec::new();
    let mut cotangent = <[Output<Trained>; 3]>::zeroed();
    for (sample, output) in cotangent.iter_mut().zip(net.forward_train(&input, &mut tape)) {
        let results = [output.0.as_slice(), output.1.as_slice(), output.2.as_slice(), output.3.as_slice()];
        results.iter().for_each(|result| all.extend_from_slice(result));
        sample.0.as_mut_slice().fill(0.5);
        sample.1.as_mut_slice().fill(-0.25);
        sample.2.as_mut_slice().copy_from_slice(output.2.as_slice());
        sample.3.as_mut_slice().copy_from_slice(output.3.as_slice());
    }
    for sample in net.backward(&mut tape, &cotangent, &mut gradients) {
        all.extend_from_slice(sample.as_slice());
    }
    gradients.visit_parameters(&mut |_, values| all.extend_from_slice(values));
    all
}

/// The gates of a step are vectors of each set's own: the portable one has the functions of the reference.
#[test]
fn training_gives_the_same_on_every_instruction_set() {
    let _alone = alone();
    force_isa(Some(Isa::Portable)).expect("every machine has it");
    let expected = trained();
    let largest = expected.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        for (found, expected) in trained().iter().zip(&expected) {
            assert!((found - expected).abs() <= 1e-5 * largest, "{isa:?}: {found}, not {expected}");
        }
    }
    force_isa(None).expect("there is always a best");
}
