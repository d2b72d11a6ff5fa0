//! Optimisers against PyTorch's rules written out naively, number by number; clipping; schedules by hand.

use core::mem::{MaybeUninit, offset_of};

use nn_core::layers::Linear;
use nn_core::optim::*;
use nn_core::{Element, Isa, Layout, Parameter, Parameters, Present, Region, Zeroable, force_isa};

/// Two layers, the second of which is not trained.
#[repr(C)]
struct Pair<E: Element> {
    first: Linear<37, 5, E, Present>,
    frozen: Linear<3, 2, E, Present>,
}

// SAFETY: its fields are.
unsafe impl<E: Element> Zeroable for Pair<E> {}

// SAFETY: the places are the fields' own, and the functions give the fields' own types.
unsafe impl<E: Element> Layout for Pair<E> {
    const REGIONS: &'static [Region] = &[
        Region::below("first", offset_of!(Self, first), |pair: &Self| &pair.first),
        Region::below("frozen", offset_of!(Self, frozen), |pair: &Self| &pair.frozen).frozen(),
    ];
}

impl<E: Element> Parameters for Pair<E> {
    type Element = E;

    fn reset(&mut self, random: &mut dyn nn_core::Rng) {
        self.first.reset(random);
        self.frozen.reset(random);
    }
}

fn boxed<E: Element>() -> Box<Pair<E>> {
    bytemuck::zeroed_box()
}

fn random<E: Element>(seed: u64) -> Box<Pair<E>> {
    let mut pair = boxed();
    pair.reset(&mut nn_core::seed(seed));
    pair
}

/// All values, with the parameter they are of.
fn values<E: Element>(pair: &Pair<E>) -> Vec<(bool, f64)> {
    let mut values = Vec::new();
    pair.visit_parameters(&mut |parameter: Parameter<'_>, own| {
        values.extend(own.iter().map(|value| (parameter.trainable, value.to_f64())));
    });
    values
}

/// Runs ten steps, and `rule(step, gradient, value)`, one for each value, beside them.
fn compare<E: Element, R: FnMut(u32, f64, f64) -> f64>(
    optimizer: &mut impl Optimizer<Pair<E>>,
    mut rule: impl FnMut() -> R,
) {
    let mut network = random::<E>(1);
    let before = values(&network);
    let mut expected: Vec<(R, f64)> = before.iter().map(|(_, value)| (rule(), *value)).collect();
    for step in 1..=10 {
        let gradients = random::<E>(100 + u64::from(step));
        optimizer.step(&mut network, &gradients);
        for ((rule, value), (_, gradient)) in expected.iter_mut().zip(values(&gradients)) {
            *value = rule(step, gradient, *value);
        }
        let places = values(&network).into_iter().zip(&expected).zip(&before);
        for (place, (((trainable, found), (_, expected)), before)) in places.enumerate() {
            let expected = if trainable { *expected } else { before.1 };
            let error = (found - expected).abs();
            assert!(error <= 16.0 * E::EPSILON.to_f64(), "step {step}, value {place}: {found}, not {expected}");
        }
    }
}

fn sgd_rule(
    lr: f64,
    momentum: f64,
    dampening: f64,
    weight_decay: f64,
    nesterov: bool,
    maximize: bool,
) -> impl FnMut(u32, f64, f64) -> f64 {
    let mut buffer = 0.0;
    move |step, gradient, value| {
        let mut gradient = if maximize { -gradient } else { gradient };
        gradient += weight_decay * value;
        if momentum != 0.0 {
            buffer = if step == 1 { gradient } else { momentum * buffer + (1.0 - dampening) * gradient };
            gradient = if nesterov { gradient + momentum * buffer } else { buffer };
        }
        value - lr * gradient
    }
}

#[test]
fn sgd() {
    compare::<f32, _>(&mut *SGD::boxed(0.1), || sgd_rule(0.1, 0.0, 0.0, 0.0, false, false));
    compare::<f64, _>(&mut *SGD::with_momentum(0.1, 0.9), || sgd_rule(0.1, 0.9, 0.0, 0.0, false, false));
    let mut optimizer = SGD::boxed(0.1);
    (optimizer.weight_decay, optimizer.maximize) = (0.5, true);
    compare::<f64, _>(&mut *optimizer, || sgd_rule(0.1, 0.0, 0.0, 0.5, false, true));
    let mut optimizer = SGD::with_momentum(0.2, 0.8);
    (optimizer.dampening, optimizer.weight_decay, optimizer.maximize) = (0.25, 0.125, true);
    compare::<f32, _>(&mut *optimizer, || sgd_rule(0.2, 0.8, 0.25, 0.125, false, true));
    let mut optimizer = SGD::with_momentum(0.2, 0.8);
    (optimizer.weight_decay, optimizer.nesterov) = (0.125, true);
    compare::<f64, _>(&mut *optimizer, || sgd_rule(0.2, 0.8, 0.0, 0.125, true, false));
    // As in PyTorch, dampening means nothing without a momentum.
    let mut optimizer = SGD::with_momentum(0.1, 0.0);
    optimizer.dampening = 0.5;
    compare::<f64, _>(&mut *optimizer, || sgd_rule(0.1, 0.0, 0.5, 0.0, false, false));
}

