//! What a recurrent step needs of a register as a whole: sums of many vectors at once, sigmoid and tanh, and the gates of a cell.
//!
//! Both functions come of `exp(x) = 2ⁿ (1 + q)`, `q = exp(r) - 1`, `x = n ln(2) + r`, with [`math`](crate::kernels::math)'s polynomial, but fused and in an
//! order with few operations that wait for each other: a step waits for each of them. tanh(x) = m / (m + 2) with `m = exp(2x) - 1 = 2ⁿ q + (2ⁿ - 1)`, which is
//! exact near 0.

use core::arch::x86_64::*;

use nn_shape::tile::MAX_LANES;

/// 1.5 · 2²³: added to a small number, it leaves the nearest integer in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;

/// Beyond it sigmoid is 0 or 1 to within 3e-13.
const MOST: f32 = 29.0;

macro_rules! functions {
    ($register:ty: $sigmoid:ident $tanh:ident $lstm:ident $gru:ident $power:ident $decay:ident $growth:ident, $splat:ident $min:ident $max:ident $add:ident $sub:ident $mul:ident $fma:ident $negated_fma:ident
     $bits:ident $from_bits:ident $add_bits:ident $shift:ident $quotient:ident) => {
        /// `[q, 2ⁿ]` for numbers from -87 to 87.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        unsafe fn $power(x: $register) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe {
                let shifted = $fma(x, $splat(core::f32::consts::LOG2_E), $splat(ROUNDER));
                let n = $sub(shifted, $splat(ROUNDER));
                let r = $negated_fma(n, $splat(0.693_359_4), x);
                let r = $negated_fma(n, $splat(-2.121_944_4e-4), r);
                let square = $mul(r, r);
                let low = $fma(r, $splat(0.166_666_66), $splat(0.5));
                let middle = $fma(r, $splat(8.333_452e-3), $splat(4.166_579_6e-2));
                let high = $fma(r, $splat(1.987_569_1e-4), $splat(1.398_199_9e-3));
                let p = $fma($fma(high, square, middle), square, low);
                // n stands in the lowest bits of `shifted`, and goes into the exponent of 1.
                let scale = $from_bits($add_bits($shift::<23>($bits(shifted)), $bits($splat(1.0))));
                [$fma(p, square, r), scale]
            }
        }

        /// `exp(-x)` and `1 + exp(-x)`, whose inverse is the sigmoid, for numbers from -`most` to `most`, which takes the place of those beyond; NaN stays.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        unsafe fn $decay(x: $register, most: f32) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe {
                let x = $sub($splat(0.0), x);
                let [q, scale] = $power($max($splat(-most), $min($splat(most), x)));
                [$fma(q, scale, scale), $fma(q, scale, $add(scale, $splat(1.0)))]
            }
        }

        /// `m` and `m + 2`, whose quotient is the hyperbolic tangent; NaN stays.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        unsafe fn $growth(x: $register) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe {
                let x = $max($splat(-10.0), $min($splat(10.0), x));
                let [q, scale] = $power($add(x, x));
                let m = $fma(q, scale, $sub(scale, $splat(1.0)));
                [m, $add(m, $splat(2.0))]
            }
        }

        /// 1 / (1 + exp(-x)); NaN stays.
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $sigmoid(x: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe { $quotient($splat(1.0), $decay(x, 87.0)[1]) }
        }

        /// The hyperbolic tangent; NaN stays.
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

        /// c' = sigmoid(f) c + sigmoid(i) tanh(g) over one denominator, and so h = sigmoid(o) tanh(c'): two divisions in place of five. Denominators
        /// and their products stay far from the largest number, because sigmoids are bounded by [`MOST`].
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $lstm([input, forget, new, out]: [$register; 4], c: $register) -> [$register; 2] {
            // SAFETY: passed on to the caller.
            unsafe {
                let ([m, above], [_, input], [_, forget]) = ($growth(new), $decay(input, MOST), $decay(forget, MOST));
                let added = $mul(input, above);
                let c = $quotient($fma(c, added, $mul(m, forget)), $mul(added, forget));
                let ([m, above], [_, out]) = ($growth(c), $decay(out, MOST));
                [c, $quotient(m, $mul(out, above))]
            }
        }

        /// h' = (1 - z) n + z h over one denominator, n = tanh(new + sigmoid(reset) own), z = sigmoid(update).
        ///
        /// # Safety
        /// The machine has the register's instruction set.
        #[inline(always)]
        pub(super) unsafe fn $gru([reset, update, new, own]: [$register; 4], h: $register) -> $register {
            // SAFETY: passed on to the caller.
            unsafe {
                let [away, update] = $decay(update, MOST);
                let [m, above] = $growth($fma($sigmoid(reset), own, new));
                $quotient($fma(away, m, $mul(h, above)), $mul(update, above))
            }
        }
    };
}

