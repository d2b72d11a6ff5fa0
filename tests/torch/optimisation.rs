//! Optimisers, schedules and initial values against PyTorch's, as recorded.

use nn::layers::Linear;
use nn::optim::{Optimizer, SGD, Schedule};
use nn::{Network, Tensor, Zeroable, loss::MSELoss};

use crate::record::{Case, Record};

/// One trajectory: `optim_case! { name: f32, unclipped, SGD(lr = 0.1, ...) }`
macro_rules! optim_case {
    ($name:ident: f32, $($rest:tt)*) => { optim_case!(@test $name, Mlp, $($rest)*); };
    ($name:ident: f64, $($rest:tt)*) => { optim_case!(@test $name, MlpF64, $($rest)*); };
    ($name:ident: normed f32, $($rest:tt)*) => { optim_case!(@test $name, Normed, $($rest)*); };
    ($name:ident: normed f64, $($rest:tt)*) => { optim_case!(@test $name, NormedF64, $($rest)*); };
    (@test $name:ident, $network:ident, $clip:ident $(($($limit:ident = $value:expr),*))?, $optimizer:ident($($options:tt)*)) => {
        #[test]
        fn $name() {
            #[allow(unused_imports)]
            use nn::optim::*;
            let mut optimizer = optim_case!(@make $optimizer, $($options)*);
            optim_case!(@set optimizer, $($options)*);
            let clip = $crate::optimisation::$clip($($($value),*)?);
            $crate::optimisation::trajectory::<$network>(&RECORD, stringify!($name), &mut *optimizer, clip);
        }
    };
    (@make SGD, lr = $lr:literal, momentum = 0.0, $($rest:tt)*) => { SGD::boxed($lr) };
    (@make SGD, lr = $lr:literal, momentum = $momentum:literal, $($rest:tt)*) => { SGD::with_momentum($lr, $momentum) };
    (@make RMSprop, lr = $lr:tt, alpha = $alpha:literal, eps = $eps:literal, weight_decay = $decay:literal, momentum = $momentum:tt,
        centered = $centered:tt, maximize = $maximize:literal) => {
        optim_case!(@rmsprop $lr, $momentum, $centered)
    };
    (@make $optimizer:ident, lr = $lr:literal, betas = $betas:expr, eps = $eps:literal, weight_decay = $decay:literal, amsgrad = true, $($rest:tt)*) => {
        $optimizer::amsgrad($lr)
    };
    (@make $optimizer:ident, lr = $lr:literal, $($rest:tt)*) => { $optimizer::boxed($lr) };
    (@rmsprop $lr:literal, 0.0, false) => { RMSprop::boxed($lr) };
    (@rmsprop $lr:literal, 0.0, true) => { RMSprop::centered($lr) };
    (@rmsprop $lr:literal, $momentum:literal, false) => { RMSprop::with_momentum($lr, $momentum) };
    (@rmsprop $lr:literal, $momentum:literal, true) => { RMSprop::centered_with_momentum($lr, $momentum) };
    (@set $target:ident, $($option:ident = $value:expr),*) => { $(optim_case!(@one $target $option $value);)* };
    (@one $target:ident amsgrad $value:expr) => {};
    (@one $target:ident centered $value:expr) => {};
    (@one $target:ident $option:ident $value:expr) => { $target.$option = $value; };
}

/// What happens to the gradients before a step; gives their norm if it was computed.
pub(crate) enum Clip {
    Not,
    Norm(f64, f64),
    Value(f64),
}

pub(crate) fn unclipped() -> Clip {
    Clip::Not
}

pub(crate) fn clip_grad_norm(max_norm: f64, norm_type: f64) -> Clip {
    Clip::Norm(max_norm, norm_type)
}

pub(crate) fn clip_grad_value(clip_value: f64) -> Clip {
    Clip::Value(clip_value)
}

