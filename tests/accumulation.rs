//! Gradients of parameters: added by `backward_parameters`, written by `grad`, summed over a batch however it is cut.

use nn::prelude::*;
use nn::{Layer, Zeroable};

const BATCH: usize = 30;

mod mixed {
    use nn::prelude::*;

    // A layer that is used twice, one that is frozen, some that write their gradients and some that do not.
    network! {
        pub struct Net: [2, 6, 6] -> [5] {
            conv: Conv2d(2, 3, 3),
            norm: BatchNorm2d(3),
            first: Linear(48, 20),
            #[frozen]
            fixed: Linear(20, 20),
            again: Linear(20, 20),
            last: Linear(20, 5, bias = false),
        }
        forward(x) {
            let h = relu(first(flatten(norm(conv(x)), start_dim = 1)));
            let h = relu(again(fixed(h)));
            last(again(h) + h)
        }
    }
}
use mixed::Net;

fn numbers(values: &mut [f32], random: &mut impl nn::Rng) {
    values.iter_mut().for_each(|value| *value = (random.next_u32() % 33) as f32 / 16.0 - 1.0);
}

fn batch(seed: u64) -> (Box<[<Net as Network>::Input; BATCH]>, [Tensor1<5>; BATCH]) {
    let (mut random, mut input, mut cotangent) =
        (nn::seed(seed), Box::new(Zeroable::zeroed()), [Tensor1([0.0; 5]); BATCH]);
    let input_part: &mut [<Net as Network>::Input; BATCH] = &mut input;
    input_part.iter_mut().for_each(|sample| numbers(sample.as_mut_slice(), &mut random));
    cotangent.iter_mut().for_each(|sample| numbers(sample.as_mut_slice(), &mut random));
    (input, cotangent)
}

fn compare(what: &str, found: &Net, expected: &Net) {
    Net::zip([found, expected], [], &nn::Path::ROOT, &mut |parameter, [found, expected], []| {
        assert!(found.iter().all(|value| value.is_finite()), "{what}: {}", parameter.name);
        assert_eq!(found, expected, "{what}: {}", parameter.name);
    });
}

#[test]
fn written_or_added() {
    let (mut net, mut tape) = (Net::init(&mut nn::seed(1)), Net::tape::<BATCH>());
    let [(one, one_cotangent), (two, two_cotangent)] = [batch(2), batch(3)];
    let mut added = Net::gradients();
    net.forward_train(&one, &mut tape);
    net.backward_parameters(&mut tape, &one_cotangent, &mut added);

    // Whatever was there is gone, but for what is frozen.
    let mut written = Net::gradients();
    written.visit_parameters_mut(&mut |parameter, values| {
        values.fill(if parameter.trainable { f32::NAN } else { 7.0 });
    });
    net.forward_train(&one, &mut tape);
    net.grad(&mut tape, &one_cotangent, &mut written);
    assert!(written.fixed.weight.as_slice().iter().all(|value| *value == 7.0));
    written.fixed = Zeroable::zeroed();
    compare("written", &written, &added);

    // What comes then is added again.
    for gradients in [&mut added, &mut written] {
        net.forward_train(&two, &mut tape);
        net.backward_parameters(&mut tape, &two_cotangent, gradients);
    }
    compare("written and added", &written, &added);
    let mut alone = Net::gradients();
    net.forward_train(&two, &mut tape);
    net.grad(&mut tape, &two_cotangent, &mut alone);
    assert!(alone.first.weight != added.first.weight);

    // And what was added is written over.
    net.forward_train(&two, &mut tape);
    net.grad(&mut tape, &two_cotangent, &mut added);
    compare("written over", &added, &alone);
}

#[test]
fn who_writes() {
    const { assert!(<nn::layers::Linear<2, 3> as Layer>::WRITES_GRADIENTS) };
    const { assert!(!<nn::layers::Conv2d<2, 3, 3, 3> as Layer>::WRITES_GRADIENTS) };
}

mod large {
    use nn::prelude::*;

    // So large that the backward pass takes a batch of it in several parts, and the last one is a shorter one.
    network! {
        pub struct Large: [1, 160, 300] -> [1, 160, 300] { conv: Conv2d(1, 1, 3, padding = 1) }
        forward(x) { conv(x) + x }
    }
}
use large::Large;

type Image = <Large as Network>::Input;

/// From -1 to 1, and whole: their sums are exact in any order.
fn images<const N: usize>(random: &mut impl nn::Rng) -> Box<[Image; N]> {
    let mut images = bytemuck::zeroed_box::<[Image; N]>();
    for image in images.iter_mut() {
        image.as_mut_slice().iter_mut().for_each(|value| *value = (random.next_u32() % 3) as f32 - 1.0);
    }
    images
}

#[test]
fn a_batch_in_parts() {
    const SAMPLES: usize = 5;
    let mut random = nn::seed(4);
    let mut net = Large::init(&mut random);
    net.conv.weight.as_mut_slice().iter_mut().zip(-4..).for_each(|(weight, value)| *weight = value as f32);
    let (input, cotangent) = (images::<SAMPLES>(&mut random), images::<SAMPLES>(&mut random));
    let (mut together, mut tape) = (Large::gradients(), Large::tape::<SAMPLES>());
    net.forward_train(&input, &mut tape);
    let inputs = net.backward(&mut tape, &cotangent, &mut together);
    let (mut alone, mut tape) = (Large::gradients(), Large::tape::<1>());
    for (sample, (input, cotangent)) in input.iter().zip(cotangent.iter()).enumerate() {
        net.forward_train(std::array::from_ref(input), &mut tape);
        let [gradient] = net.backward(&mut tape, std::array::from_ref(cotangent), &mut alone);
        assert!(inputs[sample] == *gradient, "the gradient of sample {sample}");
    }
    assert_eq!(together.conv.weight, alone.conv.weight);
    assert_eq!(together.conv.bias, alone.conv.bias);
}
