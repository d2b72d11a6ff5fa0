//! Numbers of 16 bits, in files of weights: which the macros read while rustc compiles, and the library when a program runs.

/// A binary16 of IEEE 754, which has 5 bits of exponent and 10 of fraction. All of them are `f32`s.
pub const fn from_f16(bits: u16) -> f32 {
    let (exponent, fraction) = (bits as u32 >> 10 & 0x1f, bits as u32 & 0x3ff);
    let magnitude = match exponent {
        // Subnormal: no hidden one; 2^-24 is the unit.
        0 => (fraction as f32 * f32::from_bits(103 << 23)).to_bits(),
        0x1f => 0x7f80_0000 | fraction << 13,
        _ => (exponent + 112) << 23 | fraction << 13,
    };
    f32::from_bits((bits as u32 & 0x8000) << 16 | magnitude)
}

/// The nearest binary16, of two equally near the even one; infinity from 65520 on.
pub const fn to_f16(number: f32) -> u16 {
    let bits = number.to_bits();
    let (sign, magnitude) = ((bits >> 16) as u16 & 0x8000, bits & 0x7fff_ffff);
    let rounded = match magnitude >> 23 {
        0xff if magnitude > 0x7f80_0000 => 0x7e00,
        // 2^16 and more.
        143.. => 0x7c00,
        // Less than half of the least number.
        0..102 => 0,
        // Below 2^-14, in units of 2^-24.
        exponent @ 102..113 => shifted(magnitude & 0x7f_ffff | 0x80_0000, 126 - exponent),
        // A fraction that is rounded up to 1 makes the exponent one more, up to infinity.
        _ => shifted(magnitude - (112 << 23), 13),
    };
    sign | rounded as u16
}

/// The upper half of an `f32`.
pub const fn from_bf16(bits: u16) -> f32 {
    f32::from_bits((bits as u32) << 16)
}

/// The nearest bfloat16, of two equally near the even one.
pub const fn to_bf16(number: f32) -> u16 {
    // Rounding could make an infinity of what is not a number.
    if number.is_nan() { 0x7fc0 } else { shifted(number.to_bits(), 16) as u16 }
}

/// `bits / 2^by`, rounded to nearest, to even.
const fn shifted(bits: u32, by: u32) -> u32 {
    let even = bits >> by & 1;
    ((bits as u64 + (1 << (by - 1)) - 1 + even as u64) >> by) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By its definition.
    fn value(bits: u16) -> f64 {
        let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
        let magnitude = match exponent {
            0 => fraction * 2f64.powi(-24),
            _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
        };
        if bits >> 15 == 1 { -magnitude } else { magnitude }
    }

    #[test]
    fn every_half_is_read_and_written() {
        for bits in 0..=u16::MAX {
            let number = from_f16(bits);
            match bits & 0x7fff {
                0x7c00 => assert!(number.is_infinite() && number.is_sign_negative() == (bits >> 15 == 1)),
                0x7c01.. => {
                    assert!(number.is_nan() && from_f16(to_f16(number)).is_nan());
                    continue;
                }
                _ => assert_eq!(f64::from(number).to_bits(), value(bits).to_bits(), "{bits:#06x}"),
            }
            assert_eq!(to_f16(number), bits);
        }
        for bits in 0..=u16::MAX {
            let number = from_bf16(bits);
            assert!(to_bf16(number) == bits || number.is_nan() && from_bf16(to_bf16(number)).is_nan());
        }
    }

    /// Just below, at and just above the middle between neighbours.
    #[test]
    fn middles_go_to_the_even_one() {
        let check = |below: u16, middle: f32, to: fn(f32) -> u16| {
            let even = below + (below & 1);
            for (number, wanted) in [(middle, even), (middle.next_down(), below), (middle.next_up(), below + 1)] {
                assert_eq!(to(number), wanted, "{number:e}");
                assert_eq!(to(-number), wanted | 0x8000, "{number:e}");
            }
        };
        for below in 0..0x7c00 {
            // The number behind the last is infinity's place, 65536.
            let above = if below == 0x7bff { 65536.0 } else { value(below + 1) };
            check(below, ((value(below) + above) / 2.0) as f32, to_f16);
        }
        for below in 0..0x7f80 {
            check(below, f32::from_bits(u32::from(below) << 16 | 0x8000), to_bf16);
        }
    }
}
