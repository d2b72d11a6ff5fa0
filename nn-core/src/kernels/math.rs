//! exp, log, tanh and erf of `f32`, made for loops: without branches and without calls, so that the optimiser turns a loop over them into
//! vectors on every instruction set.
//!
//! Nothing here is fused, so that all sets give the same bits. The largest error over all numbers, in units of the last place of the
//! result, found by the tests at the end over every exponent:
//!
//! | function | error |
//! |---|---|
//! | [`exp`] | 1.0 |
//! | [`exp_m1`] | 1.5 |
//! | [`ln`] | 1.0 |
//! | [`ln_1p`] | 2.4 |
//! | [`tanh`] | 1.3 |
//! | [`erf`] | 1.2 |
//!
//! Infinities, NaN, zeros with their signs and numbers below the smallest normal one come out as they should. `f64` goes to `libm`.
//! Polynomials: exp, log and tanh are those of Moshier's Cephes; erf's is Juffa's.

use crate::Float;

/// log2(e)
const LOG2_E: f32 = core::f32::consts::LOG2_E;
/// ln(2), as a number of few bits, whose products with small integers are exact, and the rest.
const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
/// 1.5 · 2²³: added to a small number, it leaves the nearest integer in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// `base` to a power, the usual ones by products.
#[inline(always)]
pub(crate) fn power<E: Float>(base: E, exponent: f64) -> E {
    match exponent {
        0.0 => E::ONE,
        1.0 => base,
        2.0 => base * base,
        3.0 => base * base * base,
        0.5 => base.sqrt(),
        -0.5 => E::ONE / base.sqrt(),
        -1.0 => E::ONE / base,
        _ => base.powf(E::from_f64(exponent)),
    }
}

/// 1 / (1 + exp(-x)); exp may overflow, and 1 / ∞ is 0.
#[inline(always)]
pub(crate) fn sigmoid<E: Float>(x: E) -> E {
    E::ONE / (E::ONE + (-x).exp())
}

/// `c[0] xⁿ + ... + c[n]`
#[inline(always)]
fn polynomial<const N: usize>(x: f32, coefficients: [f32; N]) -> f32 {
    let mut sum = coefficients[0];
    for coefficient in &coefficients[1..] {
        sum = sum * x + coefficient;
    }
    sum
}

/// 2 to the power of an integer from -126 to 127.
#[inline(always)]
fn power_of_two(exponent: i32) -> f32 {
    f32::from_bits((exponent.wrapping_add(127) as u32) << 23)
}

/// `x = n ln(2) + r` with `|r| <= ln(2) / 2`: n, and exp(r) - 1.
#[inline(always)]
fn reduce(x: f32) -> (i32, f32) {
    let shifted = x * LOG2_E + ROUNDER;
    let n = shifted - ROUNDER;
    let r = (x - n * LN_2[0]) - n * LN_2[1];
    let p = polynomial(r, [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5]);
    (shifted.to_bits().wrapping_sub(ROUNDER.to_bits()) as i32, p * (r * r) + r)
}

/// e to the power `x`.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    // Beyond these bounds the result is ∞ or 0; a NaN passes both. No product underflows to that 0, which would take a hundred cycles: masks of attention
    // are full of it.
    let is_zero = x < -104.0;
    let x = if x > 89.0 { 89.0 } else { x };
    let x = if is_zero { 0.0 } else { x };
    let (n, power) = reduce(x);
    // In two steps, because 2¹²⁸ and numbers below 2⁻¹²⁶ have no such bits.
    let half = n >> 1;
    let result = (power + 1.0) * power_of_two(half) * power_of_two(n.wrapping_sub(half));
    if is_zero { 0.0 } else { result }
}

/// exp(x) - 1, exact near 0.
#[inline(always)]
pub(crate) fn exp_m1(x: f32) -> f32 {
    let inner = if x > 44.0 { 44.0 } else { x };
    let inner = if inner < -20.0 { -20.0 } else { inner };
    let (n, power) = reduce(inner);
    let scale = power_of_two(n);
    let near = power * scale + (scale - 1.0);
    // -0 stays.
    let near = if x == 0.0 { x } else { near };
    if x > 44.0 { exp(x) } else { near }
}

/// The natural logarithm.
#[inline(always)]
pub(crate) fn ln(x: f32) -> f32 {
    // Numbers below the smallest normal one are brought into its range.
    let is_small = x < f32::MIN_POSITIVE;
    let scaled = if is_small { x * 8_388_608.0 } else { x };
    // The mantissa between √½ and √2, and its exponent.
    let bits = scaled.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (bits as i32 >> 23) - if is_small { 23 } else { 0 };
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(0x3f35_04f3)) - 1.0;
    let p = polynomial(
        m,
        [
            7.037_683_6e-2,
            -0.115_146_1,
            0.116_769_984,
            -0.124_201_41,
            0.142_493_23,
            -0.166_680_57,
            0.200_007_15,
            -0.249_999_94,
            0.333_333_3,
        ],
    );
    let (square, n) = (m * m, exponent as f32);
    let y = (m * square) * p + n * LN_2[1] - 0.5 * square;
    let result = m + y + n * LN_2[0];
    let result = if x == f32::INFINITY { x } else { result };
    let result = if x == 0.0 { f32::NEG_INFINITY } else { result };
    if x >= 0.0 { result } else { f32::NAN }
}

