//! Subnormal numbers are found and flushed wherever they arise: in weights, in packed weights, in the states of optimisers and of recurrent networks.

use nn::optim::{Adam, RMSprop, SGD};
use nn::prelude::*;
use nn::{BufferMut, Path, flush_subnormals, subnormals};

network! {
    struct Net: [2, 3] -> [2, 3] { conv: Conv1d(2, 2, 1), bn: BatchNorm1d(2) }
    forward(x) { bn(conv(x)) }
}

/// Subnormal.
const TINY: f32 = 1e-40;

#[test]
fn slices() {
    let mut values = [0.0, -0.0, TINY, -TINY, f32::MIN_POSITIVE, -1.0, f32::INFINITY, f32::NAN, f32::from_bits(1)];
    assert_eq!(subnormals(&values), 3);
    flush_subnormals(&mut values);
    assert_eq!(subnormals(&values), 0);
    assert_eq!(values[..7], [0.0, 0.0, 0.0, 0.0, f32::MIN_POSITIVE, -1.0, f32::INFINITY]);
    assert!(values[7].is_nan() && values[8] == 0.0);
    let mut double = [1e-310, 1e-300, f64::from(TINY)];
    assert_eq!(subnormals(&double), 1);
    flush_subnormals(&mut double);
    assert_eq!(double, [0.0, 1e-300, f64::from(TINY)]);
}

#[test]
fn networks_and_their_inference_form() {
    let mut net = Net::init(&mut nn::seed(1));
    assert_eq!(net.subnormals(), 0);
    net.conv.weight[1][0] = [TINY];
    net.conv.bias[0] = -TINY;
    net.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        if let (true, BufferMut::Real(values, _)) = (name == "bn.running_mean", buffer) {
            values[1] = TINY;
        }
    });
    assert_eq!(net.subnormals(), 3);
    let input = Tensor2([[1.0, -2.0, 0.5], [0.25, 3.0, 1.0]]);
    let before = net.predict(&input);
    assert_eq!(net.flush_subnormals(), 3);
    assert_eq!((net.subnormals(), net.flush_subnormals()), (0, 0));
    // A product and a sum that are rounded once may be rounded the other way.
    for (found, before) in net.predict(&input).as_slice().iter().zip(before.as_slice()) {
        assert!((found - before).abs() <= 2.0 * f32::EPSILON * before.abs());
    }
}

/// The largest of an optimiser's averages that is still there after many steps without a gradient, as bits of its checkpoint would hold it.
fn rest<O: Optimizer<Net>>(mut optimizer: Box<O>, steps: usize) -> (Box<O>, f64) {
    let mut net = Net::init(&mut nn::seed(1));
    let mut gradients = Net::gradients();
    gradients.conv.weight.fill([[1e-3]; 2]);
    optimizer.step(&mut net, &gradients);
    gradients.set_zero();
    let start = std::time::Instant::now();
    for _ in 0..steps {
        optimizer.step(&mut net, &gradients);
    }
    (optimizer, start.elapsed().as_secs_f64())
}

#[test]
fn averages_of_optimisers_end_at_zero() {
    use nn_core::kernels::{AdamRule, Kernels, RmspropRule, SgdRule};
    // The kernels themselves: optimisers keep their states to themselves.
    let (mut values, gradient) = ([1.0f32; 5], [0.0f32; 5]);
    let mut buffer = [1e-36f32; 5];
    let rule = SgdRule {
        lr: 0.1,
        momentum: 0.9,
        dampening: 0.0,
        weight_decay: 0.0,
        nesterov: false,
        maximize: false,
        first: false,
    };
    let mut worst = 0;
    for _ in 0..60 {
        f32::sgd_step(&rule, &gradient, &mut values, &mut buffer);
        worst += subnormals(&buffer);
    }
    assert_eq!((worst, buffer), (0, [0.0; 5]));
    let (mut m, mut v) = ([1e-36f32; 5], [1.3e-38f32; 5]);
    let rule = AdamRule {
        lr: 0.1,
        betas: (0.9, 0.999),
        eps: 1e-8,
        weight_decay: 0.0,
        decoupled: false,
        maximize: false,
        corrections: (1.0, 1.0),
    };
    for _ in 0..200 {
        f32::adam_step(&rule, &gradient, &mut values, &mut m, &mut v, &mut []);
        worst += subnormals(&m) + subnormals(&v);
    }
    assert_eq!((worst, m, v), (0, [0.0; 5], [0.0; 5]));
    let (mut squares, mut means, mut buffer) = ([1.3e-38f32; 5], [1.3e-38f32; 5], [1e-36f32; 5]);
    let rule = RmspropRule { lr: 0.1, alpha: 0.9, eps: 1e-8, weight_decay: 0.0, momentum: 0.9, maximize: false };
    for _ in 0..200 {
        f32::rmsprop_step(&rule, &gradient, &mut values, &mut squares, &mut means, &mut buffer);
        worst += subnormals(&squares) + subnormals(&means) + subnormals(&buffer);
    }
    assert_eq!((worst, squares, means, buffer), (0, [0.0; 5], [0.0; 5], [0.0; 5]));
}

#[test]
fn optimisers_stay_finite_without_gradients() {
    let (_, _) = rest(SGD::<Net, 1>::with_momentum(0.1, 0.9), 2000);
    let (_, _) = rest(Adam::<Net>::boxed(0.01), 2000);
    let (_, _) = rest(RMSprop::<Net, 1, 1>::centered_with_momentum(0.01, 0.9), 2000);
}

mod gru {
    use nn::prelude::*;
    network! {
        pub struct Net: ([1], [16]) -> ([1], [16]) { rnn: RNNCell(1, 16, bias = false, nonlinearity = "relu"), fc: Linear(16, 1) }
        forward(x, h) { let h = rnn(x, h); (fc(h), h) }
    }
}

#[test]
fn a_decaying_state_is_flushed_block_by_block() {
    let mut net = gru::Net::init(&mut nn::seed(1));
    // A leaky filter: each number keeps nine tenths.
    net.visit_parameters_mut(&mut |parameter, values| {
        if parameter.name == "rnn.weight_hh" {
            values.iter_mut().enumerate().for_each(|(at, value)| *value = if at % 17 == 0 { 0.9 } else { 0.0 });
        }
    });
    let frozen = net.freeze();
    let run = |flush: bool| {
        let (mut h, mut most) = (Tensor1([1.0; 16]), 0);
        for sample in 0..3000 {
            h = frozen.predict(&(Tensor1([0.0]), h)).1;
            most = most.max(subnormals(h.as_slice()));
            if flush && sample % 64 == 63 {
                flush_subnormals(h.as_mut_slice());
            }
        }
        (most, h)
    };
    let (most, left) = run(false);
    // 0.9 times the smallest numbers is rounded to itself: it never ends.
    assert!(most == 16 && subnormals(left.as_slice()) == 16);
    assert_eq!(run(true).1, Tensor1([0.0; 16]));
}
