//! The numbers that a network may be made of: `f32` and `f64`.

use core::fmt::{Debug, Display};
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::Holds;
use crate::frozen::{Specialize, StepKernels};
use crate::kernels::{Kernels, math};

/// Arithmetic of `f32` and `f64`, with the functions that `core` lacks: the same bits with and without `std`, and on every instruction set.
///
/// `f32` has exp, log, tanh and erf of its own, which loops turn into vectors, with errors of at most 2.4 units of the last place; the rest is
/// `libm`'s.
pub trait Float:
    bytemuck::Pod
    + PartialOrd
    + Default
    + Debug
    + Display
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
{
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// The difference between 1 and the next larger number.
    const EPSILON: Self;
    /// The smallest positive number that is not subnormal.
    const MIN_POSITIVE: Self;
    /// The smallest value, below every finite number.
    const NEG_INFINITY: Self;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// The same number as `f64`.
    fn to_f64(self) -> f64;
    /// A count.
    #[inline(always)]
    fn from_usize(value: usize) -> Self {
        Self::from_f64(value as f64)
    }
    /// e to the power `self`.
    fn exp(self) -> Self;
    /// exp(self) - 1, exact near 0.
    fn exp_m1(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + self), exact near 0.
    fn ln_1p(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// The square root.
    fn sqrt(self) -> Self;
    /// The sine of an angle in radians.
    fn sin(self) -> Self;
    /// The cosine of an angle in radians.
    fn cos(self) -> Self;
    /// `self` to the power `exponent`.
    fn powf(self, exponent: Self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The larger of two numbers; NaN if one is NaN, as in PyTorch.
    #[inline(always)]
    fn maximum(self, other: Self) -> Self {
        if self > other || self.is_nan() { self } else { other }
    }
    /// The smaller of two numbers; NaN if one is NaN, as in PyTorch.
    #[inline(always)]
    fn minimum(self, other: Self) -> Self {
        if self < other || self.is_nan() { self } else { other }
    }
    /// True for NaN.
    fn is_nan(self) -> bool;
}

macro_rules! float {
    ($type:ident, $exp:path, $expm1:path, $log:path, $log1p:path, $tanh:path, $erf:path, $sqrt:path, $pow:path, $sin:path, $cos:path) => {
        impl Float for $type {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const EPSILON: Self = $type::EPSILON;
            const MIN_POSITIVE: Self = $type::MIN_POSITIVE;
            const NEG_INFINITY: Self = $type::NEG_INFINITY;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $type
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                $exp(self)
            }
            #[inline(always)]
            fn exp_m1(self) -> Self {
                $expm1(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                $log(self)
            }
            #[inline(always)]
            fn ln_1p(self) -> Self {
                $log1p(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                $tanh(self)
            }
            #[inline(always)]
            fn erf(self) -> Self {
                $erf(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                // Every square root is the nearest number, so that these are the same; but the compiler knows its own as one instruction.
                #[cfg(feature = "std")]
                let root = $type::sqrt(self);
                #[cfg(not(feature = "std"))]
                let root = $sqrt(self);
                root
            }
            #[inline(always)]
            fn powf(self, exponent: Self) -> Self {
                $pow(self, exponent)
            }
            #[inline(always)]
            fn sin(self) -> Self {
                $sin(self)
            }
            #[inline(always)]
            fn cos(self) -> Self {
                $cos(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $type::abs(self)
            }
            #[inline(always)]
            fn is_nan(self) -> bool {
                $type::is_nan(self)
            }
        }
    };
}

float!(
    f32,
    math::exp,
    math::exp_m1,
    math::ln,
    math::ln_1p,
    math::tanh,
    math::erf,
    libm::sqrtf,
    libm::powf,
    libm::sinf,
    libm::cosf
);
float!(
    f64,
    libm::exp,
    libm::expm1,
    libm::log,
    libm::log1p,
    libm::tanh,
    libm::erf,
    libm::sqrt,
    libm::pow,
    libm::sin,
    libm::cos
);

/// The element type of a network: [`f32`] or [`f64`]. The kernels behind it are compiled once, in this crate.
pub trait Element: Float + Kernels + StepKernels + Holds<Self> + Specialize {}

impl Element for f32 {}
impl Element for f64 {}