/// ln(1 + x), exact near 0: the logarithm of the sum as it was rounded, corrected by what was lost (Kahan).
#[inline(always)]
pub(crate) fn ln_1p(x: f32) -> f32 {
    let sum = 1.0 + x;
    let result = ln(sum) * (x / (sum - 1.0));
    let result = if sum == 1.0 { x } else { result };
    if x == f32::INFINITY { x } else { result }
}

/// The hyperbolic tangent.
#[inline(always)]
pub(crate) fn tanh(x: f32) -> f32 {
    let square = x * x;
    let p = polynomial(square, [-5.704_988_5e-3, 2.063_909e-2, -5.373_971_6e-2, 0.133_314_42, -0.333_332_8]);
    let near = (x * square) * p + x;
    let size = x.abs();
    let far = 1.0 - 2.0 / (exp(size + size) + 1.0);
    (if size < 0.625 { near } else { far }).copysign(x)
}

/// The error function.
#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let (size, square) = (x.abs(), x * x);
    let p = polynomial(
        square,
        [-5.967_617e-4, 4.991_194_2e-3, -2.676_813_5e-2, 0.112_819_925, -0.376_125_34, 0.128_379_17],
    );
    let near = p * x + x;
    // From 4 on it is 1.
    let t = if size > 4.0 { 4.0 } else { size };
    let p = polynomial(
        t,
        [-1.728_534_7e-5, 3.831_971_3e-4, -3.883_964_4e-3, 2.425_462_2e-2, -0.106_777_88, -0.634_846_7, -0.128_717_51],
    );
    let far = (1.0 - exp(p * t - t)).copysign(x);
    if size > 0.927_734_4 { far } else { near }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use std::{println, vec::Vec};

    use super::*;
    use crate::kernels::Kernels;
    use crate::{Isa, force_isa};
    use nn_shape::Function;

    /// How far `found` is from `exact`, in units of the last place of `exact`.
    fn ulps(found: f32, exact: f64) -> f64 {
        let rounded = exact as f32;
        if found.is_nan() && exact.is_nan() || found == rounded && (rounded.is_infinite() || rounded == 0.0) {
            assert!(rounded.is_nan() || found.is_sign_negative() == rounded.is_sign_negative(), "{found} {rounded}");
            return 0.0;
        }
        let exponent = (rounded.abs().max(f32::MIN_POSITIVE).to_bits() >> 23) as i32 - 127 - 23;
        (f64::from(found) - exact).abs() / libm::exp2(f64::from(exponent))
    }

    /// Numbers of every exponent and both signs, with their extremes.
    fn numbers() -> impl Iterator<Item = f32> {
        let special = [0.0, f32::INFINITY, f32::NAN, f32::MIN_POSITIVE, f32::MAX, 1.0, 88.722_84, 103.972_08, 0.625];
        let every = (0..1u32 << 31).step_by(1009).map(f32::from_bits);
        special.into_iter().chain(every).flat_map(|x| [x, -x])
    }

    fn hold(name: &str, most: f64, found: fn(f32) -> f32, exact: fn(f64) -> f64) {
        let (mut worst, mut at) = (0.0, 0.0);
        for x in numbers() {
            let error = ulps(found(x), exact(f64::from(x)));
            assert!(!error.is_nan(), "{name}({x:?}) is {:?}, not {:?}", found(x), exact(f64::from(x)));
            if error > worst {
                (worst, at) = (error, x);
            }
        }
        println!("{name}: {worst} at {at:e}");
        assert!(worst <= most, "{name}({at:e}) is {:e}, not {:e}", found(at), exact(f64::from(at)));
    }

    #[test]
    fn errors_are_below_their_bounds() {
        hold("exp", 1.0, exp, libm::exp);
        hold("exp_m1", 1.5, exp_m1, libm::expm1);
        hold("ln", 1.0, ln, libm::log);
        hold("ln_1p", 2.4, ln_1p, libm::log1p);
        hold("tanh", 1.3, tanh, libm::tanh);
        hold("erf", 1.2, erf, libm::erf);
    }

    #[test]
    fn all_instruction_sets_give_the_same_bits() {
        let x: Vec<f32> = numbers().step_by(101).collect();
        for function in [Function::Exp, Function::Log, Function::Tanh, Function::Gelu, Function::Mish] {
            let mut results = Isa::ALL.into_iter().filter(|isa| isa.is_available()).map(|isa| {
                force_isa(Some(isa)).expect("it is available");
                let mut y = std::vec![0.0; x.len()];
                f32::pointwise_forward(&function, &x, &mut y);
                force_isa(None).expect("there is always a best");
                y.into_iter().map(|y| if y.is_nan() { 1 } else { y.to_bits() }).collect::<Vec<_>>()
            });
            let first = results.next();
            assert!(results.all(|other| Some(&other) == first.as_ref()), "{function:?}");
        }
    }
}
