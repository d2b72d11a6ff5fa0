//! The gates of recurrent cells, for AVX2 and AVX-512. A step waits for each of these instructions: they are in an order in which few wait for each other.
//!
//! Sums come multiplied by [`SIGMOID`] or [`TANH`], so that both functions begin with `2ˣ = 2ⁿ (1 + r p(r))`, n the integer nearest to x and r = x - n:
//! sigmoid = 1 / (1 + 2ˣ), and tanh = m / (m + 2) with `m = 2ˣ - 1 = 2ⁿ r p + (2ⁿ - 1)`, which is exact near 0. `p` is the polynomial of degree 5 with the
//! smallest relative error, 1.1e-8. A cell brings what it divides by together, and its quotients are off by a unit of the last place.

use core::arch::x86_64::*;

/// What a sum is multiplied by in front of a sigmoid.
pub(super) const SIGMOID: f64 = -core::f64::consts::LOG2_E;

/// What a sum is multiplied by in front of a hyperbolic tangent.
pub(super) const TANH: f64 = 2.0 * core::f64::consts::LOG2_E;

/// From this exponent on a sigmoid is 0 to within 3e-13. Denominators and their products stay far from the largest number.
const MOST_SIGMOID: f32 = 43.0;

/// From this exponent on a hyperbolic tangent is 1.
const MOST_TANH: f32 = 29.0;

/// `(2ˣ - 1) / x` for x from -1/2 to 1/2.
const GROWTH: [f32; 6] =
    [core::f32::consts::LN_2, 0.240_226_5, 5.550_357_4e-2, 9.618_237e-3, 1.339_073_5e-3, 1.540_351_3e-4];

/// `2ˣ` for x from 0 to 1, to within 7.5e-8.
const POWER: [f32; 6] = [0.999_999_9, 0.693_153_1, 0.240_153_6, 5.582_631_8e-2, 8.989_34e-3, 1.877_576_7e-3];

/// 1.5 · 2²³: added to a small number, it leaves the nearest integer in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// A polynomial of six coefficients.
macro_rules! polynomial {
    ($of:expr, $x:expr, $splat:ident $mul:ident $fma:ident) => {{
        let square = $mul($x, $x);
        let low = $fma($x, $splat($of[1]), $splat($of[0]));
        let middle = $fma($x, $splat($of[3]), $splat($of[2]));
        let high = $fma($x, $splat($of[5]), $splat($of[4]));
        $fma(square, $fma(square, high, middle), low)
    }};
}

/// Powers of two as AVX-512 has them.
macro_rules! powers {
    ($register:ty: $power:ident $growth:ident, $splat:ident $min:ident $add:ident $sub:ident $mul:ident $fma:ident $reduce:ident $scale:ident) => {
        /// `[2ⁿ r, p, 2ⁿ]`; NaN stays in r. No x is larger than `most`.
        ///
        /// # Safety
        /// The machine has AVX-512 F, DQ and VL.
        #[inline(always)]
        unsafe fn $power(x: $register, most: $register) -> [$register; 3] {
            // SAFETY: passed on to the caller.
            unsafe {
                let r = $reduce::<8>(x);
                // Beyond `most` this is no integer, and rounded down.
                let scale = $scale($splat(1.0), $sub($min(most, x), r));
                [$mul(scale, r), polynomial!(GROWTH, r, $splat $mul $fma), scale]
            }
        }

        /// `m` and `m + 2`, whose quotient is the hyperbolic tangent; NaN stays.
        ///
        /// # Safety
        /// As for the power.
        #[inline(always)]
        unsafe fn $growth(x: $register) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe {
                let [part, p, scale] = $power(x, $splat(MOST_TANH));
                [$fma(part, p, $sub(scale, $splat(1.0))), $fma(part, p, $add(scale, $splat(1.0)))]
            }
        }
    };
}

powers!(__m512: power512 growth512, _mm512_set1_ps _mm512_min_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_fmadd_ps _mm512_reduce_ps _mm512_scalef_ps);
powers!(__m256: power_of_half growth_of_half, _mm256_set1_ps _mm256_min_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_fmadd_ps _mm256_reduce_ps _mm256_scalef_ps);
powers!(__m128: power_of_quarter growth_of_quarter, _mm_set1_ps _mm_min_ps _mm_add_ps _mm_sub_ps _mm_mul_ps _mm_fmadd_ps _mm_reduce_ps _mm_scalef_ps);

