//! From the bytes of a file to numbers in memory.

use safetensors::Dtype;

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

/// One number; each of the types is part of f64, so that one rounding is the only one.
fn number(bytes: &[u8], dtype: Dtype) -> f64 {
    match (dtype, bytes) {
        (Dtype::F16, &[a, b]) => half(u16::from_le_bytes([a, b])),
        (Dtype::BF16, &[a, b]) => f64::from(f32::from_le_bytes([0, 0, a, b])),
        (Dtype::F32, &[a, b, c, d]) => f64::from(f32::from_le_bytes([a, b, c, d])),
        (_, &[a, b, c, d, e, f, g, h]) => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => f64::NAN,
    }
}

/// An IEEE 754 binary16: a sign, 5 bits of exponent, 10 bits of fraction.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        // Subnormal: no hidden one.
        0 => fraction * 2f64.powi(-24),
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    sign * magnitude
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_ieee() {
        let cases = [
            (0x0000, 0.0),
            (0x8000, -0.0),
            (0x0001, 5.960464477539063e-8),
            (0x03ff, 6.097555160522461e-5),
            (0x0400, 6.103515625e-5),
            (0x3555, 0.333251953125),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ];
        for (bits, number) in cases {
            assert_eq!(half(bits).to_bits(), number.to_bits(), "{bits:#06x}");
        }
        assert!(half(0x7e00).is_nan());
    }

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
