//! Sums of many vectors at once, and the tests of [`x86_gates`](super::x86_gates).

use core::arch::x86_64::*;

use nn_shape::tile::MAX_LANES;

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
    unsafe fn each<V: Vector<Element = f32>>(x: &[f32], tanh: &mut [f32]) -> f64 {
        for at in (0..x.len()).step_by(V::LANES) {
            // SAFETY: the slices hold a multiple of `LANES` numbers; the instruction set is the caller's to vouch for.
            unsafe {
                V::load(x.as_ptr().add(at)).tanh().store(tanh.as_mut_ptr().add(at));
            }
        }
        V::SCALES[1]
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
            let mut worst = 0.0_f64;
            for high in 0..1_u32 << 16 {
                let x: [f32; 32] = core::array::from_fn(|low| f32::from_bits(high << 16 | (low as u32 * 2113)));
                let mut tanh = [0.0; 32];
                // SAFETY: the machine has the set.
                let scale = unsafe {
                    match isa {
                        Isa::Avx512 => avx512(&x, &mut tanh),
                        Isa::Avx2 => avx2(&x, &mut tanh),
                        _ => each::<<f32 as Lanes>::Portable>(&x, &mut tanh),
                    }
                };
                for (x, tanh) in x.into_iter().zip(tanh) {
                    if x.is_nan() {
                        assert!(tanh.is_nan());
                        continue;
                    }
                    worst = worst.max(error(tanh, (f64::from(x) / scale).tanh()));
                }
            }
            assert!(worst < 3.5, "{isa:?}: {worst:?}");
        }
    }

    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn avx512(x: &[f32], tanh: &mut [f32]) -> f64 {
        // SAFETY: passed on to the caller.
        unsafe { each::<<f32 as Lanes>::Avx512>(x, tanh) }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn avx2(x: &[f32], tanh: &mut [f32]) -> f64 {
        // SAFETY: passed on to the caller.
        unsafe { each::<<f32 as Lanes>::Avx2>(x, tanh) }
    }

    /// Gates that share vectors give what they give in vectors of their own, to within the rounding of quotients and polynomials.
    #[inline(always)]
    unsafe fn shared<V: Vector<Element = f32>>([lstm, gru]: [[f32; 4]; 2], before: f32, expected: [f32; 3]) {
        if !V::SHARES {
            return;
        }
        let scales = [[0, 0, 1, 0], [0, 0, 1, 1]];
        for vectors in [1, 2] {
            let share = V::LANES * vectors / 4;
            let mut found = [[0.0_f32; 16]; 3];
            // SAFETY: the arrays have room for two vectors; the instruction set is the caller's to vouch for.
            unsafe {
                let sums = [lstm, gru].map(|gates| core::array::from_fn::<f32, 32, _>(|lane| gates[lane / share % 4]));
                let mut scaled = [[V::splat(0.0); 2]; 2];
                for (cell, scaled) in scaled.iter_mut().enumerate() {
                    for (vector, scaled) in scaled.iter_mut().enumerate().take(vectors) {
                        let lane = |lane: usize| (vector * V::LANES + lane) / share;
                        let factors: [f32; 16] =
                            core::array::from_fn(|at| V::SCALES[scales[cell][lane(at % V::LANES) % 4]] as f32);
                        let sums = V::load(sums[cell].as_ptr().add(vector * V::LANES));
                        *scaled = sums.mul(V::load(factors.as_ptr()));
                    }
                }
                let before = V::splat(before);
                let ([c, h], next) = if vectors == 1 {
                    (V::lstm_shared([scaled[0][0]], before), V::gru_shared([scaled[1][0]], before))
                } else {
                    (V::lstm_shared(scaled[0], before), V::gru_shared(scaled[1], before))
                };
                for (vector, to) in [c, h, next].into_iter().zip(&mut found) {
                    vector.store(to.as_mut_ptr());
                }
            }
            for (found, expected) in found.iter().zip(expected) {
                for found in &found[..share] {
                    let near = (found - expected).abs() <= 1e-6 * expected.abs().max(before.abs()) + 4e-7;
                    assert!(near || found == &expected, "{lstm:?} {before}: {found}, not {expected}");
                }
            }
        }
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
                let own = [0.0, 0.5, -2.0][round % 3];
                let scaled = |x: f32, of: usize| V::splat(x).mul(V::splat(V::SCALES[of] as f32));
                let sums = [scaled(gates[0], 0), scaled(gates[1], 0), scaled(gates[2], 1), scaled(gates[3], 0)];
                let [new, out] = V::lstm(sums, V::splat(before));
                new.store(c.as_mut_ptr());
                out.store(h.as_mut_ptr());
                V::gru([sums[0], sums[1], sums[2], scaled(own, 1)], V::splat(before)).store(gru.as_mut_ptr());
                shared::<V>([gates, [gates[0], gates[1], gates[2], own]], before, [c[0], h[0], gru[0]]);
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