functions!(__m512: sigmoid512 tanh512 lstm512 gru512 power512 decay512 growth512, _mm512_set1_ps _mm512_min_ps _mm512_max_ps _mm512_add_ps _mm512_sub_ps _mm512_mul_ps _mm512_fmadd_ps
    _mm512_fnmadd_ps _mm512_castps_si512 _mm512_castsi512_ps _mm512_add_epi32 _mm512_slli_epi32 quotient512);
functions!(__m256: sigmoid256 tanh256 lstm256 gru256 power256 decay256 growth256, _mm256_set1_ps _mm256_min_ps _mm256_max_ps _mm256_add_ps _mm256_sub_ps _mm256_mul_ps _mm256_fmadd_ps
    _mm256_fnmadd_ps _mm256_castps_si256 _mm256_castsi256_ps _mm256_add_epi32 _mm256_slli_epi32 _mm256_div_ps);

/// A quotient by an approximate reciprocal and a step of Newton's method for it and for the quotient: a division of 16 numbers would take longer.
///
/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
unsafe fn quotient512(a: __m512, b: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        let near = _mm512_rcp14_ps(b);
        let inverse = _mm512_fmadd_ps(near, _mm512_fnmadd_ps(b, near, _mm512_set1_ps(1.0)), near);
        let quotient = _mm512_mul_ps(a, inverse);
        _mm512_fmadd_ps(_mm512_fnmadd_ps(b, quotient, a), inverse, quotient)
    }
}

/// The sums of 16 vectors: neighbours are folded into each other until each has a lane.
///
/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
pub(super) unsafe fn sums512(v: [__m512; MAX_LANES]) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe {
        // Within each quarter the sums of four vectors, side by side.
        let mut quads = [_mm512_setzero_ps(); 4];
        for i in 0..4 {
            let [a, b, c, d] = [v[4 * i], v[4 * i + 1], v[4 * i + 2], v[4 * i + 3]];
            let left = _mm512_castps_pd(_mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b)));
            let right = _mm512_castps_pd(_mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d)));
            let [low, high] = [_mm512_unpacklo_pd(left, right), _mm512_unpackhi_pd(left, right)];
            quads[i] = _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high));
        }
        let left = fold_quarters(quads[0], quads[1]);
        fold_quarters(left, fold_quarters(quads[2], quads[3]))
    }
}

/// Sums of neighbouring quarters: those of the one register, then those of the other.
///
/// # Safety
/// The machine has AVX-512 F.
#[inline(always)]
unsafe fn fold_quarters(a: __m512, b: __m512) -> __m512 {
    // SAFETY: passed on to the caller.
    unsafe { _mm512_add_ps(_mm512_shuffle_f32x4::<0x88>(a, b), _mm512_shuffle_f32x4::<0xdd>(a, b)) }
}

