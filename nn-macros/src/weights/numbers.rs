//! Numbers of other types than the network's.

use std::path::Path;

use nn_shape::half;

use super::header::{self, Header, Tensor};
use super::{Place, Source};

/// What a network holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Real {
    F32,
    F64,
}

impl Real {
    fn name(self) -> &'static str {
        match self {
            Real::F32 => "F32",
            Real::F64 => "F64",
        }
    }

    /// Whether numbers of that type are not of this one. Counts stay what they are.
    pub(super) fn changes(self, dtype: &str) -> bool {
        matches!(dtype, "F16" | "BF16" | "F32" | "F64") && dtype != self.name()
    }

    fn push(self, to: &mut Vec<u8>, number: f64) {
        match self {
            Real::F32 => to.extend_from_slice(&(number as f32).to_le_bytes()),
            Real::F64 => to.extend_from_slice(&number.to_le_bytes()),
        }
    }
}

/// Where they lie in the file.
pub(super) fn as_they_are(header: &Header, tensors: &[&Tensor]) -> Source {
    let place = |tensor: &&Tensor| Place { dtype: tensor.dtype.clone(), begin: header.data + tensor.begin };
    Source { places: tensors.iter().map(place).collect(), literal: None }
}

/// All of them, one behind the other, converted where it is needed.
pub(super) fn convert(path: &Path, header: &Header, tensors: &[&Tensor], to: Real) -> Result<Source, String> {
    let file = std::fs::read(path).map_err(|error| error.to_string())?;
    let (mut bytes, mut places) = (Vec::new(), Vec::new());
    for tensor in tensors {
        let own = file.get(header.data + tensor.begin..header.data + tensor.end);
        let own = own.ok_or("it became shorter while it was read")?;
        let changes = to.changes(&tensor.dtype);
        places.push(Place {
            dtype: if changes { to.name().to_string() } else { tensor.dtype.clone() },
            begin: bytes.len(),
        });
        if changes {
            let width = header::width(&tensor.dtype).unwrap_or(1);
            own.chunks_exact(width).for_each(|number| to.push(&mut bytes, read(number, &tensor.dtype)));
        } else {
            bytes.extend_from_slice(own);
        }
    }
    Ok(Source { places, literal: Some(bytes) })
}

/// One number; each of the types is part of f64, so that one rounding is the only one.
fn read(bytes: &[u8], dtype: &str) -> f64 {
    match (dtype, bytes) {
        ("F16", &[a, b]) => f64::from(half::from_f16(u16::from_le_bytes([a, b]))),
        ("BF16", &[a, b]) => f64::from(half::from_bf16(u16::from_le_bytes([a, b]))),
        (_, &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
        (_, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => f64::NAN,
    }
}
