//! Reading the records, and comparing with them.

use std::sync::OnceLock;

use nn::{Element, Sample};
use safetensors::{Dtype, SafeTensors};

/// One family: `record/<family>.safetensors`.
macro_rules! record {
    ($family:literal) => {
        static RECORD: $crate::record::Record = $crate::record::Record::new($family);
    };
}

/// The record of a family.
pub(crate) struct Record {
    family: &'static str,
    bytes: OnceLock<Vec<u8>>,
}

impl Record {
    pub(crate) const fn new(family: &'static str) -> Record {
        Record { family, bytes: OnceLock::new() }
    }

    fn tensors(&self) -> SafeTensors<'_> {
        let path = format!("{}/tests/torch/record/{}.safetensors", env!("CARGO_MANIFEST_DIR"), self.family);
        let bytes = self.bytes.get_or_init(|| std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}")));
        SafeTensors::deserialize(bytes).expect("the record is a safetensors file")
    }

    /// One case of the family.
    pub(crate) fn case<E: Element>(&self, name: &str) -> Case<'_, E> {
        let tensors = self.tensors();
        let exact = tensors.tensor(&format!("{name}/exact")).is_ok();
        Case { name: name.to_string(), tensors, exact, element: std::marker::PhantomData }
    }
}

/// One case.
pub(crate) struct Case<'a, E> {
    pub(crate) name: String,
    tensors: SafeTensors<'a>,
    exact: bool,
    element: std::marker::PhantomData<E>,
}

impl<E: Element> Case<'_, E> {
    pub(crate) fn has(&self, key: &str) -> bool {
        self.tensors.tensor(&format!("{}/{key}", self.name)).is_ok()
    }

    pub(crate) fn view(&self, key: &str) -> safetensors::tensor::TensorView<'_> {
        self.tensors
            .tensor(&format!("{}/{key}", self.name))
            .unwrap_or_else(|error| panic!("{}/{key}: {error}", self.name))
    }

    /// The numbers of a tensor.
    pub(crate) fn values(&self, key: &str) -> Vec<E> {
        let view = self.view(key);
        match view.dtype() {
            Dtype::F32 => view
                .data()
                .chunks_exact(4)
                .map(|b| E::from_f64(f32::from_le_bytes(b.try_into().unwrap()).into()))
                .collect(),
            Dtype::F64 => {
                view.data().chunks_exact(8).map(|b| E::from_f64(f64::from_le_bytes(b.try_into().unwrap()))).collect()
            }
            Dtype::I64 => self.indices(key).into_iter().map(|index| E::from_f64(index.into())).collect(),
            other => panic!("{}/{key} holds {other:?}", self.name),
        }
    }

    fn holds_indices(&self, key: &str) -> bool {
        self.view(key).dtype() == Dtype::I64
    }

    fn indices(&self, key: &str) -> Vec<u32> {
        let view = self.view(key);
        let words = view.data().chunks_exact(8).map(|b| i64::from_le_bytes(b.try_into().unwrap()));
        words.map(|index| index.try_into().expect("indices are u32")).collect()
    }

    pub(crate) fn load(&self, key: &str, shape: &[usize], values: &mut [E]) {
        assert_eq!(self.view(key).shape(), shape, "{}/{key}: shape", self.name);
        values.copy_from_slice(&self.values(key));
    }

    pub(crate) fn load_batch<X: Sample<E>>(&self, key: &str, batch: &mut [X], part: usize) {
        let count = self.view(key).shape()[0];
        if self.holds_indices(key) {
            let indices = self.indices(key);
            for (sample, indices) in batch.iter_mut().zip(indices.chunks_exact(indices.len() / count)) {
                sample.indices_mut(part).copy_from_slice(indices);
            }
            return;
        }
        let values = self.values(key);
        for (sample, values) in batch.iter_mut().zip(values.chunks_exact(values.len() / count)) {
            sample.part_mut(part).copy_from_slice(values);
        }
    }

    pub(crate) fn compare(&self, key: &str, found: &[E]) {
        self.compare_with(key, found, &self.values(key));
    }

    /// Within a rounding or two where the record is exact, which only an unlucky order of summation needs; else within a few roundings of the largest number of the tensor and the inputs.
    pub(crate) fn compare_with(&self, key: &str, found: &[E], expected: &[E]) {
        assert_eq!(found.len(), expected.len(), "{}/{key}: number of values", self.name);
        let keys = (0..).map(|part| format!("input{part}")).take_while(|key| self.has(key));
        let inputs = keys.filter(|key| !self.holds_indices(key)).flat_map(|key| self.values(&key));
        let numbers = expected.iter().copied().chain(inputs).map(|value| value.to_f64().abs());
        let largest = numbers.filter(|value| value.is_finite()).fold(1.0, f64::max);
        let tolerance = if self.exact { 2.0 } else { 40.0 } * E::EPSILON.to_f64() * largest;
        for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
            let (a, b) = (found.to_f64(), expected.to_f64());
            let close = a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= tolerance;
            assert!(close, "{}/{key}[{index}]: found {a}, PyTorch gives {b}", self.name);
        }
    }
}
