//! Gradients of random networks against finite differences, in f64.
//!
//! For a random direction in the space of all parameters and inputs, the slope of a random projection of the output must be what
//! `backward` says: sign and size, to six digits. One number checks every gradient of a network at once, and a few directions leave
//! no room for two mistakes that cancel.

use nn::prelude::*;
use nn::{Sample, Zeroable};

macro_rules! case {
    ($name:ident, $($network:tt)*) => {
        mod $name {
            use nn::prelude::*;

            $($network)*

            #[test]
            fn slope_is_the_gradient() {
                $crate::check::<Net>(stringify!($name));
            }
        }
    };
}

mod in_place;
mod random;
mod sequences;

const BATCH: usize = 3;
const STEP: f64 = 1e-5;

/// Uniform in [-1, 1).
fn uniform(random: &mut nn::Random) -> f64 {
    use nn::Rng;
    (random.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

fn fill<X: Sample<f64>>(batch: &mut [X], random: &mut nn::Random) {
    for sample in batch {
        sample.part_mut(0).iter_mut().for_each(|value| *value = uniform(random));
    }
}

fn dot<X: Sample<f64>, Y: Sample<f64>>(a: &[X], b: &[Y]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a.part(0).iter().zip(b.part(0)).map(|(a, b)| a * b).sum::<f64>()).sum()
}

fn check<M: Network<Element = f64>>(name: &str) {
    let mut random = nn::seed(name.bytes().map(u64::from).sum());
    let mut network = M::init(&mut random);
    network.visit_parameters_mut(&mut |_, values| {
        values.iter_mut().for_each(|value| *value += 0.3 * uniform(&mut random))
    });
    let mut input = Box::new([M::Input::zeroed(); BATCH]);
    fill(&mut input[..], &mut random);
    // Of tables with five rows; the last one may be padding, whose gradient is dropped.
    for sample in input.iter_mut() {
        for part in [1, 2] {
            sample.indices_mut(part).iter_mut().for_each(|index| *index = (nn::Rng::next_u64(&mut random) % 4) as u32);
        }
    }
    let mut cotangent = Box::new([M::Output::zeroed(); BATCH]);
    fill(&mut cotangent[..], &mut random);

    let (mut tape, mut gradients) = (M::tape::<BATCH>(), M::gradients());
    network.forward_train(&input, &mut tape);
    let input_gradients = *network.backward(&mut tape, &cotangent, &mut gradients);
    // Of the parameters alone.
    let mut alone = M::gradients();
    network.forward_train(&input, &mut tape);
    network.grad(&mut tape, &cotangent, &mut alone);
    M::zip([&*gradients, &*alone], [], &nn::Path::ROOT, &mut |parameter, [gradient, alone], []| {
        assert_eq!(gradient, alone, "{name}, {}: without the input's gradient", parameter.name);
    });

    for direction in 0..3 {
        let mut input_direction = Box::new([M::Input::zeroed(); BATCH]);
        fill(&mut input_direction[..], &mut random);
        let mut parameter_direction = M::gradients();
        parameter_direction
            .visit_parameters_mut(&mut |_, values| values.iter_mut().for_each(|value| *value = uniform(&mut random)));
        let mut expected = dot(&input_gradients, &input_direction[..]);
        M::zip([&*gradients, &*parameter_direction], [], &nn::Path::ROOT, &mut |_, [gradient, direction], []| {
            expected += gradient.iter().zip(direction).map(|(a, b)| a * b).sum::<f64>();
        });

        let mut moved = |step: f64| {
            let mut there = M::gradients();
            M::zip(
                [&*network, &*parameter_direction],
                [&mut *there],
                &nn::Path::ROOT,
                &mut |_, [from, direction], [to]| {
                    to.iter_mut().zip(from.iter().zip(direction)).for_each(|(to, (from, d))| *to = from + step * d);
                },
            );
            let mut input = input.clone();
            for (sample, direction) in input.iter_mut().zip(&input_direction[..]) {
                sample.part_mut(0).iter_mut().zip(direction.part(0)).for_each(|(x, d)| *x += step * d);
            }
            dot(there.forward_train(&input, &mut tape), &cotangent[..])
        };
        let slope = (moved(STEP) - moved(-STEP)) / (2.0 * STEP);
        let error = (slope - expected).abs() / expected.abs().max(1.0);
        assert!(error < 1e-6, "{name}, direction {direction}: backward says {expected}, the slope is {slope}");
    }
}