/// Twenty steps.
pub(crate) fn trajectory<M: Network>(record: &Record, name: &str, optimizer: &mut impl Optimizer<M>, clip: Clip)
where
    M::Output: Tensor<Element = M::Element>,
{
    const BATCH: usize = 4;
    let case = record.case::<M::Element>(name);
    let (mut network, mut gradients, mut tape) = (M::gradients(), M::gradients(), M::tape::<BATCH>());
    network.visit_parameters_mut(&mut |parameter, values| {
        case.load(&format!("param/{}", parameter.name), parameter.shape, values)
    });
    let (mut input, mut target) = ([M::Input::zeroed(); BATCH], [M::Output::zeroed(); BATCH]);
    case.load_batch("input0", &mut input, 0);
    case.load_batch("target", &mut target, 0);
    let (mut losses, mut norms) = (Vec::new(), Vec::new());
    for step in 1..=20 {
        let output = network.forward_train(&input, &mut tape);
        let mut output_gradients = [M::Output::zeroed(); BATCH];
        losses.push(MSELoss::new().forward(output, &target, &mut output_gradients));
        gradients.set_zero();
        network.backward_parameters(&mut tape, &output_gradients, &mut gradients);
        match clip {
            Clip::Not => {}
            Clip::Norm(max_norm, norm_type) => {
                norms.push(nn::Float::from_f64(nn::optim::clip_grad_norm(&mut *gradients, max_norm, norm_type)));
            }
            Clip::Value(value) => nn::optim::clip_grad_value(&mut *gradients, value),
        }
        optimizer.step(&mut network, &gradients);
        if case.has(&format!("step{step}/0.bias")) {
            network.visit_parameters(&mut |parameter, values| {
                case.compare(&format!("step{step}/{}", parameter.name), values)
            });
        }
    }
    case.compare("losses", &losses);
    if case.has("norms") {
        case.compare("norms", &norms);
    }
}