#[derive(Clone, Copy)]
struct AdamOptions {
    lr: f64,
    betas: (f64, f64),
    eps: f64,
    weight_decay: f64,
    decoupled: bool,
    amsgrad: bool,
    maximize: bool,
}

const ADAM: AdamOptions = AdamOptions {
    lr: 0.01,
    betas: (0.9, 0.999),
    eps: 1e-8,
    weight_decay: 0.0,
    decoupled: false,
    amsgrad: false,
    maximize: false,
};

fn adam_rule(options: AdamOptions) -> impl FnMut(u32, f64, f64) -> f64 {
    let AdamOptions { lr, betas, eps, weight_decay, decoupled, amsgrad, maximize } = options;
    let (mut m, mut v, mut largest) = (0.0, 0.0, 0.0_f64);
    move |step, gradient, mut value| {
        let mut gradient = if maximize { -gradient } else { gradient };
        if decoupled {
            value -= lr * weight_decay * value;
        } else {
            gradient += weight_decay * value;
        }
        m = betas.0 * m + (1.0 - betas.0) * gradient;
        v = betas.1 * v + (1.0 - betas.1) * gradient * gradient;
        largest = largest.max(v);
        let m_hat = m / (1.0 - betas.0.powi(step as i32));
        let v_hat = if amsgrad { largest } else { v } / (1.0 - betas.1.powi(step as i32));
        value - lr * m_hat / (v_hat.sqrt() + eps)
    }
}

#[test]
fn adam() {
    compare::<f64, _>(&mut *Adam::boxed(0.01), || adam_rule(ADAM));
    compare::<f32, _>(&mut *Adam::boxed(0.01), || adam_rule(ADAM));
    let options = AdamOptions { betas: (0.25, 0.5), eps: 0.01, weight_decay: 0.5, maximize: true, ..ADAM };
    let mut optimizer = Adam::boxed(0.01);
    (optimizer.betas, optimizer.eps) = (options.betas, options.eps);
    (optimizer.weight_decay, optimizer.maximize) = (options.weight_decay, true);
    compare::<f64, _>(&mut *optimizer, || adam_rule(options));
    let options = AdamOptions { betas: (0.5, 0.5), amsgrad: true, ..ADAM };
    let mut optimizer = Adam::amsgrad(0.01);
    optimizer.betas = options.betas;
    compare::<f64, _>(&mut *optimizer, || adam_rule(options));
}

#[test]
fn adamw() {
    let options = AdamOptions { weight_decay: 0.01, decoupled: true, ..ADAM };
    compare::<f64, _>(&mut *AdamW::boxed(0.01), || adam_rule(options));
    let options = AdamOptions { betas: (0.8, 0.5), weight_decay: 0.5, amsgrad: true, maximize: true, ..options };
    let mut optimizer = AdamW::amsgrad(0.01);
    (optimizer.betas, optimizer.weight_decay, optimizer.maximize) = (options.betas, options.weight_decay, true);
    compare::<f64, _>(&mut *optimizer, || adam_rule(options));
}

#[test]
fn the_state_is_as_large_as_its_options_ask_for() {
    let network = size_of::<Pair<f32>>();
    assert!(size_of::<SGD<Pair<f32>>>() < network);
    assert!((network..2 * network).contains(&size_of::<SGD<Pair<f32>, 1>>()));
    assert!((2 * network..3 * network).contains(&size_of::<Adam<Pair<f32>>>()));
    assert!((3 * network..4 * network).contains(&size_of::<AdamW<Pair<f32>, 1>>()));
}

#[test]
fn memory_need_not_be_initialised() {
    let mut memory = MaybeUninit::<SGD<Pair<f64>, 1>>::uninit();
    // SAFETY: writing to memory that is there; what a stack holds when it is reused.
    unsafe { memory.as_mut_ptr().write_bytes(0xa5, 1) };
    let optimizer = SGD::init_in(&mut memory, 0.1);
    optimizer.momentum = 0.9;
    compare::<f64, _>(optimizer, || sgd_rule(0.1, 0.9, 0.0, 0.0, false, false));

    let mut memory = MaybeUninit::<AdamW<Pair<f64>, 1>>::uninit();
    // SAFETY: as above.
    unsafe { memory.as_mut_ptr().write_bytes(0xa5, 1) };
    let options = AdamOptions { weight_decay: 0.01, decoupled: true, amsgrad: true, ..ADAM };
    compare::<f64, _>(AdamW::init_in(&mut memory, 0.01), || adam_rule(options));
}