/// `2ˣ` and `1 + 2ˣ`, whose inverse is the sigmoid; NaN stays. With n the integer below x, which the scale takes of itself: that is exact near 1, but not
/// its distance from 1.
///
/// # Safety
/// The machine has AVX-512 F and DQ.
#[inline(always)]
unsafe fn decay512(x: __m512) -> [__m512; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let r = _mm512_reduce_ps::<9>(x);
        let p = polynomial!(POWER, r, _mm512_set1_ps _mm512_mul_ps _mm512_fmadd_ps);
        let scale = _mm512_scalef_ps(_mm512_set1_ps(1.0), _mm512_min_ps(_mm512_set1_ps(MOST_SIGMOID), x));
        [_mm512_mul_ps(scale, p), _mm512_fmadd_ps(scale, p, _mm512_set1_ps(1.0))]
    }
}

/// `[2ⁿ r, p, 2ⁿ]` for numbers that stay below the bound, and above -126; NaN stays.
///
/// # Safety
/// The machine has AVX2 and FMA.
#[inline(always)]
unsafe fn power256(x: __m256, most: f32) -> [__m256; 3] {
    // SAFETY: passed on to the caller.
    unsafe {
        let x = _mm256_max_ps(_mm256_set1_ps(-126.0), _mm256_min_ps(_mm256_set1_ps(most), x));
        let shifted = _mm256_add_ps(x, _mm256_set1_ps(ROUNDER));
        let r = _mm256_sub_ps(x, _mm256_sub_ps(shifted, _mm256_set1_ps(ROUNDER)));
        // n stands in the lowest bits of `shifted`, and goes into the exponent of 1.
        let one = _mm256_castps_si256(_mm256_set1_ps(1.0));
        let n = _mm256_slli_epi32::<23>(_mm256_castps_si256(shifted));
        let scale = _mm256_castsi256_ps(_mm256_add_epi32(n, one));
        [_mm256_mul_ps(scale, r), polynomial!(GROWTH, r, _mm256_set1_ps _mm256_mul_ps _mm256_fmadd_ps), scale]
    }
}

/// `m` and `m + 2`, as above.
///
/// # Safety
/// The machine has AVX2 and FMA.
#[inline(always)]
unsafe fn growth256(x: __m256) -> [__m256; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let ([part, p, scale], one) = (power256(x, MOST_TANH), _mm256_set1_ps(1.0));
        [_mm256_fmadd_ps(part, p, _mm256_sub_ps(scale, one)), _mm256_fmadd_ps(part, p, _mm256_add_ps(scale, one))]
    }
}

/// `2ˣ` and `1 + 2ˣ`, as above.
///
/// # Safety
/// The machine has AVX2 and FMA.
#[inline(always)]
unsafe fn decay256(x: __m256) -> [__m256; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let [part, p, scale] = power256(x, MOST_SIGMOID);
        let above = _mm256_add_ps(scale, _mm256_set1_ps(1.0));
        [_mm256_fmadd_ps(part, p, scale), _mm256_fmadd_ps(part, p, above)]
    }
}

/// `a / b`, by an approximate reciprocal whose error is taken from the quotient: a division of 16 numbers would take longer.
///
/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
unsafe fn quotient512(a: __m512, b: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let near = _mm512_rcp14_ps(b);
        let quotient = _mm512_mul_ps(a, near);
        _mm512_fmadd_ps(quotient, _mm512_fnmadd_ps(b, near, _mm512_set1_ps(1.0)), quotient)
    }
}

/// `a / b + c`: what is added waits for nothing.
///
/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
unsafe fn added512(a: __m512, b: __m512, c: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let near = _mm512_rcp14_ps(b);
        let off = _mm512_fnmadd_ps(b, near, _mm512_set1_ps(1.0));
        _mm512_fmadd_ps(_mm512_mul_ps(a, near), off, _mm512_fmadd_ps(a, near, c))
    }
}

/// `a / b + c`
///
/// # Safety
/// The machine has AVX.
#[inline(always)]
unsafe fn added256(a: __m256, b: __m256, c: __m256) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe { _mm256_add_ps(_mm256_div_ps(a, b), c) }
}

/// `a / b + c`
///
/// # Safety
/// Every machine has these instructions.
#[inline(always)]
unsafe fn added_of_quarter(a: __m128, b: __m128, c: __m128) -> __m128 {
    // SAFETY: passed on to the caller.
    unsafe { _mm_add_ps(_mm_div_ps(a, b), c) }
}

