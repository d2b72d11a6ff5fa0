//! Weights and values anywhere that a number may lie, and batches of any size: the same answers.

use std::mem::MaybeUninit;

use nn::prelude::*;
use nn::{Isa, Rng, Sample, Zeroable, force_isa};

/// Something on a cache line, behind so many numbers.
#[repr(C, align(64))]
struct Behind<const N: usize, T>([f32; N], T);

network! {
    struct Net: [3, 11, 7] -> [5] {
        conv1: Conv2d(3, 13, 3, padding = 1),
        bn: GroupNorm(1, 13),
        depthwise: Conv2d(13, 13, 3, groups = 13),
        conv2: Conv2d(13, 19, (2, 3), stride = 2),
        norm: LayerNorm(_),
        lstm: LSTM(_, 9),
        fc: Linear(171, 5),
    }
    forward(x) {
        let x = conv2(gelu(depthwise(relu(bn(conv1(x))))));
        let (x, _) = lstm(norm(flatten(x, 2)));
        softmax(fc(flatten(x, 1)), dim = 1)
    }
}

fn fill(input: &mut <Net as Network>::Input, seed: u64) {
    let mut random = nn::seed(seed);
    input.part_mut(0).iter_mut().for_each(|value| *value = random.next_u32() as f32 / u32::MAX as f32 - 0.5);
}

/// The network and its operands `N` numbers behind a cache line: its answers, plain and frozen, and its gradients.
fn answers<const N: usize>() -> Vec<f32> {
    let mut place = Box::new(Behind(
        [0.0; N],
        (MaybeUninit::<Net>::uninit(), <Net as Network>::Input::zeroed(), <Net as Network>::Output::zeroed()),
    ));
    let Behind(_, (memory, input, output)) = &mut *place;
    let net = Net::init_in(memory, &mut nn::seed(1));
    assert_eq!(&raw const *net as usize % 64, 4 * N);
    fill(input, 2);
    net.forward(input, &mut Net::workspace::<1>(), output);
    let mut all = output.as_slice().to_vec();
    let mut workspace = nn::Frozen::<Net>::workspace();
    net.freeze().forward(input, &mut workspace, output);
    all.extend_from_slice(output.as_slice());
    let mut place = Box::new(Behind([0.0; N], Net::zeroed()));
    let (mut tape, gradients) = (Net::tape::<1>(), &mut place.1);
    net.forward_train(std::array::from_ref(input), &mut tape);
    net.backward(&mut tape, std::array::from_ref(output), gradients);
    gradients.visit_parameters(&mut |_, values| all.extend_from_slice(values));
    all
}

fn batch<const N: usize>(net: &Net) -> Vec<<Net as Network>::Output> {
    let mut inputs = [<Net as Network>::Input::zeroed(); N];
    inputs.iter_mut().enumerate().for_each(|(sample, input)| fill(input, sample as u64));
    let mut outputs = [<Net as Network>::Output::zeroed(); N];
    net.forward_batch(&inputs, &mut Net::workspace::<N>(), &mut outputs);
    outputs.to_vec()
}

#[test]
fn places_and_batches() {
    for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
        force_isa(Some(isa)).expect("it is available");
        let aligned = answers::<0>();
        assert!(aligned.iter().all(|value| value.is_finite()));
        for other in [answers::<1>(), answers::<2>(), answers::<3>(), answers::<5>()] {
            assert_eq!(aligned, other, "{isa:?}");
        }
        let net = Net::init(&mut nn::seed(1));
        let most = batch::<17>(&net);
        for some in [batch::<1>(&net), batch::<2>(&net), batch::<3>(&net), batch::<7>(&net), batch::<8>(&net)] {
            for (sample, expected) in some.iter().zip(&most) {
                for (found, expected) in sample.as_slice().iter().zip(expected.as_slice()) {
                    assert!((found - expected).abs() < 1e-6, "{isa:?}, a batch of {}", some.len());
                }
            }
        }
    }
    force_isa(None).expect("the best is available");
}