/// The sums of the first 8 vectors.
///
/// # Safety
/// The machine has AVX.
#[inline(always)]
pub(super) unsafe fn sums256(v: [__m256; MAX_LANES]) -> __m256 {
    // SAFETY: passed on to the caller.
    unsafe {
        let left = _mm256_hadd_ps(_mm256_hadd_ps(v[0], v[1]), _mm256_hadd_ps(v[2], v[3]));
        let right = _mm256_hadd_ps(_mm256_hadd_ps(v[4], v[5]), _mm256_hadd_ps(v[6], v[7]));
        _mm256_add_ps(_mm256_permute2f128_ps::<0x20>(left, right), _mm256_permute2f128_ps::<0x31>(left, right))
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use crate::Isa;
    use crate::simd::{Lanes, Vector};

    #[inline(always)]
    unsafe fn both<V: Vector>(x: &[V::Element], sigmoid: &mut [V::Element], tanh: &mut [V::Element]) {
        for at in (0..x.len()).step_by(V::LANES) {
            // SAFETY: the slices hold a multiple of `LANES` numbers; the instruction set is the caller's to vouch for.
            unsafe {
                V::load(x.as_ptr().add(at)).sigmoid().store(sigmoid.as_mut_ptr().add(at));
                V::load(x.as_ptr().add(at)).tanh().store(tanh.as_mut_ptr().add(at));
            }
        }
    }

    /// Units of the last place; none for what is off by no more than 2e-38.
    fn error(found: f32, expected: f64) -> f64 {
        let off = (f64::from(found) - expected).abs();
        let size = (expected.abs() as f32).max(f32::MIN_POSITIVE);
        if off <= 2e-38 { 0.0 } else { off / f64::from(f32::from_bits(size.to_bits() + 1) - size) }
    }

    #[test]
    fn functions_are_exact_to_the_last_places() {
        for isa in Isa::ALL.into_iter().filter(|isa| isa.is_available()) {
            let mut worst = [0.0_f64; 2];
            for high in 0..1_u32 << 16 {
                let x: [f32; 32] = core::array::from_fn(|low| f32::from_bits(high << 16 | (low as u32 * 2113)));
                let (mut sigmoid, mut tanh) = ([0.0; 32], [0.0; 32]);
                // SAFETY: the machine has the set.
                unsafe {
                    match isa {
                        Isa::Avx512 => avx512(&x, &mut sigmoid, &mut tanh),
                        Isa::Avx2 => avx2(&x, &mut sigmoid, &mut tanh),
                        _ => both::<<f32 as Lanes>::Portable>(&x, &mut sigmoid, &mut tanh),
                    }
                }
                for (x, (sigmoid, tanh)) in x.into_iter().zip(sigmoid.into_iter().zip(tanh)) {
                    if x.is_nan() {
                        assert!(sigmoid.is_nan() && tanh.is_nan());
                        continue;
                    }
                    let exact = f64::from(x);
                    worst[0] = worst[0].max(error(sigmoid, 1.0 / (1.0 + (-exact).exp())));
                    worst[1] = worst[1].max(error(tanh, exact.tanh()));
                }
            }
            assert!(worst.iter().all(|worst| *worst < 2.5), "{isa:?}: {worst:?}");
        }
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn avx512(x: &[f32], sigmoid: &mut [f32], tanh: &mut [f32]) {
        // SAFETY: passed on to the caller.
        unsafe { both::<<f32 as Lanes>::Avx512>(x, sigmoid, tanh) }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2(x: &[f32], sigmoid: &mut [f32], tanh: &mut [f32]) {
        // SAFETY: passed on to the caller.
        unsafe { both::<<f32 as Lanes>::Avx2>(x, sigmoid, tanh) }
    }

    /// Steps of an LSTM and of a GRU from numbers of all sizes, next to `f64`.
    #[inline(always)]
    unsafe fn cells<V: Vector<Element = f32>>() {
        let sizes = [0.0, 1e-30, 1e-6, 0.01, 0.6, 1.0, 3.0, 9.9, 28.9, 29.1, 60.0, 1e4, 1e30, f32::INFINITY];
        let pick = |index: usize| if index.is_multiple_of(2) { sizes[index / 2 % 14] } else { -sizes[index / 2 % 14] };
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        for round in 0..28usize.pow(3) {
            // Coprime steps bring all pairs together, and many more.
            let gates: [f32; 4] = core::array::from_fn(|gate| pick(round / [1, 28, 784, 5][gate] + 11 * gate));
            let before = [0.0, -1.5, 1e-3, 12.0, -1e6][round % 5];
            let [i, f, g, o] = gates.map(f64::from);
            let next = sigmoid(f) * f64::from(before) + sigmoid(i) * g.tanh();
            let (mut c, mut h, mut gru) = ([0.0; 16], [0.0; 16], [0.0; 16]);
            // SAFETY: the arrays have room for a vector; the instruction set is the caller's to vouch for.
            unsafe {
                let [new, out] = V::lstm(gates.map(|gate| V::splat(gate)), V::splat(before));
                new.store(c.as_mut_ptr());
                out.store(h.as_mut_ptr());
                let own = [0.0, 0.5, -2.0][round % 3];
                V::gru([gates[0], gates[1], gates[2], own].map(|gate| V::splat(gate)), V::splat(before))
                    .store(gru.as_mut_ptr());
                let new = (g + sigmoid(i) * f64::from(own)).tanh();
                let exact = (1.0 - sigmoid(f)) * new + sigmoid(f) * f64::from(before);
                // What is added in front of tanh may cancel.
                let room = 2e-6 * (new.abs() + f64::from(before).abs()) + 4e-7;
                assert!((f64::from(gru[0]) - exact).abs() <= room, "{gates:?} {before}: {}, not {exact}", gru[0]);
            }
            let room = 2e-6 * (f64::from(before).abs() * sigmoid(f) + sigmoid(i) * g.tanh().abs());
            let most = 3e-13 * (f64::from(before).abs() + 1.0);
            assert!((f64::from(c[0]) - next).abs() <= room + most, "{gates:?} {before}: {}, not {next}", c[0]);
            let exact = sigmoid(o) * f64::from(c[0]).tanh();
            assert!((f64::from(h[0]) - exact).abs() <= 2e-6 * exact.abs() + 3e-13, "{gates:?}: {}, not {exact}", h[0]);
        }
        // SAFETY: as above.
        unsafe {
            let mut c = [0.0; 16];
            V::lstm([V::splat(0.0), V::splat(f32::NAN), V::splat(0.0), V::splat(0.0)], V::splat(1.0))[0]
                .store(c.as_mut_ptr());
            assert!(c[0].is_nan());
        }
    }

    #[test]
    fn gates_are_exact_to_the_last_places() {
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
        unsafe fn avx512() {
            // SAFETY: passed on to the caller.
            unsafe { cells::<<f32 as Lanes>::Avx512>() }
        }
        #[target_feature(enable = "avx2,fma")]
        unsafe fn avx2() {
            // SAFETY: passed on to the caller.
            unsafe { cells::<<f32 as Lanes>::Avx2>() }
        }
        // SAFETY: the machine has the set, where it is asked for.
        unsafe {
            cells::<<f32 as Lanes>::Portable>();
            if Isa::Avx2.is_available() {
                avx2();
            }
            if Isa::Avx512.is_available() {
                avx512();
            }
        }
    }

    #[test]
    fn sums_of_vectors() {
        #[inline(always)]
        unsafe fn sums<V: Vector<Element = f32>>() {
            let numbers: [[f32; 16]; 16] =
                core::array::from_fn(|i| core::array::from_fn(|k| ((i * 17 + k * k) as f32).sin()));
            let mut found = [0.0; 16];
            // SAFETY: all arrays hold as many numbers as a vector; the instruction set is the caller's to vouch for.
            unsafe {
                let mut vectors = [V::splat(0.0); 16];
                for i in 0..16 {
                    vectors[i] = V::load(numbers[i].as_ptr());
                }
                V::sums(vectors).store(found.as_mut_ptr());
            }
            for i in 0..V::LANES {
                // SAFETY: as above.
                assert_eq!(found[i], unsafe { V::load(numbers[i].as_ptr()).sum() });
                assert!((found[i] - numbers[i][..V::LANES].iter().sum::<f32>()).abs() < 1e-5);
            }
        }
        #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
        unsafe fn avx512() {
            // SAFETY: passed on to the caller.
            unsafe { sums::<<f32 as Lanes>::Avx512>() }
        }
        #[target_feature(enable = "avx2,fma")]
        unsafe fn avx2() {
            // SAFETY: passed on to the caller.
            unsafe { sums::<<f32 as Lanes>::Avx2>() }
        }
        // SAFETY: the machine has the set, where it is asked for.
        unsafe {
            sums::<<f32 as Lanes>::Portable>();
            if Isa::Avx2.is_available() {
                avx2();
            }
            if Isa::Avx512.is_available() {
                avx512();
            }
        }
    }
}