#[test]
#[should_panic(expected = "SGD needs a buffer for its momentum")]
fn momentum_without_a_buffer() {
    let mut optimizer = SGD::boxed(0.1);
    optimizer.momentum = 0.9;
    optimizer.step(&mut *boxed::<f32>(), &boxed::<f32>());
}

#[test]
#[should_panic(expected = "Nesterov's momentum needs a momentum and no dampening")]
fn nesterov_with_dampening() {
    let mut optimizer = SGD::with_momentum(0.1, 0.9);
    (optimizer.nesterov, optimizer.dampening) = (true, 0.1);
    optimizer.step(&mut *boxed::<f32>(), &boxed::<f32>());
}

#[test]
fn without_weight_decay_an_infinite_value_gets_no_nan() {
    let (mut network, gradients) = (boxed::<f32>(), boxed::<f32>());
    network.first.bias[0] = f32::INFINITY;
    SGD::boxed(0.1).step(&mut *network, &gradients);
    Adam::boxed(0.1).step(&mut *network, &gradients);
    assert_eq!(network.first.bias[0], f32::INFINITY);
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let run = |isa| {
        force_isa(Some(isa)).expect("it is available");
        let (mut network, mut adam, mut sgd) = (random::<f32>(1), AdamW::amsgrad(0.01), SGD::with_momentum(0.1, 0.9));
        adam.betas = (0.75, 0.875);
        for step in 0..5 {
            let mut gradients = random(step);
            clip_grad_norm(&mut *gradients, 1.0, 2.0);
            clip_grad_value(&mut *gradients, 0.125);
            adam.step(&mut *network, &gradients);
            sgd.step(&mut *network, &gradients);
        }
        force_isa(None).expect("the best is always available");
        values(&network).into_iter().map(|(_, value)| value.to_bits()).collect::<Vec<_>>()
    };
    let portable = run(Isa::Portable);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        assert_eq!(run(isa), portable, "{isa:?}");
    }
}

#[test]
fn gradients_are_clipped() {
    let mut gradients = boxed::<f64>();
    (gradients.first.weight[0][0], gradients.first.bias[2]) = (3.0, -4.0);
    // A frozen layer's are not looked at.
    gradients.frozen.bias[0] = 1e6;
    assert_eq!(clip_grad_norm(&mut *gradients, 10.0, 2.0), 5.0);
    assert_eq!(gradients.first.weight[0][0], 3.0);
    assert_eq!(clip_grad_norm(&mut *gradients, 100.0, f64::INFINITY), 4.0);
    assert!((clip_grad_norm(&mut *gradients, 100.0, 3.0) - 91_f64.cbrt()).abs() < 1e-12);
    assert_eq!(clip_grad_norm(&mut *gradients, 3.5, 1.0), 7.0);
    let factor = 3.5 / (7.0 + 1e-6);
    assert_eq!((gradients.first.weight[0][0], gradients.first.bias[2]), (3.0 * factor, -4.0 * factor));
    clip_grad_value(&mut *gradients, 1.75);
    assert_eq!((gradients.first.weight[0][0], gradients.first.bias[2]), (3.0 * factor, -1.75));

    // NaN is not hidden, whatever the norm and the place.
    for norm_type in [1.0, 2.0, 3.0, f64::INFINITY] {
        for place in [0, 36] {
            let mut gradients = random::<f32>(1);
            gradients.first.weight[1][place] = f32::NAN;
            assert!(clip_grad_norm(&mut *gradients, 1.0, norm_type).is_nan());
            assert!(gradients.first.bias[0].is_nan(), "as in PyTorch, the factor is NaN");
        }
    }
    let mut gradients = boxed::<f32>();
    (gradients.first.bias[0], gradients.first.bias[1]) = (f32::NAN, 2.0);
    clip_grad_value(&mut *gradients, 1.0);
    assert!(gradients.first.bias[0].is_nan() && gradients.first.bias[1] == 1.0);
}

#[test]
fn parameters_as_a_vector() {
    let (network, mut copy) = (random::<f32>(3), boxed::<f32>());
    let mut vector = [0.0; 37 * 5 + 5 + 3 * 2 + 2];
    parameters_to_vector(&*network, &mut vector);
    assert_eq!(vector[37..74], network.first.weight[1]);
    assert_eq!(vector[196..], *network.frozen.bias);
    vector_to_parameters(&vector, &mut *copy);
    assert_eq!(values(&copy), values(&network));
}

