//! How parameters begin: moments and bounds, orthogonality, PyTorch's rules for fans and gains, and what is refused.

use nn_core::init::{self, Init};
use nn_core::layers::Linear;
use nn_core::{Absent, Parameters, Zeroable};

fn filled(init: Init, shape: &[usize]) -> Vec<f64> {
    let mut values = vec![f64::NAN; shape.iter().product()];
    init.fill(&mut values, shape, &mut nn_core::seed(7));
    values
}

/// Mean and standard deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt())
}

#[track_caller]
fn assert_moments(values: &[f64], mean: f64, std: f64) {
    let found = moments(values);
    let error = 5.0 * std / (values.len() as f64).sqrt();
    assert!((found.0 - mean).abs() < error && (found.1 - std).abs() < error, "{found:?}, not {:?}", (mean, std));
}

#[track_caller]
fn assert_within(values: &[f64], low: f64, high: f64) {
    let outside = values.iter().find(|value| !(low..=high).contains(*value));
    assert_eq!(outside, None, "outside of [{low}, {high}]");
}

#[test]
fn uniform_and_normal() {
    let values = filled(init::uniform().a(-3.0).b(1.0), &[20_000]);
    assert_within(&values, -3.0, 1.0);
    assert_moments(&values, -1.0, 4.0 / 12_f64.sqrt());
    assert_moments(&filled(init::normal().mean(2.0).std(0.5), &[20_000]), 2.0, 0.5);
}

#[test]
fn fans_are_axis_1_and_axis_0_times_the_window() {
    // fan_in = 4 * 6 = 24, fan_out = 50 * 6 = 300.
    let shape = [50, 4, 2, 3];
    let (sum, fan_in, fan_out) = (324.0, 24.0, 300.0);
    assert_moments(&filled(init::xavier_normal().gain(3.0), &shape), 0.0, 3.0 * f64::sqrt(2.0 / sum));
    assert_within(
        &filled(init::xavier_uniform().gain(3.0), &shape),
        -3.0 * f64::sqrt(6.0 / sum),
        3.0 * f64::sqrt(6.0 / sum),
    );
    assert_moments(&filled(init::kaiming_normal(), &shape), 0.0, f64::sqrt(2.0 / fan_in));
    assert_moments(&filled(init::kaiming_normal().mode("fan_out"), &shape), 0.0, f64::sqrt(2.0 / fan_out));
    assert_moments(&filled(init::kaiming_normal().nonlinearity("selu"), &shape), 0.0, 0.75 / fan_in.sqrt());
    let slope = filled(init::kaiming_uniform().a(2.0), &shape);
    assert_within(&slope, -f64::sqrt(6.0 / 5.0 / fan_in), f64::sqrt(6.0 / 5.0 / fan_in));
    assert_moments(&slope, 0.0, f64::sqrt(2.0 / 5.0 / fan_in));
}

/// The moments of a truncated normal distribution, by summing the density.
fn truncated_moments(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = (low.max(-40.0), high.min(40.0));
    let peak = 0_f64.clamp(low, high);
    let steps = 1_000_000;
    let (mut weight, mut first, mut second) = (0.0, 0.0, 0.0);
    for step in 0..steps {
        let x = low + (high - low) * (f64::from(step) + 0.5) / f64::from(steps);
        let density = ((peak * peak - x * x) / 2.0).exp();
        weight += density;
        first += density * x;
        second += density * x * x;
    }
    let mean = first / weight;
    (mean, (second / weight - mean * mean).sqrt())
}

#[test]
fn truncated_normal_wherever_the_interval_lies() {
    let intervals = [
        (-2.0, 2.0),
        (-100.0, 100.0),
        (-0.25, 0.5),
        (0.5, 30.0),
        (0.9, 1.1),
        (1.5, 2.0),
        (3.0, 9.0),
        (-6.0, -5.0),
        (10.0, f64::INFINITY),
        (f64::NEG_INFINITY, 0.0),
        (f64::NEG_INFINITY, -20.0),
    ];
    for (low, high) in intervals {
        let (mean, std) = truncated_moments(low, high);
        let init = init::trunc_normal().mean(3.0).std(0.5).a(3.0 + 0.5 * low).b(3.0 + 0.5 * high);
        let values = filled(init, &[20_000]);
        assert_within(&values, 3.0 + 0.5 * low, 3.0 + 0.5 * high);
        assert_moments(&values, 3.0 + 0.5 * mean, 0.5 * std);
    }
    assert_eq!(filled(init::trunc_normal().mean(5.0).std(0.0), &[3]), [2.0; 3], "no deviation: the nearest bound");
    assert_eq!(filled(init::trunc_normal().a(1.0).b(1.0), &[3]), [1.0; 3]);
}

#[test]
fn orthogonal_rows_or_columns() {
    for shape in [&[5, 5][..], &[3, 4, 5], &[90, 7], &[7, 90], &[130, 70], &[120, 120], &[1, 6], &[6, 1]] {
        let mut values = vec![0.0_f32; shape.iter().product()];
        init::orthogonal().gain(2.0).fill(&mut values, shape, &mut nn_core::seed(3));
        let (rows, columns) = (shape[0], values.len() / shape[0]);
        let at = |vector: usize, i: usize| {
            f64::from(if rows <= columns { values[vector * columns + i] } else { values[i * columns + vector] })
        };
        for a in 0..rows.min(columns) {
            for b in 0..=a {
                let dot: f64 = (0..rows.max(columns)).map(|i| at(a, i) * at(b, i)).sum();
                let expected = if a == b { 4.0 } else { 0.0 };
                assert!((dot - expected).abs() < 2e-6, "{shape:?}: {a} and {b}: {dot}");
            }
        }
    }
}

