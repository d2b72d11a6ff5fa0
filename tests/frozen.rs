//! The inference form of networks of all kinds against the networks themselves, on every instruction set that the machine has.

use nn::prelude::*;
use nn::{BufferMut, Element, Float, Frozen, Isa, Path, Random, Rng, Sample, force_isa};

fn random<E: Element>(random: &mut Random) -> E {
    E::from_f64(f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0)
}

/// A network with statistics and weights away from where they begin.
fn trained<N: Network>(generator: &mut Random) -> Box<N> {
    let mut network = N::init(generator);
    network.visit_parameters_mut(&mut |_, values| {
        values.iter_mut().for_each(|value| *value += random::<N::Element>(generator) * N::Element::from_f64(0.1))
    });
    network.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        if let BufferMut::Real(values, _) = buffer {
            let lowest = if name.to_string().ends_with("running_var") { 1.5 } else { 0.0 };
            values.iter_mut().for_each(|value| *value = random::<N::Element>(generator) + N::Element::from_f64(lowest));
        }
    });
    network
}

/// Parts, and the length of each.
fn check<N: Freeze>(inputs: usize, outputs: usize) {
    let mut generator = nn::seed(7);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let network = trained::<N>(&mut generator);
        let mut input: N::Input = nn::Zeroable::zeroed();
        for part in 0..inputs {
            input.part_mut(part).iter_mut().for_each(|value| *value = random(&mut generator));
        }
        let expected = network.predict(&input);
        let frozen = network.freeze();
        assert_eq!(frozen.isa(), isa);
        let mut workspace = Frozen::<N>::workspace();
        let mut found: N::Output = nn::Zeroable::zeroed();
        // Twice in the same memory: nothing may depend on what it held.
        for _ in 0..2 {
            frozen.forward(&input, &mut workspace, &mut found);
            for part in 0..outputs {
                let (found, expected) = (found.part(part), expected.part(part));
                let largest = expected.iter().fold(1.0, |largest: f64, value| largest.max(value.to_f64().abs()));
                for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                    let error = (found.to_f64() - expected.to_f64()).abs();
                    let bound = 100.0 * N::Element::EPSILON.to_f64() * largest;
                    assert!(error <= bound, "{} on {isa:?}, {part}[{index}]: {found}, not {expected}", N::NAME);
                }
            }
        }
    }
    force_isa(None).expect("there is always a best");
}

/// The instruction set belongs to the whole program: one test at a time.
static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());

macro_rules! frozen {
    ($($name:ident($inputs:literal, $outputs:literal) $net:ident: { $($tokens:tt)* })*) => {$(
        mod $name {
            use nn::prelude::*;
            network! { $($tokens)* }
        }
        #[test]
        fn $name() {
            let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            check::<$name::$net>($inputs, $outputs);
        }
    )*};
}