#[test]
fn a_trajectory_reaches_the_minimum() {
    // Minimises |W - 1|² / 2 by each optimiser, in one loop that knows none of them.
    fn train(optimizer: &mut impl Optimizer<Pair<f64>>) -> f64 {
        let (mut network, mut gradients) = (random::<f64>(5), boxed::<f64>());
        let schedule = CosineAnnealingLR::new(optimizer.lr(), 300);
        for step in 0..300 {
            let to = &mut gradients.first.weight;
            for (gradient, value) in to.iter_mut().flatten().zip(network.first.weight.iter().flatten()) {
                *gradient = value - 1.0;
            }
            optimizer.set_lr(schedule.lr(step));
            optimizer.step(&mut network, &gradients);
        }
        network.first.weight.iter().flatten().map(|value| (value - 1.0).abs()).fold(0.0, f64::max)
    }
    for left in [
        train(&mut *SGD::boxed(0.1)),
        train(&mut *SGD::with_momentum(0.05, 0.9)),
        train(&mut *Adam::boxed(0.05)),
        train(&mut *Adam::amsgrad(0.05)),
    ] {
        assert!(left < 2e-3, "{left} left");
    }
}

#[track_caller]
fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-15 + 1e-13 * expected.abs(), "{found}, not {expected}");
}

#[test]
fn schedules() {
    let schedule = StepLR::new(1.0, 3);
    for (step, lr) in [(0, 1.0), (2, 1.0), (3, 0.1), (5, 0.1), (6, 0.01)] {
        assert_close(schedule.lr(step), lr);
    }
    // In any order; twice the same counts twice.
    let schedule = MultiStepLR { lr: 8.0, milestones: &[7, 2, 7], gamma: 0.5 };
    for (step, lr) in [(0, 8.0), (1, 8.0), (2, 4.0), (6, 4.0), (7, 1.0), (100, 1.0)] {
        assert_close(schedule.lr(step), lr);
    }
    assert_close(ExponentialLR::new(2.0, 0.5).lr(3), 0.25);
    let schedule = LinearLR::new(0.3);
    for (step, lr) in [(0, 0.1), (1, 0.14), (4, 0.26), (5, 0.3), (9, 0.3)] {
        assert_close(schedule.lr(step), lr);
    }
    let schedule = CosineAnnealingLR { lr: 1.0, t_max: 4, eta_min: 0.5 };
    for (step, lr) in [(0, 1.0), (2, 0.75), (4, 0.5), (6, 0.75), (8, 1.0)] {
        assert_close(schedule.lr(step), lr);
    }
}

#[test]
fn one_cycle() {
    let schedule = OneCycleLR { pct_start: 0.25, linear: true, ..OneCycleLR::new(1.0, 21) };
    // The rise ends at step 0.25 * 21 - 1 = 4.25, the fall at 20.
    assert_close(schedule.lr(0), 0.04);
    assert_close(schedule.lr(2), 0.04 + 0.96 * 2.0 / 4.25);
    assert_close(schedule.lr(20), 0.04 / 1e4);
    assert_close(schedule.lr(25), 0.04 / 1e4);
    assert_close(schedule.momentum(0), 0.95);
    assert_close(schedule.momentum(20), 0.95);
    let schedule = OneCycleLR { pct_start: 0.3, three_phase: true, ..OneCycleLR::new(1.0, 20) };
    // The phases end at 5, 10 and 19.
    for (step, lr, momentum) in [(0, 0.04, 0.95), (5, 1.0, 0.85), (10, 0.04, 0.95), (19, 4e-6, 0.95)] {
        assert_close(schedule.lr(step), lr);
        assert_close(schedule.momentum(step), momentum);
    }
}

#[test]
fn reduce_on_plateau() {
    let mut schedule = ReduceLROnPlateau::new(1.0);
    (schedule.factor, schedule.patience, schedule.cooldown, schedule.min_lr) = (0.5, 1, 2, 0.2);
    let metrics = [3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0];
    let rates = [1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.2, 0.2];
    assert_eq!(metrics.map(|metric| schedule.step(metric)), rates);
    let mut schedule = ReduceLROnPlateau::new(1.0);
    (schedule.maximize, schedule.absolute, schedule.threshold, schedule.patience) = (true, true, 0.5, 0);
    assert_eq!([-1.0, -0.5, 0.0, 0.5].map(|metric| schedule.step(metric)), [1.0, 0.1, 0.1, 0.1 * 0.1]);
}
