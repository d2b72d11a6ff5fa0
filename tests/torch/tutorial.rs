//! The examples that many PyTorch tutorials share, at the sizes that they have there, against PyTorch, as recorded. See README.md.

#[macro_use]
mod network;
#[macro_use]
mod record;

use nn::{Buffer, BufferMut, Network, Path, Sample, Zeroable};

use record::{Case, Record};

/// A network whose tensors are large: inputs and parameters follow from a formula; sums and a few values are recorded, computed in F64.
macro_rules! large_case {
    ($name:ident: batch $batch:literal, $($network:tt)*) => {
        mod $name {
            use nn::prelude::*;

            $($network)*

            #[test]
            fn agrees_with_pytorch() {
                // A batch of images is larger than a test's stack.
                let check = || $crate::check_large::<Net, $batch>(&super::RECORD, stringify!($name));
                std::thread::Builder::new().stack_size(1 << 28).spawn(check).unwrap().join().unwrap();
            }
        }
    };
}

mod generated {
    mod tutorial;
}
#[path = "by_hand.rs"]
mod by_hand;

/// Multiples of 1/32; `families/tutorial.py` has the same.
fn formula<'a>(values: impl Iterator<Item = &'a mut f32>, factor: usize, modulus: usize) {
    for (i, value) in values.enumerate() {
        *value = ((i * factor % modulus) as f32 - (modulus / 2) as f32) / 32.0;
    }
}

/// Evaluation, training, gradients and running statistics.
pub(crate) fn check_large<M: Network<Element = f32>, const N: usize>(record: &Record, name: &str) {
    let case = record.case::<f64>(name);
    let mut network = M::gradients();
    network.visit_parameters_mut(&mut |_, values| formula(values.iter_mut(), 7, 23));
    network.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        if let BufferMut::Real(values, _) = buffer {
            values.fill(if name.to_string().ends_with("running_var") { 1.0 } else { 0.0 });
        }
    });
    let mut input = Box::new(<[M::Input; N]>::zeroed());
    formula(input.iter_mut().flat_map(|sample| sample.part_mut(0)), 31, 61);
    let mut output = Box::new(<[M::Output; N]>::zeroed());
    network.forward_batch(&input, &mut M::workspace::<N>(), &mut output);
    case.compare_sums("eval", batch(&*output));

    let mut tape = M::tape::<N>();
    case.compare_sums("train", batch(network.forward_train(&input, &mut tape)));
    formula(output.iter_mut().flat_map(|sample| sample.part_mut(0)), 13, 29);
    let mut gradients = M::gradients();
    case.compare_sums("input_grad", batch(network.backward(&mut tape, &output, &mut gradients)));
    gradients.visit_parameters(&mut |parameter, values| {
        case.compare_sums(&format!("grad/{}", parameter.name), values.to_vec())
    });
    network.visit_buffers(&Path::ROOT, &mut |name, buffer| {
        if let Buffer::Real(values, _) = buffer {
            case.compare_sums(&format!("after/{name}"), values.to_vec());
        }
    });
}

fn batch<X: Sample<f32>>(samples: &[X]) -> Vec<f32> {
    samples.iter().flat_map(|sample| sample.part(0).iter().copied()).collect()
}

impl Case<'_, f64> {
    /// Sums, plain, absolute and weighted, and 64 values.
    fn compare_sums(&self, key: &str, found: Vec<f32>) {
        let expected = self.values(&format!("values/{key}"));
        let largest = expected.iter().fold(1.0, |largest: f64, value| largest.max(value.abs()));
        for (i, expected) in expected.iter().enumerate() {
            let found = f64::from(found[i * (found.len() - 1) / 63]);
            assert!((found - expected).abs() <= 2e-5 * largest, "{}/{key}[{i}]: {found}, {expected}", self.name);
        }
        let sums = self.values(&format!("sums/{key}"));
        let found = |weight: fn(usize, f64) -> f64| -> f64 {
            found.iter().enumerate().map(|(i, value)| weight(i, f64::from(*value))).sum()
        };
        let found =
            [found(|_, value| value), found(|_, value| value.abs()), found(|i, v| v * ((i % 251 + 1) as f64 / 251.0))];
        for (found, expected) in found.iter().zip(&sums) {
            assert!((found - expected).abs() <= 1e-5 * sums[1].max(1.0), "{}/{key}: {found}, {expected}", self.name);
        }
    }
}
