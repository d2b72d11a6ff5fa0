//! Between the bytes of a file and numbers in memory.

use std::vec::Vec;

use nn_core::shape::half;
use safetensors::Dtype;

use crate::Float;

/// Bytes of one element; 0 for types that a network never has.
pub(super) fn width(dtype: Dtype) -> usize {
    match dtype {
        Dtype::F16 | Dtype::BF16 => 2,
        Dtype::F32 => 4,
        Dtype::F64 | Dtype::I64 | Dtype::U64 => 8,
        _ => 0,
    }
}

/// Whether a tensor's type can be had from another by rounding.
pub(super) fn is_float(dtype: Dtype) -> bool {
    matches!(dtype, Dtype::F16 | Dtype::BF16 | Dtype::F32 | Dtype::F64)
}

/// Fills `to`, in this machine's byte order, from `from`, which is little-endian. Both hold equally many elements.
pub(super) fn copy(from: &[u8], from_type: Dtype, to: &mut [u8], to_type: Dtype) {
    if from_type != to_type {
        return convert(from, from_type, to, to_type);
    }
    to.copy_from_slice(from);
    swap_bytes(to, to_type);
}

/// Between little-endian and this machine's byte order.
pub(super) fn swap_bytes(bytes: &mut [u8], dtype: Dtype) {
    if cfg!(target_endian = "big") {
        bytes.chunks_exact_mut(width(dtype).max(1)).for_each(<[u8]>::reverse);
    }
}

fn convert(from: &[u8], from_type: Dtype, to: &mut [u8], to_type: Dtype) {
    let numbers = from.chunks_exact(width(from_type)).map(|bytes| number(bytes, from_type));
    match to_type {
        Dtype::F64 => {
            to.chunks_exact_mut(8).zip(numbers).for_each(|(to, number)| to.copy_from_slice(&number.to_ne_bytes()));
        }
        _ => to
            .chunks_exact_mut(4)
            .zip(numbers)
            .for_each(|(to, number)| to.copy_from_slice(&(number as f32).to_ne_bytes())),
    }
}

/// Little-endian bytes for a file. Halves are made of `f32`s, as PyTorch makes them: of an `f64` they are rounded twice.
pub(super) fn to_file<E: Float>(values: &[E], to: Dtype) -> Vec<u8> {
    let numbers = values.iter().map(|value| value.to_f64());
    match to {
        Dtype::F16 => numbers.flat_map(|number| half::to_f16(number as f32).to_le_bytes()).collect(),
        Dtype::BF16 => numbers.flat_map(|number| half::to_bf16(number as f32).to_le_bytes()).collect(),
        Dtype::F32 => numbers.flat_map(|number| (number as f32).to_le_bytes()).collect(),
        _ => numbers.flat_map(f64::to_le_bytes).collect(),
    }
}

/// One number; each of the types is part of f64, so that one rounding is the only one.
fn number(bytes: &[u8], dtype: Dtype) -> f64 {
    match (dtype, bytes) {
        (Dtype::F16, &[a, b]) => f64::from(half::from_f16(u16::from_le_bytes([a, b]))),
        (Dtype::BF16, &[a, b]) => f64::from(half::from_bf16(u16::from_le_bytes([a, b]))),
        (Dtype::F32, &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
        (_, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_conversion_rounds_once() {
        let mut single = [0; 4];
        copy(&(1.0 + 2f64.powi(-24) + 2f64.powi(-50)).to_le_bytes(), Dtype::F64, &mut single, Dtype::F32);
        assert_eq!(f32::from_ne_bytes(single), 1.0 + f32::EPSILON);
        let mut double = [0; 8];
        copy(&[0x80, 0x3f], Dtype::BF16, &mut double, Dtype::F64);
        assert_eq!(f64::from_ne_bytes(double), 1.0);
    }
}
