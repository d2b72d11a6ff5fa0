//! Saving.

use std::borrow::Cow;
use std::boxed::Box;
use std::fs;
use std::path::Path as FilePath;
use std::string::{String, ToString};
use std::vec::Vec;

use safetensors::Dtype;
use safetensors::tensor::View;

use super::{Keys, Weights, WeightsError, convert};
use crate::{Buffer, Element, Parameters, Path};

/// A network's parameters and buffers as a file: PyTorch's `state_dict`, with its names and layouts.
///
/// ```
/// use nn::prelude::*;
///
/// network! { struct Mlp: [4] -> [3] (Linear(4, 16), BatchNorm1d(16), ReLU, Linear(16, 3)); }
///
/// # fn main() -> Result<(), nn::weights::WeightsError> {
/// # let path = std::env::temp_dir().join("nn_state_dict_example.safetensors");
/// let net = Mlp::init(&mut nn::seed(1));
/// net.save_safetensors(&path)?;
///
/// let mut again = Mlp::init(&mut nn::seed(2));
/// again.load_safetensors(&path)?;
/// assert_eq!(again.0.weight, net.0.weight);
/// # Ok(())
/// # }
/// ```
///
/// [`Weights`] has the options of loading.
pub trait StateDict: Parameters {
    /// The bytes that [`StateDict::save_safetensors`] writes.
    fn to_safetensors(&self) -> Vec<u8> {
        serialize(tensors(self, Tensor::real))
    }

    /// The bytes that [`StateDict::save_safetensors_as`] writes.
    fn to_safetensors_as(&self, precision: Precision) -> Vec<u8> {
        let dtype = precision.dtype();
        serialize(tensors(self, |values, shape| Tensor {
            dtype,
            shape: shape.into(),
            bytes: convert::to_file(values, dtype).into(),
        }))
    }

    /// Writes parameters and buffers to a file that `safetensors.torch.load_file` reads. The file is replaced as a whole or not at all.
    fn save_safetensors(&self, path: impl AsRef<FilePath>) -> Result<(), WeightsError> {
        write(path.as_ref(), &self.to_safetensors())
    }

    /// Writes numbers of another type than the network's: what `model.half()` or `model.bfloat16()` saves in Python. Counts stay what they are.
    fn save_safetensors_as(&self, path: impl AsRef<FilePath>, precision: Precision) -> Result<(), WeightsError> {
        write(path.as_ref(), &self.to_safetensors_as(precision))
    }

    /// Reads parameters and buffers from a file: all of them, and nothing else may be in it. After an error, the network is as it was.
    fn load_safetensors(&mut self, path: impl AsRef<FilePath>) -> Result<(), WeightsError> {
        Weights::open(path)?.load_into(self).map(|_: Keys| ())
    }
}

impl<T: Parameters> StateDict for T {}

/// A type of numbers in a file. Numbers are rounded to the nearest, of two equally near to the even one, as PyTorch rounds them.
///
/// ```
/// use nn::prelude::*;
/// use nn::weights::{Precision, Weights};
///
/// network! { struct Mlp: [4] -> [3] (Linear(4, 16), ReLU, Linear(16, 3)); }
///
/// # fn main() -> Result<(), nn::weights::WeightsError> {
/// let net = Mlp::init(&mut nn::seed(1));
/// let bytes = net.to_safetensors_as(Precision::F16);
/// assert!(bytes.len() < net.to_safetensors().len());
///
/// let mut again = Mlp::init(&mut nn::seed(2));
/// Weights::from_bytes(&bytes)?.convert().load_into(&mut *again)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Precision {
    /// PyTorch's `float16`: 10 bits of fraction; numbers from 65520 on become infinite.
    F16,
    /// PyTorch's `bfloat16`: 7 bits of fraction, and the exponents of `f32`.
    BF16,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
}

impl Precision {
    fn dtype(self) -> Dtype {
        match self {
            Precision::F16 => Dtype::F16,
            Precision::BF16 => Dtype::BF16,
            Precision::F32 => Dtype::F32,
            Precision::F64 => Dtype::F64,
        }
    }
}

/// Parameters and buffers by name; `real` writes those that hold numbers.
fn tensors<T: Parameters>(network: &T, real: impl Fn(&[T::Element], &[usize]) -> Tensor) -> Vec<(String, Tensor)> {
    let mut tensors = Vec::new();
    network.visit_parameters(&mut |parameter, values| {
        tensors.push((parameter.name.to_string(), real(values, parameter.shape)));
    });
    network.visit_buffers(&Path::ROOT, &mut |name, buffer| {
        let tensor = match buffer {
            Buffer::Real(values, shape) => real(values, shape),
            Buffer::Count(count) => Tensor::new(Dtype::I64, &[], bytemuck::bytes_of(count)),
        };
        tensors.push((name.to_string(), tensor));
    });
    tensors
}

/// One tensor of a file.
pub(super) struct Tensor {
    dtype: Dtype,
    shape: Box<[usize]>,
    /// Little-endian.
    bytes: Box<[u8]>,
}

impl Tensor {
    pub(super) fn new(dtype: Dtype, shape: &[usize], bytes: &[u8]) -> Tensor {
        let mut bytes: Box<[u8]> = bytes.into();
        convert::swap_bytes(&mut bytes, dtype);
        Tensor { dtype, shape: shape.into(), bytes }
    }

    fn real<E: Element>(values: &[E], shape: &[usize]) -> Tensor {
        Tensor::new(super::dtype::<E>(), shape, bytemuck::cast_slice(values))
    }
}

impl View for Tensor {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.bytes)
    }
    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// The bytes of a file: widest type first, then by name, as Python's `safetensors` orders them.
pub(super) fn serialize(tensors: Vec<(String, Tensor)>) -> Vec<u8> {
    // What other readers take as "PyTorch's layout".
    let metadata = [("format".to_string(), "pt".to_string())].into_iter().collect();
    safetensors::serialize(tensors, Some(metadata)).expect("lengths follow from shapes, and names are strings")
}

/// Writes beside the file and renames, so that a reader never finds half of it.
pub(super) fn write(path: &FilePath, bytes: &[u8]) -> Result<(), WeightsError> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(std::format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, path)).map_err(|error| {
        let _ = fs::remove_file(&part);
        WeightsError::Io { path: path.into(), error }
    })
}
