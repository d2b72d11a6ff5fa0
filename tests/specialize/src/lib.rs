//! `#[specialize]`: networks that are compiled for their sizes give the bits that the code which all networks share gives, on every instruction set that the machine has.
//!
//! A package of its own, because it is compiled with optimisation and without the checks of a debug build, where the attribute would do nothing.
#![cfg(test)]

use nn::prelude::*;
use nn::{Float, Frozen, Isa, Sample, force_isa};

#[allow(dead_code, unused_macros, unused_imports)]
#[path = "../../frozen/check.rs"]
mod check;

use check::{ALONE, random, trained};

/// The network in both ways, with the same weights and inputs, again and again in the same memory.
fn check<N: Freeze>(inputs: usize, outputs: usize) {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    const { assert!(N::SPECIALIZED) };
    let mut generator = nn::seed(11);
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let frozen = trained::<N>(&mut generator).freeze();
        let mut arena = Frozen::<N>::workspace();
        let [mut found, mut expected]: [N::Output; 2] = [nn::Zeroable::zeroed(); 2];
        for round in 0..3 {
            let mut input: N::Input = nn::Zeroable::zeroed();
            for part in 0..inputs {
                input.part_mut(part).iter_mut().for_each(|value| *value = random(&mut generator));
            }
            frozen.forward(&input, &mut arena, &mut found);
            frozen.forward_shared(&input, &mut arena, &mut expected);
            for part in 0..outputs {
                assert!(found.part(part).iter().any(|value| value.to_f64() != 0.0), "{} on {isa:?}: zeros", N::NAME);
                assert_eq!(found.part(part), expected.part(part), "{} on {isa:?}, {part}, round {round}", N::NAME);
            }
            frozen.forward_with(&mut nn::Threads::new(2), &input, &mut arena, &mut found);
            (0..outputs).for_each(|part| assert_eq!(found.part(part), expected.part(part), "{} with threads", N::NAME));
        }
    }
    force_isa(None).expect("there is always a best");
}

macro_rules! both {
    ($($name:ident($inputs:literal, $outputs:literal) [$($attribute:tt)*] { $($tokens:tt)* })*) => {$(
        mod $name {
            use nn::prelude::*;
            network! { $($attribute)* pub(crate) struct Net: $($tokens)* }
        }
        #[test]
        fn $name() {
            check::<$name::Net>($inputs, $outputs);
        }
    )*};
}