/// What follows the functions of the gates.
macro_rules! cells {
    ($($register:ty: $lstm:ident $gru:ident, $growth:ident $quotient:ident $added:ident $splat:ident $mul:ident $fma:ident;)*) => {$(
        /// c' = sigmoid(f) c + sigmoid(i) tanh(g) over one denominator, and h = sigmoid(o) tanh(c'), from both growths of g and from the denominators of i, f
        /// and o.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        unsafe fn $lstm([m, above]: [$register; 2], [input, forget, out]: [$register; 3], c: $register) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe {
                let added = $mul(input, above);
                let (top, bottom) = ($fma(c, added, $mul(m, forget)), $mul(added, forget));
                // What tanh gets is a quotient of its own, which waits for no other.
                let [m, above] = $growth($quotient($mul(top, $splat(TANH as f32)), bottom));
                [$quotient(top, bottom), $quotient($mul(m, $quotient($splat(1.0), out)), above)]
            }
        }

        /// h' = (1 - z) n + z h, z = sigmoid(update), n = tanh(new + sigmoid(reset) own), from the denominators of both gates and from `1 - z` as a part of
        /// its own.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        unsafe fn $gru(reset: $register, [away, update]: [$register; 2], [new, own]: [$register; 2], h: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe {
                let z = $quotient($splat(1.0), update);
                let [m, above] = $growth($added(own, reset, new));
                $added($mul(m, $mul(away, z)), above, $mul(z, h))
            }
        }
    )*};
}

cells! {
    __m512: lstm_rest512 gru_rest512, growth512 quotient512 added512 _mm512_set1_ps _mm512_mul_ps _mm512_fmadd_ps;
    __m256: lstm_rest256 gru_rest256, growth256 _mm256_div_ps added256 _mm256_set1_ps _mm256_mul_ps _mm256_fmadd_ps;
    __m256: lstm_rest_of_half gru_rest_of_half, growth_of_half _mm256_div_ps added256 _mm256_set1_ps _mm256_mul_ps _mm256_fmadd_ps;
    __m128: lstm_rest_of_quarter gru_rest_of_quarter, growth_of_quarter _mm_div_ps added_of_quarter _mm_set1_ps _mm_mul_ps _mm_fmadd_ps;
}

/// Each gate in a register of its own.
macro_rules! gates {
    ($($register:ty: $tanh:ident $sigmoid:ident $lstm:ident $gru:ident, $growth:ident $decay:ident $lstm_rest:ident $gru_rest:ident $quotient:ident $splat:ident;)*) => {$(
        /// The hyperbolic tangent of a multiplied number; NaN stays.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $tanh(x: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe {
                let [m, above] = $growth(x);
                $quotient(m, above)
            }
        }

        /// The sigmoid of a multiplied number; NaN stays.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $sigmoid(x: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe { $quotient($splat(1.0), $decay(x)[1]) }
        }

        /// The next cell and hidden numbers.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $lstm([input, forget, new, out]: [$register; 4], c: $register) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe { $lstm_rest($growth(new), [$decay(input)[1], $decay(forget)[1], $decay(out)[1]], c) }
        }

        /// The next hidden numbers.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $gru([reset, update, new, own]: [$register; 4], h: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe { $gru_rest($decay(reset)[1], $decay(update), [new, own], h) }
        }
    )*};
}

gates! {
    __m512: tanh512 sigmoid512 lstm512 gru512, growth512 decay512 lstm_rest512 gru_rest512 quotient512 _mm512_set1_ps;
    __m256: tanh256 sigmoid256 lstm256 gru256, growth256 decay256 lstm_rest256 gru_rest256 _mm256_div_ps _mm256_set1_ps;
}

/// The quarters of a register: all gates of four numbers.
macro_rules! quarters {
    ($x:expr) => {{
        let x = $x;
        [
            _mm512_castps512_ps128(x),
            _mm512_extractf32x4_ps::<1>(x),
            _mm512_extractf32x4_ps::<2>(x),
            _mm512_extractf32x4_ps::<3>(x),
        ]
    }};
}

/// An LSTM's next numbers where all four gates share a register.
///
/// # Safety
/// The machine has AVX-512 F, DQ and VL.
#[inline(always)]
pub(super) unsafe fn lstm_quarters512(sums: __m512, c: __m512) -> [__m512; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let most = _mm512_mask_mov_ps(_mm512_set1_ps(MOST_SIGMOID), 0x0f00, _mm512_set1_ps(MOST_TANH));
        let ([part, p, scale], one) = (power512(sums, most), _mm512_set1_ps(1.0));
        let [input, forget, above, out] = quarters!(_mm512_fmadd_ps(part, p, _mm512_add_ps(scale, one)));
        let m = _mm512_extractf32x4_ps::<2>(_mm512_fmadd_ps(part, p, _mm512_sub_ps(scale, one)));
        lstm_rest_of_quarter([m, above], [input, forget, out], _mm512_castps512_ps128(c))
            .map(|x| _mm512_castps128_ps512(x))
    }
}

