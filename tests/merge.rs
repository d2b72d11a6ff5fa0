//! A ReLU behind a BatchNorm or a sum is done in one pass with it: the numbers, and the gradients, are those of two passes, to the last bit. A LeakyReLU
//! whose slope is 0 is the same function, and is a pass of its own.

use nn::prelude::*;
use nn::{Rng, Sample, Zeroable};

mod merged {
    use nn::prelude::*;
    network! {
        pub struct Net: [5, 7, 9] -> ([4], [5, 7, 9]) {
            bn1: BatchNorm2d(5), conv: Conv2d(5, 5, 3, padding = 1), bn2: BatchNorm2d(5, affine = false), act: ReLU,
            flat: Linear(315, 6), bn3: BatchNorm1d(6), last: Linear(6, 4),
        }
        forward(x) {
            let y = act(bn1(x));
            let y = relu(bn2(conv(y)) + y);
            let z = relu(y + y);
            let twice = relu(z + x);
            (last(relu(bn3(flat(flatten(twice + z, start_dim = 1))))), twice)
        }
    }
}

mod apart {
    use nn::prelude::*;
    network! {
        pub struct Net: [5, 7, 9] -> ([4], [5, 7, 9]) {
            bn1: BatchNorm2d(5), conv: Conv2d(5, 5, 3, padding = 1), bn2: BatchNorm2d(5, affine = false), act: LeakyReLU(0.0),
            flat: Linear(315, 6), bn3: BatchNorm1d(6), last: Linear(6, 4),
        }
        forward(x) {
            let y = act(bn1(x));
            let y = act(bn2(conv(y)) + y);
            let z = act(y + y);
            let twice = act(z + x);
            (last(act(bn3(flat(flatten(twice + z, start_dim = 1))))), twice)
        }
    }
}

/// Values that others read, or that are results, stay as they are.
mod kept {
    use nn::prelude::*;
    network! {
        pub struct Net: [3, 4] -> ([3, 4], [3, 4], [3, 4]) { bn: BatchNorm1d(3) }
        forward(x) {
            let y = bn(x);
            let sum = y + x;
            (relu(y), relu(sum), sum)
        }
    }
}

const BATCH: usize = 3;

fn numbers(values: &mut [f32], random: &mut nn::Random) {
    values.iter_mut().for_each(|value| *value = random.next_u32() as f32 / u32::MAX as f32 * 4.0 - 2.0);
}

/// Everything that a step computes: results, gradients of the input and of the parameters, running statistics, and the answer of an evaluation.
fn everything<N: Network<Element = f32>>(parts: usize) -> Vec<Vec<f32>> {
    let mut random = nn::seed(3);
    let (mut network, mut tape, mut gradients) = (N::init(&mut random), N::tape::<BATCH>(), N::gradients());
    N::zip([], [&mut *network], &nn::Path::ROOT, &mut |_, [], [values]| numbers(values, &mut random));
    let mut input: Box<[N::Input; BATCH]> = Box::new(Zeroable::zeroed());
    let mut cotangent: Box<[N::Output; BATCH]> = Box::new(Zeroable::zeroed());
    for (input, cotangent) in input.iter_mut().zip(cotangent.iter_mut()) {
        numbers(input.part_mut(0), &mut random);
        (0..parts).for_each(|part| numbers(cotangent.part_mut(part), &mut random));
    }
    let mut found = Vec::new();
    for _ in 0..2 {
        for output in network.forward_train(&input, &mut tape) {
            (0..parts).for_each(|part| found.push(output.part(part).to_vec()));
        }
        for gradient in network.backward(&mut tape, &cotangent, &mut gradients) {
            found.push(gradient.part(0).to_vec());
        }
    }
    N::zip([&*gradients], [], &nn::Path::ROOT, &mut |_, [values], []| found.push(values.to_vec()));
    let output = network.predict(&input[0]);
    (0..parts).for_each(|part| found.push(output.part(part).to_vec()));
    found
}

#[test]
fn one_pass_gives_the_bits_of_two() {
    let (merged, apart) = (everything::<merged::Net>(2), everything::<apart::Net>(2));
    assert_eq!(merged.len(), apart.len());
    assert!(
        merged.iter().flatten().any(|value| *value == 0.0) && merged.iter().flatten().all(|value| value.is_finite())
    );
    for (index, (merged, apart)) in merged.iter().zip(&apart).enumerate() {
        assert_eq!(merged, apart, "value {index}");
    }
}

#[test]
fn what_others_read_stays() {
    let (mut network, mut tape) = (kept::Net::init(&mut nn::seed(1)), kept::Net::tape::<2>());
    let mut input: Box<[Tensor2<3, 4>; 2]> = Box::new(Zeroable::zeroed());
    let mut random = nn::seed(2);
    input.iter_mut().for_each(|input| numbers(input.part_mut(0), &mut random));
    let outputs = network.forward_train(&input, &mut tape);
    assert!(outputs.iter().any(|output| output.part(2).iter().any(|value| *value < 0.0)));
    for output in outputs {
        assert!(output.part(1).iter().zip(output.part(2)).all(|(rectified, sum)| *rectified == sum.max(0.0)));
    }
}