both! {
    dense(1, 1) [] { [4] -> [4] { layer: Linear(4, 4) } }
    mlp(1, 1) [] { [6] -> [4] (Linear(6, 64), ReLU, Linear(64, 8), ReLU6, Linear(8, 4)); }
    few(1, 1) [#[specialize]] { [4] -> [14] (Linear(4, 1), Linear(1, 2), Linear(2, 3), Linear(3, 5), Linear(5, 6), Linear(6, 7), ReLU, Linear(7, 31), Linear(31, 8), Linear(8, 14)); }
    wide_mlp(1, 1) [#[specialize]] { [131] -> [3] (Linear(131, 257, bias = false), Tanh, Linear(257, 77), BatchNorm1d(77), ReLU, Dropout(0.5), Linear(77, 3), Softmax(dim = 1)); }
    doubles(1, 1) [#[element(f64)]] { [7] -> [5] (Linear(7, 19), Sigmoid, Linear(19, 5)); }
    rows(1, 1) [#[specialize]] { [5, 20] -> [5, 7] (Linear(20, 33), GELU, LayerNorm(33), Linear(33, 7)); }
    sums(2, 2) [#[specialize]] {
        ([9], [9]) -> ([9], [9]) { a: Linear(9, 9), b: Linear(9, 9), bn: BatchNorm1d(9), shift: Parameter([9]) }
        forward(x, y) {
            let z = relu(a(x) + y);
            (bn(z * x) - shift, maximum(b(z) + x, y) / (2.0 + z))
        }
    }
    stream(2, 2) [#[specialize]] {
        ([21, 2], [21, 17]) -> ([33, 1], [21, 17]) { layer: Conv1d(21, 33, 19, bias = false), bn: BatchNorm1d(33) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (relu(bn(layer(window))), narrow(window, 2, 2, 17))
        }
    }
    stream_of_four(2, 2) [] {
        ([4, 1], [4, 2]) -> ([4, 1], [4, 2]) { layer: Conv1d(4, 4, 3) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (layer(window), narrow(window, 2, 1, 2))
        }
    }
    stream_of_eight(2, 2) [] {
        ([8, 1], [8, 6]) -> ([13, 1], [8, 6]) { layer: Conv1d(8, 13, 7) }
        forward(x, past) {
            let window = cat([past, x], dim = 2);
            (relu(layer(window)), narrow(window, 2, 1, 6))
        }
    }
    streams(4, 4) [#[specialize]] {
        ([16, 1], [16, 14], [12, 3], [6, 9]) -> ([29, 1], [16, 14], [12, 3], [6, 9]) {
            first: Conv1d(16, 12, 15), second: Conv1d(12, 6, 4), third: Conv1d(6, 29, 10),
        }
        forward(x, past, between, last) {
            let window = cat([past, x], dim = 2);
            let middle = cat([between, relu(first(window))], dim = 2);
            let end = cat([last, tanh(second(middle))], dim = 2);
            (third(end), narrow(window, 2, 1, 14), narrow(middle, 2, 1, 3), narrow(end, 2, 1, 9))
        }
    }
    lstm(3, 3) [] {
        ([1, 1], [1, 20], [1, 20]) -> ([1, 1], [1, 20], [1, 20]) { lstm: LSTM(1, 20), linear: Linear(20, 1) }
        forward(x, h, c) {
            let (y, (h, c)) = lstm(x, (h, c));
            (linear(y), h, c)
        }
    }
    gru(2, 2) [#[specialize]] {
        ([3, 5], [2, 33]) -> ([3, 33], [2, 33]) { gru: GRU(5, 33, num_layers = 2) }
        forward(x, h) { gru(x, h) }
    }
    both_ways(1, 3) [#[specialize]] {
        [6, 3] -> ([6, 14], [2, 7], [2, 7]) { lstm: LSTM(3, 7, bidirectional = true) }
        forward(x) {
            let (y, (h, c)) = lstm(x);
            (y, h, c)
        }
    }
    cells(3, 3) [] {
        ([4], [17], [17]) -> ([17], [17], [3]) { lstm: LSTMCell(4, 17), rnn: RNNCell(17, 3) }
        forward(x, h, c) {
            let (h, c) = lstm(x, (h, c));
            (h, c, rnn(h))
        }
    }
    digits(1, 1) [#[specialize]] {
        [1, 8, 8] -> [10] {
            Conv2d(1, 16, 3, padding = 1), ReLU, Conv2d(16, 32, 3, padding = 1), ReLU, MaxPool2d(2), Flatten, Linear(_, 64), ReLU, Linear(64, 10),
        }
    }
}

mod one_layer {
    use nn::prelude::*;
    block! { pub(crate) Head(cin, cout) { Linear(cin, 12), ReLU, Linear(12, cout) } }
    network! {
        pub(crate) struct Net: [2, 6, 6] -> [3] {
            conv: Conv2d(2, 5, 3), Flatten, fc: Linear(80, 9), norm: LayerNorm(9),
            #[specialize]
            head: Head(9, 3),
        }
    }
}

#[test]
fn layers_of_a_block_alone() {
    check::<one_layer::Net>(1, 1);
}

#[test]
fn small_networks_need_no_attribute() {
    const {
        use nn::prelude::*;
        network! { struct Small: [32] -> [1] (Linear(32, 32), Tanh, Linear(32, 1)); }
        network! { struct Large: [32] -> [1] (Linear(32, 600), Tanh, Linear(600, 1)); }
        network! { struct Long: [2] -> [2] (Linear(2, 2), Tanh, Linear(2, 2), Tanh, Linear(2, 2), Tanh, Linear(2, 2), Tanh, Linear(2, 2)); }
        network! { struct Windows: [1, 8] -> [2, 6] (Conv1d(1, 2, 3)); }
        network! { struct Sequence: [40, 3] -> [40, 5] { gru: GRU(3, 5) } forward(x) { let (y, _) = gru(x); y } }
        assert!(Small::SPECIALIZED);
        assert!(!Large::SPECIALIZED && !Long::SPECIALIZED && !Windows::SPECIALIZED && !Sequence::SPECIALIZED);
    }
}