/// The same of a GRU.
///
/// # Safety
/// As for the LSTM.
#[inline(always)]
pub(super) unsafe fn gru_quarters512(sums: __m512, h: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let ([away, above], [_, _, new, own]) = (decay512(sums), quarters!(sums));
        let update = [_mm512_extractf32x4_ps::<1>(away), _mm512_extractf32x4_ps::<1>(above)];
        let h = gru_rest_of_quarter(_mm512_castps512_ps128(above), update, [new, own], _mm512_castps512_ps128(h));
        _mm512_castps128_ps512(h)
    }
}

/// An LSTM's next numbers where two gates share a register.
///
/// # Safety
/// As for quarters.
#[inline(always)]
pub(super) unsafe fn lstm_halves512([first, second]: [__m512; 2], c: __m512) -> [__m512; 2] {
    // SAFETY: passed on to the caller.
    unsafe {
        let low = |x| _mm512_castps512_ps256(x);
        let most = _mm512_mask_mov_ps(_mm512_set1_ps(MOST_SIGMOID), 0x00ff, _mm512_set1_ps(MOST_TANH));
        let (sigmoids, one) = (decay512(first)[1], _mm512_set1_ps(1.0));
        let [part, p, scale] = power512(second, most);
        let above = _mm512_fmadd_ps(part, p, _mm512_add_ps(scale, one));
        let m = low(_mm512_fmadd_ps(part, p, _mm512_sub_ps(scale, one)));
        let out = _mm512_extractf32x8_ps::<1>(above);
        let denominators = [low(sigmoids), _mm512_extractf32x8_ps::<1>(sigmoids), out];
        lstm_rest_of_half([m, low(above)], denominators, low(c)).map(|x| _mm512_castps256_ps512(x))
    }
}

/// The same of a GRU.
///
/// # Safety
/// As for quarters.
#[inline(always)]
pub(super) unsafe fn gru_halves512([first, second]: [__m512; 2], h: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let low = |x| _mm512_castps512_ps256(x);
        let [away, above] = decay512(first);
        let update = [_mm512_extractf32x8_ps::<1>(away), _mm512_extractf32x8_ps::<1>(above)];
        let new = [low(second), _mm512_extractf32x8_ps::<1>(second)];
        _mm512_castps256_ps512(gru_rest_of_half(low(above), update, new, low(h)))
    }
}

/// The halves of a register, each in front.
///
/// # Safety
/// The machine has AVX.
#[inline(always)]
unsafe fn halves256(x: __m256) -> [__m256; 2] {
    // SAFETY: passed on to the caller.
    unsafe { [x, _mm256_permute2f128_ps::<0x11>(x, x)] }
}

/// The quarters of a register, each in front.
///
/// # Safety
/// The machine has AVX.
#[inline(always)]
unsafe fn quarters256(x: __m256) -> [__m256; 4] {
    // SAFETY: passed on to the caller.
    unsafe {
        let [low, high] = halves256(x);
        [low, _mm256_permute_ps::<0b11_10>(low), high, _mm256_permute_ps::<0b11_10>(high)]
    }
}

/// The same for AVX2.
macro_rules! together {
    ($($name:ident $gates:ident($sums:ident: $type:ty) -> $result:ty: $each:expr;)*) => {$(
        /// As for AVX-512.
        ///
        /// # Safety
        /// The machine has AVX2 and FMA.
        #[inline(always)]
        pub(super) unsafe fn $name($sums: $type, state: __m256) -> $result {
            // SAFETY: passed on to the caller.
            unsafe { $gates($each, state) }
        }
    )*};
}

together! {
    lstm_quarters256 lstm256(sums: __m256) -> [__m256; 2]: quarters256(sums);
    gru_quarters256 gru256(sums: __m256) -> __m256: quarters256(sums);
    lstm_halves256 lstm256(sums: [__m256; 2]) -> [__m256; 2]: both_halves256(sums);
    gru_halves256 gru256(sums: [__m256; 2]) -> __m256: both_halves256(sums);
}

/// # Safety
/// The machine has AVX.
#[inline(always)]
unsafe fn both_halves256([first, second]: [__m256; 2]) -> [__m256; 4] {
    // SAFETY: passed on to the caller.
    unsafe {
        let ([a, b], [c, d]) = (halves256(first), halves256(second));
        [a, b, c, d]
    }
}