/// One schedule: `schedule_case! { name: lr = 0.5, momentum = 0.9, StepLR(step_size = 7, gamma = 0.1) }`
macro_rules! schedule_case {
    ($name:ident: lr = $lr:literal, momentum = $momentum:literal, $schedule:ident($($options:tt)*)) => {
        #[test]
        fn $name() {
            #[allow(unused_imports)]
            use nn::optim::*;
            let case = RECORD.case::<f64>(stringify!($name));
            schedule_case!(@run case, $lr, $schedule, $($options)*);
        }
    };
    (@run $case:ident, $lr:literal, SequentialLR, schedulers = [$($name:ident($($option:ident = $value:tt),*)),*],
        milestones = [$($milestone:literal),*]) => {
        let schedules: &[&dyn Schedule] = &[$(&schedule_case!(@make $lr, $name, $($option = $value),*)),*];
        $crate::optimisation::schedule(&$case, &SequentialLR::new(schedules, &[$($milestone),*]));
    };
    (@run $case:ident, $lr:literal, ChainedScheduler, schedulers = [$($name:ident($($option:ident = $value:tt),*)),*]) => {
        let schedules: &[&dyn Schedule] = &[$(&schedule_case!(@make $lr, $name, $($option = $value),*)),*];
        $crate::optimisation::schedule(&$case, &ChainedScheduler::new($lr, schedules));
    };
    (@run $case:ident, $lr:literal, ReduceLROnPlateau, mode = $mode:literal, factor = $factor:literal, patience = $patience:literal,
        threshold = $threshold:literal, threshold_mode = $threshold_mode:literal, cooldown = $cooldown:literal, min_lr = $min_lr:literal,
        eps = $eps:literal) => {
        let mut schedule = ReduceLROnPlateau::new($lr);
        schedule.maximize = $mode == "max";
        schedule.factor = $factor;
        schedule.patience = $patience;
        schedule.threshold = $threshold;
        schedule.absolute = $threshold_mode == "abs";
        schedule.cooldown = $cooldown;
        schedule.min_lr = $min_lr;
        schedule.eps = $eps;
        let rates = std::iter::once($lr).chain($case.values("metric").into_iter().map(|metric| schedule.step(metric)));
        $case.compare("lr", &rates.collect::<Vec<_>>());
    };
    (@run $case:ident, $($schedule:tt)*) => { $crate::optimisation::schedule(&$case, &schedule_case!(@make $($schedule)*)); };

    (@make $lr:literal, StepLR, step_size = $size:tt, gamma = $gamma:tt) => {
        StepLR { lr: $lr, step_size: $size, gamma: $gamma }
    };
    (@make $lr:literal, MultiStepLR, milestones = [$($milestone:literal),*], gamma = $gamma:tt) => {
        MultiStepLR { lr: $lr, milestones: &[$($milestone),*], gamma: $gamma }
    };
    (@make $lr:literal, LinearLR, start_factor = $start:tt, end_factor = $end:tt, total_iters = $total:tt) => {
        LinearLR { lr: $lr, start_factor: $start, end_factor: $end, total_iters: $total }
    };
    (@make $lr:literal, ConstantLR, factor = $factor:tt, total_iters = $total:tt) => {
        ConstantLR { lr: $lr, factor: $factor, total_iters: $total }
    };
    (@make $lr:literal, PolynomialLR, total_iters = $total:tt, power = $power:tt) => {
        PolynomialLR { lr: $lr, total_iters: $total, power: $power }
    };
    (@make $lr:literal, LambdaLR, lr_lambda = $function:expr) => { LambdaLR::new($lr, $function) };
    (@make $lr:literal, MultiplicativeLR, lr_lambda = $function:expr) => { MultiplicativeLR::new($lr, $function) };
    (@make $lr:literal, ExponentialLR, gamma = $gamma:tt) => { ExponentialLR { lr: $lr, gamma: $gamma } };
    (@make $lr:literal, CosineAnnealingLR, T_max = $t_max:tt, eta_min = $eta_min:tt) => {
        CosineAnnealingLR { lr: $lr, t_max: $t_max, eta_min: $eta_min }
    };
    (@make $lr:literal, CosineAnnealingWarmRestarts, T_0 = $t_0:tt, T_mult = $t_mult:tt, eta_min = $eta_min:tt) => {
        CosineAnnealingWarmRestarts { lr: $lr, t_0: $t_0, t_mult: $t_mult, eta_min: $eta_min }
    };
    (@make $lr:literal, CyclicLR, base_lr = $base:tt, max_lr = $max:tt, step_size_up = $up:tt, step_size_down = $down:tt, mode = $mode:tt,
        gamma = $gamma:tt, scale_fn = None, scale_mode = "cycle", cycle_momentum = $cycle:tt, base_momentum = $low:tt, max_momentum = $high:tt) => {
        CyclicLR {
            step_size_up: $up,
            step_size_down: schedule_case!(@option $down),
            mode: match $mode {
                "triangular" => CyclicMode::Triangular,
                "triangular2" => CyclicMode::Triangular2,
                _ => CyclicMode::ExpRange,
            },
            gamma: $gamma,
            cycle_momentum: $cycle,
            base_momentum: $low,
            max_momentum: $high,
            ..CyclicLR::new($base, $max)
        }
    };
    (@option None) => { None };
    (@option $value:literal) => { Some($value) };
    (@make $lr:literal, OneCycleLR, max_lr = $max:literal, total_steps = None, epochs = $epochs:literal,
        steps_per_epoch = $steps:literal, $($rest:tt)*) => {
        schedule_case!(@cycle $max, $epochs * $steps, $($rest)*)
    };
    (@make $lr:literal, OneCycleLR, max_lr = $max:literal, total_steps = $total:literal, epochs = None,
        steps_per_epoch = None, $($rest:tt)*) => {
        schedule_case!(@cycle $max, $total, $($rest)*)
    };
    (@cycle $max:literal, $total:expr, pct_start = $pct:literal, anneal_strategy = $strategy:literal,
        cycle_momentum = $cycle:literal, base_momentum = $base:literal, max_momentum = $high:literal, div_factor = $div:literal,
        final_div_factor = $last:literal, three_phase = $three:literal) => {
        OneCycleLR {
            pct_start: $pct,
            linear: $strategy == "linear",
            cycle_momentum: $cycle,
            base_momentum: $base,
            max_momentum: $high,
            div_factor: $div,
            final_div_factor: $last,
            three_phase: $three,
            ..OneCycleLR::new($max, $total)
        }
    };
}

