//! What records of PyTorch cannot show of recurrent layers: dropout, which is random, and the values that everything begins with.

use nn::Zeroable;
use nn::prelude::*;

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

#[test]
fn dropout_is_for_training() {
    let mut net = Dropping::init(&mut nn::seed(1));
    let mut tape = Dropping::tape::<1>();
    let input = [Tensor2([[0.5, -0.25, 1.0]; 5])];
    let dropped = *net.forward_train(&input, &mut tape);
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
