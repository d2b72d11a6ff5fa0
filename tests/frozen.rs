//! The inference form of networks of all kinds against the networks themselves, on every instruction set that the machine has.

use nn::Sample;
use nn::prelude::*;

#[path = "frozen/check.rs"]
mod check;
#[path = "frozen/hidden.rs"]
mod hidden;
#[path = "frozen/moves.rs"]
mod moves;
#[path = "frozen/packed.rs"]
mod packed;
#[path = "frozen/steps.rs"]
mod steps;

use check::{ALONE, frozen, random, trained};

frozen! {
    mlp(1, 1) Net: { pub struct Net: [64] -> [10] (Linear(64, 32), ReLU, Linear(32, 10)); }
    few(1, 1) Net: { pub struct Net: [4] -> [14] (Linear(4, 1), Linear(1, 2), Linear(2, 3), Linear(3, 5), Linear(5, 6), Linear(6, 7), ReLU, Linear(7, 31), Linear(31, 8), Linear(8, 14)); }
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
    sliding(1, 1) Net: {
        pub struct Net: [9, 23, 13] {
            first: Conv2d(9, 9, 3, padding = 1, groups = 9), bn: BatchNorm2d(9), wider: Conv2d(9, 24, 1),
            whole: Conv2d(24, 24, 3, padding = 1, groups = 24), inner: Conv2d(24, 24, 3, groups = 24),
            halved: Conv2d(24, 24, 3, stride = 2, padding = (0, 1), groups = 24), again: Conv2d(24, 24, 3, stride = 2, padding = (0, 1), groups = 24),
            narrow: Conv2d(24, 24, 3, stride = 2, padding = (1, 0), groups = 24),
            thin: Conv2d(24, 24, 3, padding = 1, groups = 24), last: Conv2d(24, 24, 3, stride = 2, padding = 1, groups = 24),
        }
        forward(x) {
            let x = wider(relu(bn(first(x))));
            let x = again(halved(inner(relu(whole(x) + x))));
            last(thin(narrow(x)))
        }
    }
    wide_sliding(1, 1) Net: {
        pub struct Net: [3, 19, 43] {
            Conv2d(3, 16, 3, padding = 1, stride = 2), ReLU, Conv2d(16, 16, 3, padding = 1, groups = 16, bias = false), ReLU6,
            Conv2d(16, 8, 1), Conv2d(8, 8, 3, padding = 1, stride = 2, groups = 8), ReLU, Conv2d(8, 8, 3, padding = 1, groups = 8), Conv2d(8, 3, 1),
        }
    }
    combed(1, 1) Net: {
        pub struct Net: [3, 23, 96] -> [8, 6, 6] {
            stem: Conv2d(3, 8, 3, padding = 1, stride = 2, bias = false), bn: BatchNorm2d(8), each: Conv2d(8, 8, 3, padding = 1, groups = 8), one: Conv2d(8, 1, 1),
            next: Conv2d(1, 8, 3, padding = 1, stride = 2), own: Conv2d(8, 8, 3, padding = (0, 1), groups = 8), small: Conv2d(8, 8, 3, padding = (2, 1), groups = 8),
        }
        forward(x) {
            let x = relu(bn(stem(x)));
            let x = relu(each(x) + x);
            let x = own(relu6(next(one(x))));
            small(avg_pool2d(x, (1, 4)))
        }
    }
    eights(1, 1) Net: {
        pub struct Net: [8, 5, 7] -> [37, 5, 9] {
            a: Conv2d(8, 16, 1), b: Conv2d(8, 16, 1, bias = false), c: Conv2d(16, 8, 3, padding = 1), d: Conv2d(8, 13, 1, padding = (0, 1)), e: Conv2d(13, 8, 1), f: Conv2d(8, 37, 1),
        }
        forward(x) {
            let y = relu(b(x) + a(x));
            f(e(relu6(d(c(y)))))
        }
    }
    combed_unevenly(1, 1) Net: {
        pub struct Net: [2, 15, 43] -> [8, 18, 21] {
            a: Conv2d(2, 8, (4, 5), padding = (3, 1), stride = (1, 2)), b: Conv2d(2, 8, (4, 6), padding = (3, 2), stride = (1, 2)), c: Conv2d(8, 8, 3, padding = 1, groups = 8),
        }
        forward(x) { c(relu(b(x) + a(x))) }
    }
    combed_twice(1, 1) Net: {
        pub struct Net: [1, 7, 151] -> [8, 1, 78] { Conv2d(1, 8, (1, 7), padding = (0, 5), stride = (3, 2)), ReLU, Conv2d(8, 8, 3, padding = (0, 1), groups = 8, bias = false) }
    }
    flat_slides(1, 1) Net: {
        pub struct Net: [16, 5, 7, 6] { Conv3d(16, 16, (1, 3, 3), stride = (2, 1, 1), padding = (0, 1, 1), groups = 16), ReLU, Conv3d(16, 16, (3, 3, 3), padding = 1, groups = 16) }
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
    wide_recurrent(1, 3) Net: {
        pub struct Net: [3, 5] -> ([3, 64], [3, 80], [3, 51]) { a: LSTM(5, 64), b: GRU(64, 80), d: RNN(80, 51) }
        forward(x) {
            let (y, _) = a(x);
            let (z, _) = b(y);
            let (w, _) = d(z);
            (y, z, w)
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
    few_channels(1, 1) Net: {
        pub struct Net: [3, 21, 37] -> [10] {
            Conv2d(3, 7, 3, padding = 1), ReLU, MaxPool2d(2), Conv2d(7, 5, (3, 4), padding = (0, 2), dilation = (2, 1)), BatchNorm2d(5), Hardtanh,
            AvgPool2d(2, padding = 1), Conv2d(5, 11, 3, stride = (2, 1), dilation = (1, 3)), ReLU6, MaxPool2d(3, stride = 1, padding = 1), Flatten, Linear(_, 10),
        }
    }
    few_and_added(1, 1) Net: {
        pub struct Net: [2, 6, 40] -> [3, 7, 40] { a: Conv2d(2, 3, 5, padding = 2), b: Conv2d(3, 3, 3, padding = 1), c: Conv2d(3, 3, (2, 1), padding = (1, 0)), }
        forward(x) {
            let y = relu(a(x));
            let z = relu(b(y) + y);
            c(z)
        }
    }
    few_of_many(1, 1) Net: {
        pub struct Net: [5, 30, 32] -> [2, 30, 32] { Conv2d(5, 33, 3, padding = 1), ReLU, Conv2d(33, 2, 7, padding = 3), Tanh }
    }
    lines(1, 1) Net: { pub struct Net: [3, 40] -> [4, 18] { Conv1d(3, 4, 5, padding = 2), ReLU, MaxPool1d(2), Conv1d(4, 4, 3), } }
    parts(1, 1) Net: {
        pub struct Net: [96, 14, 14] -> [40, 7, 7] {
            a: Conv2d(96, 64, 3, padding = 1), b: Conv2d(64, 64, 3, padding = 1), c: Conv2d(64, 176, 3, stride = 2, padding = 1), d: Conv2d(176, 40, 3, padding = 1),
        }
        forward(x) {
            let x = relu(a(x));
            let x = relu(b(x) + x);
            d(relu(c(x)))
        }
    }
    short_lines(1, 1) Net: {
        pub struct Net: [33, 11, 13] -> [48, 3, 4] {
            a: Conv2d(33, 64, 3, padding = 1), b: Conv2d(64, 64, 3, padding = 1), c: Conv2d(64, 96, 3, stride = 2, padding = 1),
            d: Conv2d(96, 32, 3, padding = (2, 1), dilation = (2, 1)), e: Conv2d(32, 48, 1, stride = 2),
        }
        forward(x) {
            let x = relu(a(x));
            let x = relu(b(x) + x);
            e(relu(d(relu(c(x)))))
        }
    }
    dense(1, 1) Net: {
        pub struct Net: [3, 9, 7] -> [5, 9, 7] { a: Conv2d(3, 6, 3, padding = 1), b: Conv2d(9, 17, 3, padding = 1), c: Conv2d(32, 5, 1), }
        forward(x) {
            let y = cat([x, relu(a(x))], dim = 1);
            let z = cat([b(y), y, a(x)], dim = 1);
            c(z)
        }
    }
    policy(1, 4) Net: {
        pub struct Net: [24] -> ([9], [2], [3], [3]) {
            mean: Buffer(24), deviation: Buffer(24), body: [Linear(24, 33), Tanh], walk: Linear(33, 9), fire: Linear(33, 2), centre: Linear(33, 3),
            spread: Parameter(3), scale: Parameter(()),
        }
        forward(x) {
            let h = body(clamp((x - mean) / (square(deviation) + 1.0), -5, 5));
            (softmax(walk(h), dim = 1), log_softmax(fire(h), dim = 1), tanh(centre(h)) * scale, exp(spread))
        }
    }
    shifted(1, 1) Net: {
        pub struct Net: [3, 7, 9] -> [5, 7, 9] { mean: Buffer(3, 1, 1), conv: Conv2d(3, 5, 3, padding = 1), place: Parameter(5, 7, 9), gain: Parameter(5, 1, 1), last: Conv2d(5, 5, 1) }
        forward(x) { last(relu(conv(x - mean) + place) * gain) }
    }
    nothing(1, 1) Net: { pub struct Net: [3, 4] -> [3, 4] { Identity } }
    double(1, 1) Net: {
        #[element(f64)]
        pub struct Net: [3, 9, 9] -> [4] { Conv2d(3, 21, 3, padding = 1), BatchNorm2d(21), ReLU, MaxPool2d(2), Flatten, Linear(_, 4) }
    }
}

/// Parameters, buffers and functions are no reason to keep the network beside what is packed.
#[test]
fn only_layers_with_tensors_are_kept() {
    fn kept<N: nn::Freeze>() -> (usize, &'static str) {
        (size_of::<N::Kept>(), N::KEPT_LAYERS)
    }
    assert_eq!([kept::<policy::Net>(), kept::<shifted::Net>(), kept::<wide_mlp::Net>()], [(0, ""); 3]);
    assert_eq!(kept::<many_rows::Net>(), (size_of::<many_rows::Net>(), "2 (LayerNorm)"));
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

#[test]
fn squares_keep_to_their_bound() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let mut generator = nn::seed(5);
    let network = trained::<squares::Net>(&mut generator);
    let mut input: Box<<squares::Net as Network>::Input> = Box::new(nn::Zeroable::zeroed());
    input.part_mut(0).iter_mut().for_each(|value| *value = random(&mut generator));
    let exact = network.freeze().predict(&input);
    // Nothing is exact enough for 0.
    assert_eq!(network.freeze_with(FreezeOptions { winograd_error: 0.0 }).predict(&input), exact);
    let largest = exact.part(0).iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    for bound in [1e-3, 1e-5] {
        let found = network.freeze_with(FreezeOptions { winograd_error: bound }).predict(&input);
        assert!(found != exact, "squares round in their own way");
        for (found, exact) in found.part(0).iter().zip(exact.part(0)) {
            assert!((found - exact).abs() / largest <= 10.0 * bound as f32, "{found}, not {exact}");
        }
    }
}

mod squares {
    use nn::prelude::*;
    network! {
        pub struct Net: [20, 19, 26] -> [17, 19, 26] {
            a: Conv2d(20, 24, 3, padding = 1), n: BatchNorm2d(24), b: Conv2d(24, 24, 3, padding = 1), c: Conv2d(24, 17, 3, padding = 1), first: Conv2d(20, 20, 1),
        }
        forward(x) {
            let x = relu(n(a(first(x))));
            c(relu(b(x) + x))
        }
    }
}