frozen! {
    mlp(1, 1) Net: { pub struct Net: [64] -> [10] (Linear(64, 32), ReLU, Linear(32, 10)); }
    wide_mlp(1, 1) Net: { pub struct Net: [131] -> [3] (Linear(131, 257, bias = false), Tanh, Linear(257, 77), ReLU6, Linear(77, 3), Softmax(dim = 1)); }
    normed_mlp(1, 1) Net: { pub struct Net: [20] -> [7] (Linear(20, 33), BatchNorm1d(33), ReLU, Dropout(0.5), Linear(33, 7), BatchNorm1d(7, affine = false)); }
    rows(1, 1) Net: { pub struct Net: [5, 20] -> [5, 7] (Linear(20, 33), GELU, Linear(33, 7)); }
    many_rows(1, 1) Net: { pub struct Net: [3, 11, 20] -> [3, 11, 64] (Linear(20, 33), ReLU, LayerNorm(33), Linear(33, 64)); }
    digits(1, 1) Net: {
        pub struct Net: [1, 8, 8] -> [10] {
            Conv2d(1, 16, 3, padding = 1), ReLU, Conv2d(16, 32, 3, padding = 1), ReLU, MaxPool2d(2),
            Flatten, Linear(_, 64), ReLU, Linear(64, 10),
        }
    }
    lenet(1, 1) Net: {
        pub struct Net: [1, 28, 28] -> [10] {
            Conv2d(1, 6, 5, padding = 2), ReLU, MaxPool2d(2), Conv2d(6, 16, 5), ReLU, MaxPool2d(2),
            Flatten, Linear(_, 120), ReLU, Linear(120, 84), ReLU, Linear(84, 10),
        }
    }
    colours(1, 1) Net: {
        pub struct Net: [3, 17, 19] -> [5, 3, 3] {
            Conv2d(3, 13, (5, 3), stride = (2, 3), padding = (3, 0), dilation = (1, 2)), BatchNorm2d(13), LeakyReLU(0.1),
            AvgPool2d(3, stride = 2, padding = 1), Conv2d(13, 5, 1), AdaptiveAvgPool2d(3),
        }
    }
    groups(1, 1) Net: {
        pub struct Net: [12, 9, 10] {
            Conv2d(12, 20, 3, padding = 1, groups = 4), ReLU, Conv2d(20, 40, 3, groups = 20, padding = 1), Conv2d(40, 18, 1, groups = 2),
        }
    }
    depthwise(1, 1) Net: {
        pub struct Net: [1, 49, 10] -> [12] {
            Conv2d(1, 64, (10, 4), stride = 2, padding = (5, 1)), BatchNorm2d(64), ReLU,
            Conv2d(64, 64, 3, padding = 1, groups = 64, bias = false), BatchNorm2d(64), ReLU, Conv2d(64, 37, 1), BatchNorm2d(37), ReLU,
            Conv2d(37, 37, 3, padding = 1, stride = 2, groups = 37), ReLU6, Conv2d(37, 37, 5, padding = 4, dilation = 2, groups = 37),
            Conv2d(37, 64, 1), BatchNorm2d(64), Hardswish, AvgPool2d((13, 3)), Flatten, Linear(64, 12),
        }
    }
    residual(1, 1) Net: {
        pub struct Net: [3, 32, 32] -> [10] {
            stem: Conv2d(3, 16, 3, padding = 1, bias = false), bn: BatchNorm2d(16),
            conv1: Conv2d(16, 16, 3, padding = 1, bias = false), bn1: BatchNorm2d(16),
            conv2: Conv2d(16, 16, 3, padding = 1, bias = false), bn2: BatchNorm2d(16),
            conv3: Conv2d(16, 32, 3, stride = 2, padding = 1, bias = false), bn3: BatchNorm2d(32),
            conv4: Conv2d(32, 32, 3, padding = 1, bias = false), bn4: BatchNorm2d(32),
            down: Conv2d(16, 32, 1, stride = 2, bias = false), bn5: BatchNorm2d(32),
            fc: Linear(32, 10),
        }
        forward(x) {
            let x = relu(bn(stem(x)));
            let h = relu(bn1(conv1(x)));
            let x = relu(x + bn2(conv2(h)));
            let h = relu(bn3(conv3(x)));
            let x = relu(bn4(conv4(h)) + bn5(down(x)));
            fc(flatten(adaptive_avg_pool2d(x, 1), 1))
        }
    }
    sums(1, 1) Net: {
        pub struct Net: [4, 6] -> [24] {
            a: Conv1d(4, 4, 3, padding = 1), b: Conv1d(4, 4, 5, padding = 2), fc: Linear(24, 24),
        }
        forward(x) {
            let y = a(x) + x;
            let z = b(y) * y - x;
            let flat = flatten(relu(z + b(z)), 1);
            fc(flat) + flat
        }
    }
    joined(2, 2) Net: {
        pub struct Net: ([3, 7, 7], [5]) -> ([8, 7, 7], [6]) {
            a: Conv2d(3, 5, 3, padding = 1), b: Conv2d(3, 3, 1), c: Linear(5, 6),
        }
        forward(x, z) {
            (cat([relu(a(x)), sigmoid(b(x))], dim = 1), c(z))
        }
    }
    volume(1, 1) Net: {
        pub struct Net: [2, 5, 6, 7] {
            Conv3d(2, 9, 3, padding = (1, 0, 2)), BatchNorm3d(9), ReLU, MaxPool3d(2), Conv3d(9, 9, 2, groups = 9), Conv3d(9, 4, 1),
        }
    }
    upwards(1, 1) Net: {
        pub struct Net: [8, 5, 5] {
            Conv2d(8, 8, 3, padding = 1), ReLU, ConvTranspose2d(8, 6, 4, stride = 2, padding = 1), BatchNorm2d(6), ReLU,
            Conv2d(6, 3, 3, padding = 1, padding_mode = "reflect"), Tanh,
        }
    }
    statistics(1, 1) Net: {
        pub struct Net: [6, 8, 8] {
            BatchNorm2d(6), ReLU, Conv2d(6, 6, 3), InstanceNorm2d(6, affine = true), MaxPool2d(3, stride = 1, padding = 1, dilation = 1), BatchNorm2d(6), Hardtanh,
        }
    }
    flat_functions(1, 1) Net: {
        pub struct Net: [3, 4, 5] -> [60] { Conv2d(3, 3, 1), Flatten, Sigmoid, Dropout(0.5) }
    }
    flat_normed(1, 1) Net: {
        pub struct Net: [3, 4, 5] -> [7] { Conv2d(3, 3, 1), Flatten, BatchNorm1d(60), ReLU, Linear(60, 7) }
    }
    reshaped(1, 1) Net: {
        pub struct Net: [6, 4] -> [4, 6] { a: Conv1d(6, 6, 1), b: Conv1d(3, 4, 3, stride = 1, padding = 0), }
        forward(x) { b(reshape(a(x), (-1, 3, 8))) }
    }
    lstm(3, 3) Net: {
        pub struct Net: ([6, 3], [1, 20], [1, 20]) -> ([6, 2], [1, 20], [1, 20]) { rnn: LSTM(3, 20), fc: Linear(20, 2) }
        forward(x, h, c) {
            let (y, (h, c)) = rnn(x, (h, c));
            (fc(y), h, c)
        }
    }
    deep_lstm(1, 3) Net: {
        pub struct Net: [5, 7] -> ([5, 34], [6, 17], [6, 17]) { rnn: LSTM(7, 17, 3, bidirectional = true) }
        forward(x) {
            let (y, (h, c)) = rnn(x);
            (y, h, c)
        }
    }
    projected_lstm(1, 2) Net: {
        pub struct Net: [4, 3] -> ([4, 10], [4, 5]) { rnn: LSTM(3, 9, 2, proj_size = 5, bidirectional = true), fc: Linear(10, 10) }
        forward(x) {
            let (y, (h, _)) = rnn(x);
            (fc(y), h)
        }
    }
    deep_gru(2, 2) Net: {
        pub struct Net: ([7, 1], [4, 33]) -> ([7, 66], [4, 33]) { rnn: GRU(1, 33, 2, bidirectional = true) }
        forward(x, h) {
            let (y, h) = rnn(relu(x), h);
            (tanh(y), h)
        }
    }
    small_gru(1, 1) Net: {
        pub struct Net: [9, 2] -> [9, 8] { rnn: GRU(2, 8, bias = false) }
        forward(x) {
            let (y, _) = rnn(x);
            y
        }
    }
    rnn(1, 2) Net: {
        pub struct Net: [5, 19] -> ([5, 1], [2, 16]) { a: RNN(19, 16, 2), b: RNN(16, 1, nonlinearity = "relu") }
        forward(x) {
            let (y, h) = a(x);
            let (y, _) = b(y);
            (y, h)
        }
    }
    cells(4, 3) Net: {
        pub struct Net: ([2], [23], [23], [5]) -> ([23], [23], [5]) { a: LSTMCell(2, 23), b: GRUCell(23, 5), d: RNNCell(5, 5, bias = false) }
        forward(x, h, c, g) {
            let (h, c) = a(x, (h, c));
            (h, c, d(b(h, g)))
        }
    }
    double_lstm(1, 1) Net: {
        #[element(f64)]
        pub struct Net: [4, 3] -> [4, 11] { rnn: LSTM(3, 11) }
        forward(x) {
            let (y, _) = rnn(x);
            y
        }
    }
    passed_on(2, 3) Net: {
        pub struct Net: ([3], [4]) -> ([4], [3], [3]) { fc: Linear(3, 3) }
        forward(x, y) { (y, fc(x), x) }
    }
    nothing(1, 1) Net: { pub struct Net: [3, 4] -> [3, 4] { Identity } }
    double(1, 1) Net: {
        #[element(f64)]
        pub struct Net: [3, 9, 9] -> [4] { Conv2d(3, 21, 3, padding = 1), BatchNorm2d(21), ReLU, MaxPool2d(2), Flatten, Linear(_, 4) }
    }
}

#[test]
fn a_frozen_network_is_made_in_place() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let network = trained::<digits::Net>(&mut nn::seed(3));
    let mut memory = Box::new(std::mem::MaybeUninit::uninit());
    let frozen = network.freeze_in(&mut memory);
    let input = Tensor3([[[0.5; 8]; 8]; 1]);
    assert_eq!(frozen.predict(&input), network.freeze().predict(&input));
}