/// What a schedule makes of an optimiser in thirty steps.
pub(crate) fn schedule(case: &Case<'_, f64>, schedule: &impl Schedule) {
    let mut optimizer = SGD::<Linear<1, 1>, 1>::with_momentum(schedule.lr(0), 0.9);
    let (mut rates, mut momenta) = (Vec::new(), Vec::new());
    for step in 0..31 {
        schedule.apply(step, &mut optimizer);
        rates.push(optimizer.lr);
        momenta.push(optimizer.momentum);
    }
    case.compare("lr", &rates);
    if case.has("momentum") {
        case.compare("momentum", &momenta);
    }
}

/// `gain_case! { name: calculate_gain("relu", None), 1.4142 }`
macro_rules! gain_case {
    ($name:ident: calculate_gain($nonlinearity:literal, None), $gain:literal) => {
        gain_case!(@test $name, $nonlinearity, None, $gain);
    };
    ($name:ident: calculate_gain($nonlinearity:literal, $param:literal), $gain:literal) => {
        gain_case!(@test $name, $nonlinearity, Some($param), $gain);
    };
    (@test $name:ident, $nonlinearity:literal, $param:expr, $gain:literal) => {
        #[test]
        fn $name() {
            let gain = nn::init::calculate_gain($nonlinearity, $param);
            assert!((gain - $gain).abs() < 1e-15, "{gain}");
        }
    };
}

/// `init_case! { name: [40, 60], xavier_uniform(gain = 1.0), uniform(-0.24, 0.24) }`
macro_rules! init_case {
    ($name:ident: $shape:expr, $function:ident($($option:ident = $value:expr),*), $($expected:tt)*) => {
        init_case!(@test $name, $shape, nn::init::$function()$(.$option($value))*, $($expected)*);
    };
    (@test $name:ident, $shape:expr, $init:expr, $($expected:tt)*) => {
        #[test]
        fn $name() {
            #[allow(unused_imports)]
            use $crate::optimisation::*;
            let shape: &[usize] = &$shape;
            let mut values = vec![f64::NAN; shape.iter().product()];
            $init.fill(&mut values, shape, &mut nn::seed(stringify!($name).len() as u64));
            let expected: Expected = init_case!(@expected RECORD, $name, $($expected)*);
            expected.check(&values, shape);
        }
    };
    (@expected $record:ident, $name:ident, recorded) => { recorded(&$record, stringify!($name)) };
    (@expected $record:ident, $name:ident, between($low:expr, $high:expr, mean = $mean:expr, std = $std:expr)) => {
        between($low, $high, $mean, $std)
    };
    (@expected $record:ident, $name:ident, semi_orthogonal(gain = $gain:expr)) => { semi_orthogonal($gain) };
    (@expected $record:ident, $name:ident, zeros_in_each_column($zeros:expr, std = $std:expr)) => { zeros_in_each_column($zeros, $std) };
    (@expected $record:ident, $name:ident, $law:ident($($value:expr),*)) => { $law($($value),*) };
}

/// The initial values of a network's parameters: `default_case! { name: network! { ... } "0.weight": uniform(-0.1, 0.1), }`
macro_rules! default_case {
    ($name:ident: network! { $($network:tt)* } $($key:literal: $law:ident($($value:expr),*)),* $(,)?) => {
        mod $name {
            use nn::prelude::*;

            network! { $($network)* }

            #[test]
            fn begins_as_in_pytorch() {
                #[allow(unused_imports)]
                use $crate::optimisation::*;
                let network = Net::init(&mut nn::seed(stringify!($name).len() as u64));
                let mut expected = vec![$(($key, $law($($value),*))),*];
                let mut check = |name: String, values: Vec<f64>, shape: &[usize]| {
                    let place = expected.iter().position(|(key, _)| name == *key).expect("the record has every name");
                    expected.remove(place).1.check(&values, shape);
                };
                let doubles = |values: &[f32]| values.iter().map(|value| f64::from(*value)).collect();
                network.visit_parameters(&mut |parameter, values| {
                    check(parameter.name.to_string(), doubles(values), parameter.shape);
                });
                network.visit_buffers(&nn::Path::ROOT, &mut |name, buffer| match buffer {
                    nn::Buffer::Real(values, shape) => check(name.to_string(), doubles(values), shape),
                    nn::Buffer::Count(count) => assert_eq!(*count, 0, "{name}"),
                });
                assert!(expected.is_empty(), "the network lacks {}", expected[0].0);
            }
        }
    };
}

