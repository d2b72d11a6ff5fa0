//! The p-norm of a vector, and its slope, in `f64`: PyTorch's `linalg.vector_norm`, at its corners too.

use crate::Float;

/// ‖x‖ = (Σ |x|ᵖ)^(1/p); for p = 0 how many are not 0, for ±∞ the largest or smallest |x|.
pub(super) fn norm(p: f64, x: impl Iterator<Item = f64>) -> f64 {
    if p == 0.0 {
        x.filter(|x| *x != 0.0).count() as f64
    } else if p == 1.0 {
        x.map(f64::abs).sum()
    } else if p == 2.0 {
        Float::sqrt(x.map(|x| x * x).sum::<f64>())
    } else if p == f64::INFINITY {
        x.map(f64::abs).fold(0.0, |most, x| if x > most || x.is_nan() { x } else { most })
    } else if p == f64::NEG_INFINITY {
        x.map(f64::abs).fold(f64::INFINITY, |least, x| if x < least || x.is_nan() { x } else { least })
    } else {
        libm::pow(x.map(|x| libm::pow(x.abs(), p)).sum(), 1.0 / p)
    }
}

/// ∂‖x‖ / ∂x.
#[derive(Clone, Copy)]
pub(super) struct Slope {
    p: f64,
    norm: f64,
    /// For p = ±∞: how many share the largest or smallest |x|, and so the slope.
    ties: f64,
}

impl Slope {
    pub(super) fn new(p: f64, norm: f64, x: impl Iterator<Item = f64>) -> Slope {
        let ties = if p.is_infinite() { x.filter(|x| x.abs() == norm).count() as f64 } else { 1.0 };
        Slope { p, norm, ties }
    }

    /// sgn(x) · (|x| / ‖x‖)^(p - 1); 0 where the norm has a kink.
    #[inline(always)]
    pub(super) fn at(self, x: f64) -> f64 {
        let Slope { p, norm, ties } = self;
        let sign = if x > 0.0 { 1.0 } else { -1.0 };
        if x == 0.0 || p == 0.0 {
            0.0
        } else if p == 1.0 {
            sign
        } else if p == 2.0 {
            x / norm
        } else if p.is_infinite() {
            if x.abs() == norm { sign / ties } else { 0.0 }
        } else {
            sign * libm::pow(x.abs() / norm, p - 1.0)
        }
    }
}
