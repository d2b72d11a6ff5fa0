//! Values, gradients and running statistics of networks against PyTorch's, as recorded.

use nn::{Buffer, BufferMut, Element, Network, Sample, Zeroable};

use crate::record::{Case, Record};

/// One network: declares it and compares it with the record.
macro_rules! case {
    ($name:ident: batch $batch:literal, $($network:tt)*) => {
        mod $name {
            use nn::prelude::*;

            $($network)*

            #[test]
            fn agrees_with_pytorch() {
                $crate::network::check::<Net, $batch>(&super::RECORD, stringify!($name));
            }
        }
    };
}

/// One network against the record: evaluation, training, gradients, buffers, and, where it is recorded, a second training pass.
pub(crate) fn check<M: Network, const N: usize>(record: &Record, name: &str) {
    let case = record.case::<M::Element>(name);
    let mut network = M::gradients();
    network.visit_parameters_mut(&mut |parameter, values| {
        case.load(&format!("param/{}", parameter.name), parameter.shape, values)
    });
    network.visit_buffers_mut(&nn::Path::ROOT, &mut |name, buffer| case.load_buffer(&format!("buffer/{name}"), buffer));

    let input = inputs::<M, N>(&case, "");
    let outputs = parts(&case, "eval");
    let mut output = zeros::<[M::Output; N]>();
    network.forward_batch(&input, &mut M::workspace::<N>(), &mut output);
    for part in 0..outputs {
        case.compare(&format!("eval{part}"), &together(&*output, part));
    }
    // One sample alone, unless the network normalises with the statistics of the batch even in evaluation mode.
    if !name.contains("without_statistics") && !name.contains("neither") {
        network.forward(&input[0], &mut M::workspace::<1>(), &mut output[N - 1]);
        for part in 0..outputs {
            case.compare_first(&format!("eval{part}"), &together(&output[N - 1..], part));
        }
    }

    let mut tape = M::tape::<N>();
    let trained = *network.forward_train(&input, &mut tape);
    for part in 0..outputs {
        let key = if case.has(&format!("train{part}")) { "train" } else { "eval" };
        case.compare(&format!("{key}{part}"), &together(&trained, part));
    }
    compare_buffers(&case, &*network, "after");

    let mut cotangent = zeros::<[M::Output; N]>();
    for part in (0..outputs).filter(|part| case.has(&format!("cotangent{part}"))) {
        case.load_batch(&format!("cotangent{part}"), &mut *cotangent, part);
    }
    let mut gradients = M::gradients();
    let input_gradients = *network.backward(&mut tape, &cotangent, &mut gradients);
    for part in (0..parts(&case, "input")).filter(|part| case.has(&format!("input_grad{part}"))) {
        case.compare(&format!("input_grad{part}"), &together(&input_gradients, part));
    }
    gradients.visit_parameters(&mut |parameter, values| case.compare(&format!("grad/{}", parameter.name), values));

    if case.has("second/input0") {
        let input = inputs::<M, N>(&case, "second/");
        let trained = *network.forward_train(&input, &mut tape);
        network.forward_batch(&input, &mut M::workspace::<N>(), &mut output);
        for part in 0..outputs {
            case.compare(&format!("second/train{part}"), &together(&trained, part));
            case.compare(&format!("second/eval{part}"), &together(&*output, part));
        }
        compare_buffers(&case, &*network, "second/after");
        return;
    }
    // Without the inputs' gradients, the parameters' are the same.
    network.forward_train(&input, &mut tape);
    let mut again = M::gradients();
    network.backward_parameters(&mut tape, &cotangent, &mut again);
    again.visit_parameters(&mut |parameter, values| case.compare(&format!("grad/{}", parameter.name), values));

    // Written, whatever was there, they are the same to the last bit; those of frozen layers are left alone.
    let mut written = M::gradients();
    written.visit_parameters_mut(&mut |parameter, values| {
        let garbage = if parameter.trainable { 1e9 } else { 0.0 };
        values.fill(nn::Float::from_f64(garbage));
    });
    network.forward_train(&input, &mut tape);
    network.grad(&mut tape, &cotangent, &mut written);
    M::zip([&*again, &*written], [], &nn::Path::ROOT, &mut |parameter, [again, written], []| {
        let is_same = |(a, b): (&M::Element, &M::Element)| a == b || nn::Float::is_nan(*a) && nn::Float::is_nan(*b);
        assert!(
            again.iter().zip(written).all(is_same),
            "{name}: the gradient of {} is written as it is added",
            parameter.name
        );
    });
}

fn compare_buffers<M: Network>(case: &Case<'_, M::Element>, network: &M, prefix: &str) {
    network
        .visit_buffers(&nn::Path::ROOT, &mut |name, buffer| case.compare_buffer(&format!("{prefix}/{name}"), buffer));
}

fn inputs<M: Network, const N: usize>(case: &Case<'_, M::Element>, prefix: &str) -> Box<[M::Input; N]> {
    let mut input = zeros::<[M::Input; N]>();
    for part in 0..parts(case, "input") {
        case.load_batch(&format!("{prefix}input{part}"), &mut *input, part);
    }
    input
}

/// How many inputs or outputs the record has.
fn parts<E: nn::Element>(case: &Case<'_, E>, name: &str) -> usize {
    (0..).take_while(|part| case.has(&format!("{name}{part}"))).count()
}

/// One part of each sample; indices as numbers.
fn together<E: nn::Element, X: Sample<E>>(batch: &[X], part: usize) -> Vec<E> {
    let mut together = Vec::new();
    for sample in batch {
        append(&mut together, sample.part(part), sample.indices(part));
    }
    together
}

fn append<E: nn::Element>(together: &mut Vec<E>, numbers: &[E], indices: &[u32]) {
    together.extend_from_slice(numbers);
    together.extend(indices.iter().map(|index| E::from_f64((*index).into())));
}

fn zeros<T: Zeroable>() -> Box<T> {
    Box::new(T::zeroed())
}

impl<E: Element> Case<'_, E> {
    fn count(&self, key: &str) -> i64 {
        i64::from_le_bytes(self.view(key).data().try_into().expect("a counter is one i64"))
    }

    pub(crate) fn load_buffer(&self, key: &str, buffer: BufferMut<'_, E>) {
        match buffer {
            BufferMut::Real(values, shape) => self.load(key, shape, values),
            BufferMut::Count(count) => *count = self.count(key),
        }
    }

    pub(crate) fn compare_buffer(&self, key: &str, buffer: Buffer<'_, E>) {
        match buffer {
            Buffer::Real(values, _) => self.compare(key, values),
            Buffer::Count(count) => assert_eq!(*count, self.count(key), "{}/{key}", self.name),
        }
    }

    /// The first sample of a batch.
    pub(crate) fn compare_first(&self, key: &str, found: &[E]) {
        self.compare_with(key, found, &self.values(key)[..found.len()]);
    }
}
