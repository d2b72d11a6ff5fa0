//! Weights from and to files: PyTorch's `state_dict` in the format
//! [safetensors](https://huggingface.co/docs/safetensors), and checkpoints of a training.
//!
//! [`guide::weights`](crate::guide::weights) tells the whole story with PyTorch's side of it.

mod checkpoint;
mod convert;
mod error;
mod load;
mod save;

pub use checkpoint::Checkpoint;
pub use error::{Fault, WeightsError};
pub use load::{Keys, Weights};
pub use save::{Precision, StateDict};

use std::string::ToString;

use safetensors::Dtype;

use crate::{BufferMut, Element, Parameters, Path};

/// One tensor in memory, to be filled from a file or to be written to one.
pub(crate) struct Slot<'a> {
    pub(crate) dtype: Dtype,
    pub(crate) shape: &'a [usize],
    /// In this machine's byte order.
    pub(crate) bytes: &'a mut [u8],
}

/// Goes through tensors by name, always the same in the same order.
pub(crate) type Walk<'a> = dyn FnMut(&mut dyn FnMut(&str, Slot<'_>)) + 'a;

/// A network's parameters, then its buffers.
pub(crate) fn walk<T: Parameters>(network: &mut T, visit: &mut dyn FnMut(&str, Slot<'_>)) {
    network.visit_parameters_mut(&mut |parameter, values| {
        visit(&parameter.name.to_string(), real(values, parameter.shape));
    });
    network.visit_buffers_mut(&Path::ROOT, &mut |name, buffer| {
        let slot = match buffer {
            BufferMut::Real(values, shape) => real(values, shape),
            BufferMut::Count(count) => Slot { dtype: Dtype::I64, shape: &[], bytes: bytemuck::bytes_of_mut(count) },
        };
        visit(&name.to_string(), slot);
    });
}

fn real<'a, E: Element>(values: &'a mut [E], shape: &'a [usize]) -> Slot<'a> {
    Slot { dtype: dtype::<E>(), shape, bytes: bytemuck::cast_slice_mut(values) }
}

/// What the format calls `f32` and `f64`.
pub(crate) fn dtype<E: Element>() -> Dtype {
    if size_of::<E>() == size_of::<f64>() { Dtype::F64 } else { Dtype::F32 }
}
