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
use crate::{Buffer, Parameters, Path};

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
        let mut tensors = Vec::new();
        self.visit_parameters(&mut |parameter, values| {
            tensors.push((parameter.name.to_string(), Tensor::real(values, parameter.shape)));
        });
        self.visit_buffers(&Path::ROOT, &mut |name, buffer| {
            let tensor = match buffer {
                Buffer::Real(values, shape) => Tensor::real(values, shape),
                Buffer::Count(count) => Tensor::new(Dtype::I64, &[], bytemuck::bytes_of(count)),
            };
            tensors.push((name.to_string(), tensor));
        });
        serialize(tensors)
    }

    /// Writes parameters and buffers to a file that `safetensors.torch.load_file` reads. The file is replaced as a whole or not at all.
    fn save_safetensors(&self, path: impl AsRef<FilePath>) -> Result<(), WeightsError> {
        write(path.as_ref(), &self.to_safetensors())
    }

    /// Reads parameters and buffers from a file: all of them, and nothing else may be in it. After an error, the network is as it was.
    fn load_safetensors(&mut self, path: impl AsRef<FilePath>) -> Result<(), WeightsError> {
        Weights::open(path)?.load_into(self).map(|_: Keys| ())
    }
}

impl<T: Parameters> StateDict for T {}

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

    fn real<E: crate::Element>(values: &[E], shape: &[usize]) -> Tensor {
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