/// What drawn values must look like.
pub(crate) enum Expected {
    Values(Vec<f64>),
    /// Bounds, mean, standard deviation.
    Moments(f64, f64, f64, f64),
    SemiOrthogonal(f64),
    Zeros(usize, f64),
}

pub(crate) fn recorded(record: &Record, name: &str) -> Expected {
    Expected::Values(record.case::<f64>(name).values("value"))
}

pub(crate) fn constant(value: f64) -> Expected {
    Expected::Moments(value, value, value, 0.0)
}

pub(crate) fn uniform(low: f64, high: f64) -> Expected {
    Expected::Moments(low, high, (low + high) / 2.0, (high - low) / 12f64.sqrt())
}

pub(crate) fn normal(mean: f64, std: f64) -> Expected {
    Expected::Moments(mean - 7.0 * std, mean + 7.0 * std, mean, std)
}

pub(crate) fn between(low: f64, high: f64, mean: f64, std: f64) -> Expected {
    Expected::Moments(low, high, mean, std)
}

pub(crate) fn semi_orthogonal(gain: f64) -> Expected {
    Expected::SemiOrthogonal(gain)
}

pub(crate) fn zeros_in_each_column(zeros: usize, std: f64) -> Expected {
    Expected::Zeros(zeros, std)
}

impl Expected {
    pub(crate) fn check(&self, values: &[f64], shape: &[usize]) {
        match self {
            Expected::Values(expected) => assert_eq!(values, expected),
            Expected::Moments(low, high, mean, std) => moments(values, (*low, *high), *mean, *std),
            Expected::SemiOrthogonal(gain) => orthogonal(values, shape, *gain),
            Expected::Zeros(zeros, std) => {
                for column in 0..shape[1] {
                    let count = values.iter().skip(column).step_by(shape[1]).filter(|value| **value == 0.0).count();
                    assert_eq!(count, *zeros, "zeros of column {column}");
                }
                let rest: Vec<f64> = values.iter().copied().filter(|value| *value != 0.0).collect();
                moments(&rest, (-7.0 * std, 7.0 * std), 0.0, *std);
            }
        }
    }
}

/// Bounds hold, and mean and deviation are within five standard errors.
fn moments(values: &[f64], (low, high): (f64, f64), mean: f64, std: f64) {
    let slack = 1e-6 * (high - low).abs();
    assert!(
        values.iter().all(|value| (low - slack..=high + slack).contains(value)),
        "a value outside of [{low}, {high}]"
    );
    let count = values.len() as f64;
    let found = values.iter().sum::<f64>() / count;
    assert!((found - mean).abs() <= 5.0 * std / count.sqrt() + 1e-12, "mean {found}, not {mean}");
    let deviation = (values.iter().map(|value| (value - found).powi(2)).sum::<f64>() / count).sqrt();
    assert!((deviation - std).abs() <= 5.0 * std / count.sqrt() + 1e-12, "deviation {deviation}, not {std}");
}

fn orthogonal(values: &[f64], shape: &[usize], gain: f64) {
    let (rows, columns) = (shape[0], shape[1..].iter().product::<usize>());
    let at = |vector: usize, i: usize| {
        if rows <= columns { values[vector * columns + i] } else { values[i * columns + vector] }
    };
    let (count, len) = (rows.min(columns), rows.max(columns));
    for a in 0..count {
        for b in 0..=a {
            let dot: f64 = (0..len).map(|i| at(a, i) * at(b, i)).sum();
            let expected = if a == b { gain * gain } else { 0.0 };
            assert!((dot - expected).abs() < 1e-9, "rows {a} and {b}: {dot}");
        }
    }
}