#[test]
fn orthogonal_prefers_no_direction() {
    // With the signs of a bare QR decomposition the diagonal would lean to one side.
    let mut random = nn_core::seed(5);
    let mut corner = Vec::new();
    for _ in 0..4000 {
        let mut values = [0.0_f64; 9];
        init::orthogonal().fill(&mut values, &[3, 3], &mut random);
        corner.extend([values[0], values[4], values[8]]);
    }
    assert_moments(&corner, 0.0, f64::sqrt(1.0 / 3.0));
}

#[test]
fn eye_dirac_and_constants() {
    assert_eq!(filled(init::eye(), &[2, 3]), [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
    assert_eq!(filled(init::eye(), &[3, 1]), [1.0, 0.0, 0.0]);
    assert_eq!(filled(init::constant().val(0.5), &[2]), [0.5; 2]);
    assert_eq!(filled(init::ones(), &[2]), [1.0; 2]);
    assert_eq!(filled(init::zeros(), &[2]), [0.0; 2]);
    // Two groups of two outputs and one input: the first output of each passes it through, at 3 / 2.
    let expected = [[0.0, 1.0, 0.0], [0.0; 3], [0.0, 1.0, 0.0], [0.0; 3]].concat();
    assert_eq!(filled(init::dirac().groups(2), &[4, 1, 3]), expected);
    // The centre of an even window is behind its middle.
    assert_eq!(filled(init::dirac(), &[1, 1, 2, 2]), [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn sparse_columns_have_their_zeros_anywhere() {
    let (rows, columns) = (20, 3000);
    let values = filled(init::sparse().sparsity(0.21).std(2.0), &[rows, columns]);
    let mut in_row = [0.0; 20];
    for column in 0..columns {
        let zeros = (0..rows).filter(|row| values[row * columns + column] == 0.0);
        assert_eq!(zeros.clone().count(), 5, "0.21 * 20 rounded up");
        zeros.for_each(|row| in_row[row] += 1.0);
    }
    // Each row is chosen as often as the others: a quarter of the columns.
    let expected = columns as f64 / 4.0;
    let error = 5.0 * f64::sqrt(expected * 0.75);
    assert!(in_row.iter().all(|count| (count - expected).abs() < error), "{in_row:?}");
    assert_moments(&values.into_iter().filter(|value| *value != 0.0).collect::<Vec<_>>(), 0.0, 2.0);
}

#[test]
fn gains() {
    assert_eq!(init::calculate_gain("conv_transpose3d", None), 1.0);
    assert_eq!(init::calculate_gain("tanh", None), 5.0 / 3.0);
    assert_eq!(init::calculate_gain("relu", None), f64::sqrt(2.0));
    assert_eq!(init::calculate_gain("leaky_relu", Some(1.0)), 1.0);
    assert_eq!(init::calculate_gain("leaky_relu", None), f64::sqrt(2.0 / 1.0001));
    assert_eq!(init::calculate_gain("selu", None), 0.75);
}

#[test]
fn words_are_checked_when_the_program_is_compiled() {
    const INIT: Init = init::kaiming_normal().mode("fan_out").nonlinearity("relu");
    assert_eq!(INIT, init::kaiming_normal().nonlinearity("relu").mode("fan_out"));
    assert_ne!(INIT, init::kaiming_normal());
}

#[test]
#[should_panic(expected = "a mode is \"fan_in\" or \"fan_out\"")]
fn an_unknown_mode() {
    let _ = init::kaiming_normal().mode("fan_uot");
}

#[test]
#[should_panic(expected = "a nonlinearity is linear")]
fn an_unknown_nonlinearity() {
    let _ = init::kaiming_normal().nonlinearity("relu6");
}

#[test]
#[should_panic(expected = "no option `gain`")]
fn an_option_of_another_function() {
    let _ = init::kaiming_normal().gain(2.0);
}

#[test]
#[should_panic(expected = "at least two axes, this one has 1")]
fn fans_of_a_vector() {
    filled(init::xavier_uniform(), &[4]);
}

#[test]
fn apply_fills_the_parameter_of_that_name() {
    let mut layer = Linear::<3, 2>::zeroed();
    init::apply(&mut layer, "bias", &init::constant().val(0.25), &mut nn_core::seed(1));
    assert_eq!((*layer.weight, *layer.bias), ([[0.0; 3]; 2], [0.25; 2]));
    layer.reset(&mut nn_core::seed(1));
    let bound = 1.0 / 3_f32.sqrt();
    assert!(layer.weight.iter().flatten().all(|value| value.abs() <= bound && *value != 0.0));
}

#[test]
#[should_panic(expected = "`#[init(bias: ...)]`: the layer has no parameter of that name, only: weight")]
fn apply_lists_the_names() {
    let mut layer = Linear::<3, 2, f32, Absent>::zeroed();
    init::apply(&mut layer, "bias", &init::zeros(), &mut nn_core::seed(1));
}
